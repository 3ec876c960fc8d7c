import type { CompiledQuery, QueryResult } from 'kysely';
import type { SqliteHandle } from './file.ts';
import { type Turns, whenFree } from './turns.ts';

/** Statements committed together; each of them waits for all. */
const MAX_GROUP = 64;

interface Waiting {
  readonly query: CompiledQuery;
  resolve(result: QueryResult<unknown>): void;
  reject(error: unknown): void;
}

/**
 * Single writes that wait at the same time share a transaction, and so one sync
 * of the disk. Each is told when it is durable; one that fails is undone by
 * itself, as SQLite does with a statement (ON CONFLICT ABORT), and the others
 * stand.
 */
export class WriteGroup {
  readonly #writer: SqliteHandle;
  readonly #turns: Turns;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(writer: SqliteHandle, turns: Turns) {
    this.#writer = writer;
    this.#turns = turns;
  }

  write<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return new Promise<QueryResult<unknown>>((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    }) as Promise<QueryResult<Row>>;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      // Those who were told of the last commit, and write again, come along.
      await new Promise((resolve) => setImmediate(resolve));
      let group: Waiting[] = [];
      try {
        await this.#turns.take();
        try {
          await whenFree(() => this.#writer.exec('BEGIN IMMEDIATE'));
          group = this.#waiting.splice(0, MAX_GROUP);
          this.#writeGroup(group);
        } finally {
          this.#writer.rollback();
          this.#turns.pass();
        }
      } catch (error) {
        for (const { reject } of group.length > 0 ? group : this.#waiting.splice(0)) reject(error);
      }
    }
    this.#isWriting = false;
  }

  #writeGroup(group: readonly Waiting[]): void {
    const done: (() => void)[] = [];
    for (const { query, resolve, reject } of group) {
      try {
        const result = this.#writer.run(query);
        done.push(() => resolve(result));
      } catch (error) {
        // A full disk ends the whole transaction: the others are undone too.
        if (!this.#writer.isInTransaction) throw error;
        done.push(() => reject(error));
      }
    }
    this.#writer.exec('COMMIT');
    for (const tell of done) tell();
  }
}
