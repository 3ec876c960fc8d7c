import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import { layoutsOf, postgresFacts } from './facts.ts';
import { migrate } from './migrate.ts';

onEachDatabase('facts', (test) => {
  test('an empty database has no layouts, and looking makes none', async ({ open }) => {
    const database = await open();
    assert.deepEqual(await layoutsOf(database), new Map());
    await migrate(database, 'test', [['CREATE TABLE a (b {text})'], ['CREATE TABLE c (b {text})']]);
    assert.deepEqual(await layoutsOf(database), new Map([['test', 2]]));
  });

  test('what PostgreSQL is set to is told, with its clock', async ({ open }) => {
    const database = await open();
    const facts = await postgresFacts(database);
    if (database.dialect === 'sqlite') return assert.equal(facts, undefined);
    assert.ok(facts !== undefined && facts.major >= 15);
    assert.equal(facts.encoding, 'UTF8');
    assert.ok(Math.abs(facts.clock - Date.now()) < 60_000);
    assert.ok(facts.maxConnections > 10);
  });
});
