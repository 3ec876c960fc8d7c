import assert from 'node:assert/strict';
import { onPostgres } from '../contract/each-database.ts';
import { migrate } from './migrate.ts';

interface Tables {
  acknowledged: { lane: number; number: number };
}

const LANES = 6;
const RESTARTS = ['fast', 'immediate', 'fast', 'immediate'] as const;

onPostgres('a database under load', (test, server) => {
  test('restarted, it has every acknowledged write, and all go on by themselves', async ({
    open,
  }) => {
    const database = await open();
    const table = 'CREATE TABLE acknowledged (lane {integer} NOT NULL, number {integer} NOT NULL)';
    await migrate(database, 'test', [[table]]);
    const tables = database.tables<Tables>();
    const acknowledged = new Set<string>();
    const unknown = new Set<string>();
    const errors = new Map<string, number>();
    let isEnding = false;
    let reads = 0;
    const told = (error: unknown) => {
      const { code = '', message } = error as Error & { code?: string };
      errors.set(code || message, (errors.get(code || message) ?? 0) + 1);
    };
    const write = async (lane: number) => {
      for (let number = 0; !isEnding; number++) {
        const row = { lane, number };
        const insert = (to: typeof tables) => to.insertInto('acknowledged').values(row).execute();
        try {
          // Half by themselves, half in a transaction.
          if (number % 2 === 0) await insert(tables);
          else await database.transaction<Tables, unknown>((own) => insert(own));
          acknowledged.add(`${lane} ${number}`);
        } catch (error) {
          told(error);
          unknown.add(`${lane} ${number}`);
        }
      }
    };
    const read = async () => {
      while (!isEnding) {
        await tables.selectFrom('acknowledged').select('number').limit(1).execute();
        reads++;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const working = Promise.all([
      ...Array.from({ length: LANES }, (_, lane) => write(lane)),
      read(),
    ]);
    for (const how of RESTARTS) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await server().restart(how);
    }
    const before = acknowledged.size;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    isEnding = true;
    await working;
    assert.ok(acknowledged.size > before, 'writes go on after the last restart');
    assert.ok(reads > 10);
    const rows = await tables.selectFrom('acknowledged').selectAll().execute();
    const kept = new Map<string, number>();
    for (const { lane, number } of rows) {
      kept.set(`${lane} ${number}`, (kept.get(`${lane} ${number}`) ?? 0) + 1);
    }
    for (const one of acknowledged) assert.equal(kept.get(one), 1, `${one} is there once`);
    for (const one of kept.keys()) assert.ok(acknowledged.has(one) || unknown.has(one), one);
    // Nothing but that the outcome of a write is not known.
    assert.deepEqual(
      [...errors.keys()].filter((code) => code !== 'database.lost'),
      [],
    );
    console.log(
      `${RESTARTS.length} restarts: ${acknowledged.size} acknowledged, none lost, ${unknown.size} unknown`,
    );
  });
});
