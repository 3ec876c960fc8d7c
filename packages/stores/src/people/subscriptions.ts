import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { Subscription } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** What accounts want to hear of; goes with the account. */
export class Subscriptions {
  readonly #database: Database;

  /** The tables are those of `People`. */
  constructor(database: Database) {
    this.#database = database;
  }

  async add(subscription: Subscription): Promise<void> {
    await this.#tables.insertInto('subscriptions').values(subscription).execute();
  }

  async read(id: string): Promise<Subscription | undefined> {
    const all = this.#tables.selectFrom('subscriptions').selectAll();
    return all.where('id', '=', id).executeTakeFirst();
  }

  /** The oldest first. */
  async of(account: string): Promise<readonly Subscription[]> {
    const all = this.#tables.selectFrom('subscriptions').selectAll();
    return all.where('account', '=', account).orderBy('created').orderBy('id').execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('subscriptions').where('id', '=', id).execute();
  }

  /** Of any of these webhooks. */
  async ofWebhooks(webhooks: readonly string[]): Promise<readonly Subscription[]> {
    if (webhooks.length === 0) return [];
    const all = this.#tables.selectFrom('subscriptions').selectAll();
    return all.where('webhook', 'in', [...webhooks]).execute();
  }

  /** A webhook that is no more is told nothing: what was for it alone goes with it. */
  async removeWebhook(webhook: string): Promise<void> {
    await this.#database.transaction<PeopleTables, void>(async (tables) => {
      await tables
        .deleteFrom('subscriptions')
        .where('webhook', '=', webhook)
        .where('is_mailed', '=', 0)
        .execute();
      await tables
        .updateTable('subscriptions')
        .set({ webhook: null })
        .where('webhook', '=', webhook)
        .execute();
    });
  }

  get #tables(): Kysely<PeopleTables> {
    return this.#database.tables<PeopleTables>();
  }
}
