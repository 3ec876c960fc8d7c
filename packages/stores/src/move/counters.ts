import { type Kysely, sql } from 'kysely';
import type { DialectName } from '../database/index.ts';

/** The highest number that each counting table ever gave, though its row be gone. */
export type Counters = ReadonlyMap<string, number>;

interface Identity {
  readonly name: string;
  readonly column: string;
}

export async function countersOf(tables: Kysely<unknown>, dialect: DialectName): Promise<Counters> {
  if (dialect === 'sqlite') {
    const { rows } = await sql<{ name: string; seq: number }>`
      SELECT name, seq FROM sqlite_sequence`.execute(tables);
    return new Map(rows.map(({ name, seq }) => [name, seq]));
  }
  const counters = new Map<string, number>();
  for (const { name, column } of await identities(tables)) {
    const { rows } = await sql<{ last: number | null }>`
      SELECT pg_sequence_last_value(pg_get_serial_sequence(${name}, ${column})::regclass) AS last`.execute(
      tables,
    );
    const last = rows[0]?.last ?? 0;
    if (last > 0) counters.set(name, last);
  }
  return counters;
}

/** Numbers go on behind those: what was given once is not given again. */
export async function setCounters(
  tables: Kysely<unknown>,
  dialect: DialectName,
  counters: Counters,
): Promise<void> {
  if (dialect === 'sqlite') {
    for (const [name, last] of counters) {
      await sql`DELETE FROM sqlite_sequence WHERE name = ${name}`.execute(tables);
      await sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${name}, ${last})`.execute(tables);
    }
    return;
  }
  for (const { name, column } of await identities(tables)) {
    const last = counters.get(name);
    if (last === undefined) continue;
    await sql`SELECT setval(pg_get_serial_sequence(${name}, ${column}), ${last})`.execute(tables);
  }
}

async function identities(tables: Kysely<unknown>): Promise<readonly Identity[]> {
  const { rows } = await sql<Identity>`
    SELECT table_name AS name, column_name AS column FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES'`.execute(tables);
  return rows;
}
