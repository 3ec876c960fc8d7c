import { DatabaseSync } from 'node:sqlite';
import { Turns, whenFree } from '../database/sqlite/turns.ts';

/**
 * One at a time, over all processes, by SQLite's lock on an empty file (see
 * decision 0061): the system drops it with the process.
 */
export class FolderLock {
  readonly #path: string;
  readonly #turns = new Turns();
  #database: DatabaseSync | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Refuses `database.busy` when another has it for 10 seconds. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    await this.#turns.take();
    try {
      this.#database ??= new DatabaseSync(this.#path, { timeout: 0 });
      const database = this.#database;
      await whenFree(() => database.exec('BEGIN EXCLUSIVE'));
      try {
        return await work();
      } finally {
        database.exec('ROLLBACK');
      }
    } finally {
      this.#turns.pass();
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}
