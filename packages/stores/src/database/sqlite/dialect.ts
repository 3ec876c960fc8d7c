import {
  CompiledQuery,
  type DatabaseConnection,
  DeleteQueryNode,
  type Dialect,
  type Driver,
  InsertQueryNode,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
  UpdateQueryNode,
} from 'kysely';
import { type SqliteFile, SqliteHandle } from './file.ts';
import { whenFree } from './turns.ts';

/**
 * kysely on `node:sqlite`. Its own SQLite dialect has one connection that
 * everyone waits for, and begins transactions as readers, which then fail when
 * another process writes meanwhile. Here reads go beside the writer, and a
 * transaction is the writer from its beginning.
 */
export function sqliteDialect(file: SqliteFile): Dialect {
  return {
    createDriver: () => new SqliteDriver(file),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new ManyConnections(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
}

class ManyConnections extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#file);
  }

  beginTransaction(
    connection: SqliteConnection,
    { accessMode }: TransactionSettings,
  ): Promise<void> {
    return accessMode === 'read only' ? connection.beginReading() : connection.beginWriting();
  }

  commitTransaction(connection: SqliteConnection): Promise<void> {
    return connection.end('COMMIT');
  }

  rollbackTransaction(connection: SqliteConnection): Promise<void> {
    return connection.end('ROLLBACK');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#file.close();
  }
}

/** What may share a transaction; a text of the caller's own may be anything. */
function isWrite({ query }: CompiledQuery): boolean {
  return InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query);
}

/** One statement, or one transaction. */
class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile;
  /** The handle that a transaction is open on. */
  #open: SqliteHandle | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#open !== undefined) return this.#open.run(query);
    const { reader, writer, turns, group } = this.#file;
    if (isWrite(query)) return group.write<Row>(query);
    if (SelectQueryNode.is(query.query)) return whenFree(() => reader.run<Row>(query));
    await turns.take();
    try {
      return await whenFree(() => writer.run<Row>(query));
    } finally {
      turns.pass();
    }
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  async beginWriting(): Promise<void> {
    const { writer, turns } = this.#file;
    await turns.take();
    try {
      await whenFree(() => writer.exec('BEGIN IMMEDIATE'));
    } catch (error) {
      turns.pass();
      throw error;
    }
    this.#open = writer;
  }

  /** A connection of its own: other reads must not be held at this moment too. */
  async beginReading(): Promise<void> {
    const handle = new SqliteHandle(this.#file.path, { isReadOnly: true });
    handle.exec('BEGIN');
    // The moment is that of the first read.
    await whenFree(() => handle.run(CompiledQuery.raw('SELECT 1 FROM sqlite_schema LIMIT 1')));
    this.#open = handle;
  }

  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const handle = this.#open;
    if (handle === undefined) return;
    // kysely rolls back after a commit that failed, so the turn is passed only once.
    if (how === 'COMMIT') await whenFree(() => handle.exec('COMMIT'));
    else handle.rollback();
    this.#open = undefined;
    if (handle === this.#file.writer) this.#file.turns.pass();
    else handle.close();
  }
}
