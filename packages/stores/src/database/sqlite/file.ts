import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Refused } from '@avow/bytes';
import type { CompiledQuery, QueryResult } from 'kysely';
import { boundValues } from '../value.ts';
import { WriteGroup } from './group.ts';
import { Turns } from './turns.ts';

/** Acknowledged means on the disk: WAL with a sync at each commit. */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 0;
`;

/** Statements kept prepared; a server has some hundreds. */
const MAX_STATEMENTS = 512;

const SQLITE_FULL = 13;

/** One connection to a SQLite file. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, { isReadOnly = false, maxPages = 0 } = {}) {
    this.#database = new DatabaseSync(path, { readOnly: isReadOnly, timeout: 0 });
    if (!isReadOnly) this.#database.exec(SETTINGS);
    if (maxPages > 0) this.#database.exec(`PRAGMA max_page_count = ${maxPages}`);
  }

  exec(sql: string): void {
    this.#told(() => this.#database.exec(sql));
  }

  run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const values = boundValues(parameters) as SQLInputValue[];
    return this.#told(() => {
      const statement = this.#prepared(sql);
      // Rows of node:sqlite have no prototype; those of pg do.
      if (statement.columns().length > 0) {
        return { rows: statement.all(...values).map((row) => ({ ...row })) as Row[] };
      }
      const { changes, lastInsertRowid } = statement.run(...values);
      return {
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      };
    });
  }

  /** Another number after each commit of another connection. */
  version(): number {
    return Number(this.#prepared('PRAGMA data_version').get()!['data_version']);
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  rollback(): void {
    // A full disk or a failed sync has rolled back by itself.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_FULL) throw error;
      throw new Refused('storage.full', undefined, 'there is no room for the database to grow');
    }
  }
}

/** A SQLite file: one writer, and a reader that never waits for it. */
export class SqliteFile {
  readonly path: string;
  readonly writer: SqliteHandle;
  readonly reader: SqliteHandle;
  readonly turns = new Turns();
  /** Writes that are no part of a transaction. */
  readonly group: WriteGroup;
  #isClosed = false;

  constructor(path: string, maxPages: number | undefined) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.writer = new SqliteHandle(path, { maxPages: maxPages ?? 0 });
    this.reader = new SqliteHandle(path, { isReadOnly: true });
    this.group = new WriteGroup(this.writer, this.turns);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.reader.close();
    this.writer.close();
  }
}
