import { type Generated, type Kysely, sql } from 'kysely';
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

/** A notice that is told. */
export interface NewNotice extends Omit<Notice, 'number'> {
  /** What it is of: of one key there is one notice, however often it is told. */
  readonly key: string;
  /** What it is found by: `product:12`, `host:example.org`. */
  readonly tags: readonly string[];
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
  readonly notices: Omit<Notice, 'number'> & {
    readonly number: Generated<number>;
    readonly key: string | null;
  };
  readonly notice_tags: { readonly tag: string; readonly notice: number };
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
  [
    'ALTER TABLE notices ADD COLUMN key {text}',
    'CREATE UNIQUE INDEX notices_by_key ON notices (key)',
    `CREATE TABLE notice_tags (
       tag {text} NOT NULL, notice {integer} NOT NULL, PRIMARY KEY (tag, notice)) {strict}`,
  ],
];

/** Rows that are put at once. */
const CHUNK = 500;

/** Columns of a notice as others see it. */
const SHOWN = ['number', 'kind', 'at', 'data'] as const;

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

  /** Gives its number; of a key that was told before, that of the notice that is there. */
  async add({ kind, at, data, key, tags }: NewNotice): Promise<number> {
    return this.#database.transaction<NoticeTables, number>(async (tables) => {
      const made = await tables
        .insertInto('notices')
        .values({ kind, at, data, key })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('number')
        .executeTakeFirst();
      if (made === undefined) {
        const there = tables.selectFrom('notices').select('number').where('key', '=', key);
        return (await there.executeTakeFirstOrThrow()).number;
      }
      const rows = [...new Set(tags)].map((tag) => ({ tag, notice: made.number }));
      for (let from = 0; from < rows.length; from += CHUNK) {
        await tables
          .insertInto('notice_tags')
          .values(rows.slice(from, from + CHUNK))
          .execute();
      }
      return made.number;
    });
  }

  async after(number: number, limit: number): Promise<readonly Notice[]> {
    return this.#tables
      .selectFrom('notices')
      .select(SHOWN)
      .where('number', '>', number)
      .orderBy('number')
      .limit(limit)
      .execute();
  }

  async read(number: number): Promise<Notice | undefined> {
    const query = this.#tables.selectFrom('notices').select(SHOWN).where('number', '=', number);
    return query.executeTakeFirst();
  }

  /** The newest of some kinds that have all of these tags, the newest first. */
  async newest(
    kinds: readonly string[],
    tags: readonly string[],
    limit: number,
  ): Promise<readonly Notice[]> {
    let query = this.#tables
      .selectFrom('notices')
      .select(SHOWN)
      .where('kind', 'in', [...kinds]);
    for (const tag of tags) {
      query = query.where(
        sql<boolean>`number IN (SELECT notice FROM notice_tags WHERE tag = ${tag})`,
      );
    }
    return query.orderBy('number', 'desc').limit(limit).execute();
  }

  /** Which of these tags each of these notices has. */
  async tagged(
    notices: readonly number[],
    tags: readonly string[],
  ): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
    if (notices.length === 0 || tags.length === 0) return new Map();
    const rows = await this.#tables
      .selectFrom('notice_tags')
      .selectAll()
      .where('tag', 'in', [...tags])
      .where('notice', 'in', [...notices])
      .execute();
    const grouped = Map.groupBy(rows, ({ notice }) => notice);
    return new Map(
      [...grouped].map(([notice, all]) => [notice, new Set(all.map((one) => one.tag))]),
    );
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

  async webhooksOf(owner: string): Promise<readonly Webhook[]> {
    const all = this.#tables.selectFrom('webhooks').selectAll().where('owner', '=', owner);
    return all.orderBy('id').execute();
  }

  /** Those that are told of anything, by id. */
  async webhooksOn(after: string, limit: number): Promise<readonly Webhook[]> {
    const on = this.#tables.selectFrom('webhooks').selectAll().where('state', '=', 'on');
    return on.where('id', '>', after).orderBy('id').limit(limit).execute();
  }

  async changeWebhook(
    id: string,
    values: Partial<Pick<Webhook, 'secrets' | 'state' | 'failures'>>,
  ): Promise<void> {
    await this.#tables.updateTable('webhooks').set(values).where('id', '=', id).execute();
  }

  async removeWebhooksOf(owner: string): Promise<void> {
    await this.#tables.deleteFrom('webhooks').where('owner', '=', owner).execute();
  }

  async removeWebhook(id: string): Promise<void> {
    await this.#tables.deleteFrom('webhooks').where('id', '=', id).execute();
  }

  get #tables(): Kysely<NoticeTables> {
    return this.#database.tables<NoticeTables>();
  }
}
