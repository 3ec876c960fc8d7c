import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { Draft } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** Claims that are written and not handed in; theirs who write them, and gone with the account. */
export class Drafts {
  readonly #database: Database;

  /** The tables are those of `People`. */
  constructor(database: Database) {
    this.#database = database;
  }

  async add(draft: Draft): Promise<void> {
    await this.#tables.insertInto('drafts').values(draft).execute();
  }

  async read(id: string): Promise<Draft | undefined> {
    return this.#tables.selectFrom('drafts').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The one that was last written to first. */
  async of(account: string): Promise<readonly Draft[]> {
    const all = this.#tables.selectFrom('drafts').selectAll().where('account', '=', account);
    return all.orderBy('changed', 'desc').orderBy('id').execute();
  }

  /** False when it is gone, or was changed since `seen`. */
  async change(id: string, text: string, now: number, seen: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('drafts')
      .set({ text, changed: now })
      .where('id', '=', id)
      .where('changed', '=', seen)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('drafts').where('id', '=', id).execute();
  }

  /** Drops what nobody wrote to since. */
  async forget(before: number): Promise<void> {
    await this.#tables.deleteFrom('drafts').where('changed', '<', before).execute();
  }

  get #tables(): Kysely<PeopleTables> {
    return this.#database.tables<PeopleTables>();
  }
}
