import type { Generated, Kysely } from 'kysely';
import { type Database, migrate, type Step } from '../database/index.ts';

/** Something that became public. */
export interface Notice {
  /** In the order in which they came; a follower goes on after the last that it had. */
  readonly number: number;
  readonly kind: string;
  /** RFC 3339. */
  readonly at: string;
  /** JSON: nothing that is not public. */
  readonly data: string;
}

/** Someone who is told of notices by a request to an address. */
export interface Webhook {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  /** Kinds of notices, JSON. */
  readonly kinds: string;
  /** Signing keys, the present one first, sealed by whoever keeps them here. */
  readonly secrets: string;
  readonly state: 'on' | 'off';
  /** Deliveries in a row that nobody took. */
  readonly failures: number;
  readonly at: string;
}

interface NoticeTables {
  readonly notices: Omit<Notice, 'number'> & { readonly number: Generated<number> };
  readonly webhooks: Webhook;
}

const STEPS: readonly Step[] = [
  [
    `CREATE TABLE notices (
       number {counter}, kind {text} NOT NULL, at {text} NOT NULL, data {text} NOT NULL) {strict}`,
    `CREATE TABLE webhooks (
       id {text} PRIMARY KEY, owner {text} NOT NULL, url {text} NOT NULL, kinds {text} NOT NULL,
       secrets {text} NOT NULL, state {text} NOT NULL, failures {integer} NOT NULL,
       at {text} NOT NULL) {strict}`,
    'CREATE INDEX webhooks_by_owner ON webhooks (owner, id)',
  ],
];

/** What became public, and who wants to hear of it. */
export class Notices {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<Notices> {
    await migrate(database, 'notices', STEPS);
    return new Notices(database);
  }

  async add(notice: Omit<Notice, 'number'>): Promise<number> {
    const { number } = await this.#tables
      .insertInto('notices')
      .values(notice)
      .returning('number')
      .executeTakeFirstOrThrow();
    return number;
  }

  async after(number: number, limit: number): Promise<readonly Notice[]> {
    return this.#tables
      .selectFrom('notices')
      .selectAll()
      .where('number', '>', number)
      .orderBy('number')
      .limit(limit)
      .execute();
  }

  async read(number: number): Promise<Notice | undefined> {
    const query = this.#tables.selectFrom('notices').selectAll().where('number', '=', number);
    return query.executeTakeFirst();
  }

  /** Number of the newest; 0 when there is none. */
  async last(): Promise<number> {
    const row = await this.#tables
      .selectFrom('notices')
      .select(({ fn }) => fn.max('number').as('last'))
      .executeTakeFirst();
    return Number(row?.last ?? 0);
  }

  async addWebhook(webhook: Webhook): Promise<void> {
    await this.#tables.insertInto('webhooks').values(webhook).execute();
  }

  async webhook(id: string): Promise<Webhook | undefined> {
    return this.#tables.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async webhooksOf(owner: string | undefined): Promise<readonly Webhook[]> {
    const query = this.#tables.selectFrom('webhooks').selectAll().orderBy('id').limit(1_000);
    return owner === undefined ? query.execute() : query.where('owner', '=', owner).execute();
  }

  async changeWebhook(
    id: string,
    values: Partial<Pick<Webhook, 'secrets' | 'state' | 'failures'>>,
  ): Promise<void> {
    await this.#tables.updateTable('webhooks').set(values).where('id', '=', id).execute();
  }

  async removeWebhook(id: string): Promise<void> {
    await this.#tables.deleteFrom('webhooks').where('id', '=', id).execute();
  }

  get #tables(): Kysely<NoticeTables> {
    return this.#database.tables<NoticeTables>();
  }
}
