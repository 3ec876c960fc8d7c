import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Layouts of the concerns that a database has, as `migrate` left them; none in an empty one. Only reads. */
export async function layoutsOf(database: Database): Promise<ReadonlyMap<string, number>> {
  const tables = database.tables<{ layouts: { concern: string; layout: number } }>();
  const { rows: found } =
    database.dialect === 'sqlite'
      ? await sql`SELECT 1 FROM sqlite_master WHERE name = 'layouts'`.execute(tables)
      : await sql`SELECT 1 WHERE to_regclass('layouts') IS NOT NULL`.execute(tables);
  if (found.length === 0) return new Map();
  const rows = await tables.selectFrom('layouts').selectAll().orderBy('concern').execute();
  return new Map(rows.map(({ concern, layout }) => [concern, layout]));
}

/** What an administrator may have set wrong in PostgreSQL; texts as its settings have them. */
export interface PostgresFacts {
  readonly major: number;
  readonly encoding: string;
  /** `off`: a crash of the machine loses what was acknowledged. */
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly maxConnections: number;
  /** Its clock, in milliseconds since 1970. */
  readonly clock: number;
}

/** Undefined on SQLite, where nothing can be set. */
export async function postgresFacts(database: Database): Promise<PostgresFacts | undefined> {
  if (database.dialect === 'sqlite') return undefined;
  const { rows } = await sql<Record<string, string>>`
    SELECT current_setting('server_version_num') AS version,
      current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit,
      current_setting('max_connections') AS connections,
      (extract(epoch FROM clock_timestamp()) * 1000)::text AS clock`.execute(database.tables());
  const row = rows[0]!;
  return {
    major: Math.floor(Number(row['version']) / 10_000),
    encoding: row['encoding']!,
    fsync: row['fsync']!,
    synchronousCommit: row['commit']!,
    maxConnections: Number(row['connections']),
    clock: Number(row['clock']),
  };
}
