import { Refused } from '@avow/bytes';
import type { Kysely, QueryExecutorProvider, Transaction } from 'kysely';

/** The engines that rows may lie in. */
export type DialectName = 'sqlite' | 'postgres';

export interface TransactionOptions {
  /**
   * Only reads, all of the same moment, and never waits for a writer.
   */
  readonly isReadOnly?: boolean;
  /**
   * PostgreSQL only, for work that takes its own lock first; SQLite has one
   * writer and is always serializable. Default `serializable`.
   */
  readonly isolation?: 'serializable' | 'read committed';
}

/**
 * Where the rows are. What a port keeps in it is the same for both engines:
 * texts compare by their UTF-8 bytes, whole numbers up to 2^53 are `number`,
 * bytes are `Uint8Array`, and booleans are written as 1 and 0.
 *
 * A write is durable once it returns. Refuses
 * - `database.text` for a text with U+0000, which PostgreSQL cannot keep;
 * - `database.busy` when another writer has not let go for 10 seconds;
 * - `database.unreachable` when no connection came about for 30 seconds: nothing was written;
 * - `database.lost` when the connection broke at a write: it may be written or not;
 * - `storage.full` when the disk is full: nothing of the transaction was written.
 */
export interface Database {
  readonly dialect: DialectName;
  /** The tables as the caller knows them; each statement is its own transaction. */
  tables<Tables>(): Kysely<Tables>;
  /**
   * All of it or nothing. `work` may run more than once, when two transactions
   * met or the connection broke before the end: it has no effect but in `tables`,
   * and it uses nothing but `tables` for the database (its own writer would wait
   * for itself). A statement that fails ends it, though `work` catches the error.
   */
  transaction<Tables, Result>(
    work: (tables: Transaction<Tables>) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /**
   * Calls `wake` soon after a `notify` of the channel, by whatever process. Only
   * a hint, which may come for nothing or be missed: whoever listens also looks
   * from time to time. Gives what stops it.
   */
  listen(channel: string, wake: () => void): () => void;
  /**
   * With a transaction's tables it is told once that is committed. On SQLite
   * every commit is told, on all channels, and this does nothing.
   */
  notify(channel: string, tables?: QueryExecutorProvider): Promise<void>;
  /** Name and version of the engine, asked now. */
  health(): Promise<string>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections to PostgreSQL at once. Default 10. */
  readonly maxConnections?: number;
  /** How long one statement may take on PostgreSQL. Default 30,000. */
  readonly statementMs?: number;
  /** Bounds a SQLite file, in pages of 4 KiB. */
  readonly maxPages?: number;
}

/**
 * Opens `sqlite:/path/file.db` (made when it is not there) or `postgres://…`.
 * Nothing is sent to PostgreSQL before the first statement.
 *
 * Refuses `database.url` for any other address.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
    const { openSqlite } = await import('./sqlite/open.ts');
    return openSqlite(url.slice('sqlite:'.length), options);
  }
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./postgres/open.ts');
    return openPostgres(url, options);
  }
  // The address may carry a password: only what stands before the first colon is told.
  const scheme = /^[a-z+]{1,20}:/i.exec(url)?.[0] ?? 'no scheme';
  throw new Refused(
    'database.url',
    undefined,
    `an address is sqlite:/path/file.db or postgres://…, this one begins with ${scheme}`,
  );
}
