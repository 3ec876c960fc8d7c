import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { Subscription } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** Who has digests sent by mail, at most one subscription of an account; goes with its account. */
export class Subscriptions {
  readonly #database: Database;

  /** The tables are those of `People`. */
  constructor(database: Database) {
    this.#database = database;
  }

  async of(account: string): Promise<Subscription | undefined> {
    const all = this.#tables.selectFrom('subscriptions').selectAll();
    return all.where('account', '=', account).executeTakeFirst();
  }

  async put(row: Subscription): Promise<void> {
    await this.#tables
      .insertInto('subscriptions')
      .values(row)
      .onConflict((conflict) => conflict.column('account').doUpdateSet(row))
      .execute();
  }

  /** False when it was asked anew since, confirmed before, or ended. */
  async confirm(account: string, made: number, due: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('subscriptions')
      .set({ state: 'on', due })
      .where('account', '=', account)
      .where('made', '=', made)
      .where('state', '=', 'asked')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** The digest that was due is told up to `last`; nothing happens when that was noted before. */
  async told(
    { account, due }: Pick<Subscription, 'account' | 'due'>,
    last: number,
    next: number,
  ): Promise<void> {
    await this.#tables
      .updateTable('subscriptions')
      .set({ last, due: next })
      .where('account', '=', account)
      .where('due', '=', due)
      .execute();
  }

  async end(account: string): Promise<void> {
    await this.#tables.deleteFrom('subscriptions').where('account', '=', account).execute();
  }

  /** Those whose digest is due, the longest waiting first. */
  async due(now: number, limit: number): Promise<readonly Subscription[]> {
    return this.#tables
      .selectFrom('subscriptions')
      .selectAll()
      .where('state', '=', 'on')
      .where('due', '<=', now)
      .orderBy('due')
      .limit(limit)
      .execute();
  }

  get #tables(): Kysely<PeopleTables> {
    return this.#database.tables<PeopleTables>();
  }
}
