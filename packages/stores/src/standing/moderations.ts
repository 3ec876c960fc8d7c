import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { StandingTables } from './schema.ts';

export interface Moderation {
  readonly number: number;
  /** A statement of a case or a message of a claim, by its number. */
  readonly what: number;
  readonly is_hidden: number;
  readonly reason: string;
  readonly by_name: string;
  readonly at: string;
}

/** What staff hid of a discussion and showed again. Words stay where they are: only whether they are shown changes. */
export class Moderations {
  readonly #database: Database;

  /** The tables are those of `Standing`. */
  constructor(database: Database) {
    this.#database = database;
  }

  async add(subject: string, moderation: Omit<Moderation, 'number'>): Promise<void> {
    await this.#tables
      .insertInto('moderations')
      .values({ subject, ...moderation })
      .execute();
  }

  /** All that was done, in order. */
  async of(subject: string): Promise<readonly Moderation[]> {
    return this.#tables
      .selectFrom('moderations')
      .select(['number', 'what', 'is_hidden', 'reason', 'by_name', 'at'])
      .where('subject', '=', subject)
      .orderBy('number')
      .execute();
  }

  /** What is hidden now, by its number: the last word counts. */
  async hidden(subject: string): Promise<ReadonlyMap<number, Moderation>> {
    const all = await this.of(subject);
    const last = new Map(all.map((one) => [one.what, one]));
    return new Map([...last].filter(([, { is_hidden }]) => is_hidden === 1));
  }

  get #tables(): Kysely<StandingTables> {
    return this.#database.tables<StandingTables>();
  }
}
