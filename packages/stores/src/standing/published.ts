import type { Kysely } from 'kysely';
import type { Database } from '../database/index.ts';
import type { StandingTables } from './schema.ts';

export interface Logged {
  readonly revision: number;
  /** JSON: decimal texts. */
  readonly entries: string;
  readonly at: string;
}

/** What was done with advisories beside the docket: their signatures, and their entries in the log. */
export class Published {
  readonly #database: Database;

  /** The tables are those of `Standing`. */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Noted before, it stays as it is. */
  async addLogged(subject: string, logged: Logged): Promise<void> {
    await this.#tables
      .insertInto('logged')
      .values({ subject, ...logged })
      .onConflict((conflict) => conflict.columns(['subject', 'revision']).doNothing())
      .execute();
  }

  async loggedOf(subject: string): Promise<readonly Logged[]> {
    return this.#tables
      .selectFrom('logged')
      .select(['revision', 'entries', 'at'])
      .where('subject', '=', subject)
      .orderBy('revision')
      .execute();
  }

  async addSignature(digest: string, text: string): Promise<void> {
    await this.#tables
      .insertInto('signatures')
      .values({ digest, text })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
  }

  async signatureOf(digest: string): Promise<string | undefined> {
    const row = await this.#tables
      .selectFrom('signatures')
      .select('text')
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row?.text;
  }

  get #tables(): Kysely<StandingTables> {
    return this.#database.tables<StandingTables>();
  }
}
