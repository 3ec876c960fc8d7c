import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { Mailbox } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** Addresses that digests are sent to, at most one of an account; goes with its account. */
export class Mailboxes {
  readonly #database: Database;

  /** The tables are those of `People`. */
  constructor(database: Database) {
    this.#database = database;
  }

  async of(account: string): Promise<Mailbox | undefined> {
    const all = this.#tables.selectFrom('mailboxes').selectAll();
    return all.where('account', '=', account).executeTakeFirst();
  }

  async put(row: Mailbox): Promise<void> {
    await this.#tables
      .insertInto('mailboxes')
      .values(row)
      .onConflict((conflict) => conflict.column('account').doUpdateSet(row))
      .execute();
  }

  /** False when it was asked anew since, confirmed before, or ended. */
  async confirm(account: string, made: number, due: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('mailboxes')
      .set({ state: 'on', due })
      .where('account', '=', account)
      .where('made', '=', made)
      .where('state', '=', 'asked')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** The digest that was due is told up to `last`; nothing happens when that was noted before. */
  async told(
    { account, due }: Pick<Mailbox, 'account' | 'due'>,
    last: number,
    next: number,
  ): Promise<void> {
    await this.#tables
      .updateTable('mailboxes')
      .set({ last, due: next })
      .where('account', '=', account)
      .where('due', '=', due)
      .execute();
  }

  /** No more mail: subscriptions stay, for their webhooks and feeds. */
  async end(account: string): Promise<void> {
    await this.#database.transaction<PeopleTables, void>(async (tables) => {
      await tables.deleteFrom('mailboxes').where('account', '=', account).execute();
      await tables
        .updateTable('subscriptions')
        .set({ is_mailed: 0 })
        .where('account', '=', account)
        .execute();
    });
  }

  /** Those whose digest is due, the longest waiting first. */
  async due(now: number, limit: number): Promise<readonly Mailbox[]> {
    return this.#tables
      .selectFrom('mailboxes')
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
