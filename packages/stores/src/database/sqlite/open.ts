import { Kysely, sql, type Transaction } from 'kysely';
import type { Database, DatabaseOptions, TransactionOptions } from '../database.ts';
import { sqliteDialect } from './dialect.ts';
import { SqliteFile } from './file.ts';
import { Watch } from './watch.ts';

/** One file for one machine: WAL, synced at each commit. */
export function openSqlite(path: string, { maxPages }: DatabaseOptions): Database {
  const file = new SqliteFile(path, maxPages);
  const watch = new Watch(() => file.reader.version());
  const kysely = new Kysely<unknown>({ dialect: sqliteDialect(file) });
  return {
    dialect: 'sqlite',
    tables: <Tables>() => kysely as Kysely<Tables>,
    transaction: <Tables, Result>(
      work: (tables: Transaction<Tables>) => Promise<Result>,
      { isReadOnly = false }: TransactionOptions = {},
    ) =>
      kysely
        .transaction()
        .setAccessMode(isReadOnly ? 'read only' : 'read write')
        .execute((tables) => work(tables as unknown as Transaction<Tables>)),
    listen: (_, wake) => watch.listen(wake),
    notify: async () => {},
    health: async () => {
      const version = sql<string>`sqlite_version()`.as('version');
      return `SQLite ${(await kysely.selectNoFrom(version).executeTakeFirstOrThrow()).version}`;
    },
    close: async () => {
      watch.stop();
      await kysely.destroy();
      file.close();
    },
  };
}
