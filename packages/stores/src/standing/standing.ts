import type { Kysely } from 'kysely';
import { type Database, migrate, type Page, readPage } from '../database/index.ts';
import { STANDING_STEPS, type StandingAs, type StandingTables } from './schema.ts';

export interface Standers {
  readonly isPublic: boolean;
  readonly owners: readonly string[];
  readonly parties: readonly string[];
}

export interface MessageRow {
  readonly number: number;
  readonly by_name: string;
  readonly is_staff: number;
  readonly text: string;
  readonly at: string;
}

/** Who stands to claims and cases how: the docket itself knows names and no accounts. */
export class Standing {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<Standing> {
    await migrate(database, 'standing', STANDING_STEPS);
    return new Standing(database);
  }

  async add(subject: string, as: StandingAs, account = ''): Promise<void> {
    const [kind, number] = subject.split('-');
    await this.#tables
      .insertInto('standing')
      .values({
        subject,
        kind: kind as 'claim',
        number: Number(number),
        account,
        stands_as: as,
      })
      .onConflict((conflict) => conflict.columns(['subject', 'account', 'stands_as']).doNothing())
      .execute();
  }

  async of(subjects: readonly string[]): Promise<Standers> {
    const rows = await this.#tables
      .selectFrom('standing')
      .select(['account', 'stands_as'])
      .where('subject', 'in', subjects.length === 0 ? [''] : [...subjects])
      .execute();
    const as = (wanted: StandingAs) =>
      rows.filter(({ stands_as }) => stands_as === wanted).map(({ account }) => account);
    return { isPublic: as('public').length > 0, owners: as('owner'), parties: as('party') };
  }

  /** Claims and cases that an account has to do with, and how. */
  async ofAccount(
    account: string,
  ): Promise<readonly { readonly subject: string; readonly stands_as: StandingAs }[]> {
    const rows = this.#tables.selectFrom('standing').select(['subject', 'stands_as']);
    return rows.where('account', '=', account).orderBy('kind').orderBy('number').execute();
  }

  /** The maker of a case's product was told of it; another than before, where that is known now. */
  async setMaker(subject: string, maker: string | null): Promise<void> {
    await this.#tables
      .deleteFrom('standing')
      .where('subject', '=', subject)
      .where('stands_as', '=', 'maker')
      .execute();
    if (maker !== null) await this.add(subject, 'maker', `maker:${maker}`);
  }

  /**
   * Subjects that someone may see, the newest first: their own, those that they
   * are part of, of the makers that they are of, and what is public.
   */
  async seenBy(
    kind: 'claim' | 'case',
    account: string | undefined,
    makers: readonly string[],
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<Page<{ readonly subject: string; readonly number: number }>> {
    const own = account === undefined || account === '' ? [] : [account];
    const accounts = ['', ...own, ...makers.map((maker) => `maker:${maker}`)];
    const query = this.#tables
      .selectFrom('standing')
      .select(['subject', 'number'])
      .distinct()
      .where('kind', '=', kind)
      .where('account', 'in', accounts);
    const keys = [{ name: 'number', type: 'integer' as const }];
    return readPage(query, { keys, direction: 'desc', after, limit });
  }

  async addReceipt(hash: string, subject: string, created: number): Promise<void> {
    await this.#tables.insertInto('receipts').values({ hash, subject, created }).execute();
  }

  async subjectOf(hash: string): Promise<string | undefined> {
    const row = await this.#tables
      .selectFrom('receipts')
      .select('subject')
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row?.subject;
  }

  /** False when that work was handed in before. Those that nobody can hand in again are forgotten. */
  async takeWork(challenge: string, now: number, forgetBefore: number): Promise<boolean> {
    await this.#tables.deleteFrom('works').where('used', '<', forgetBefore).execute();
    const { numInsertedOrUpdatedRows } = await this.#tables
      .insertInto('works')
      .values({ challenge, used: now })
      .onConflict((conflict) => conflict.column('challenge').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async addMessage(message: Omit<MessageRow, 'number'> & { readonly subject: string }) {
    await this.#tables.insertInto('messages').values(message).execute();
  }

  async hasMessage(subject: string, number: number): Promise<boolean> {
    const row = await this.#tables
      .selectFrom('messages')
      .select('number')
      .where('number', '=', number)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row !== undefined;
  }

  async messages(
    subject: string,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<Page<MessageRow>> {
    const query = this.#tables
      .selectFrom('messages')
      .select(['number', 'by_name', 'is_staff', 'text', 'at'])
      .where('subject', '=', subject);
    return readPage(query, { keys: [{ name: 'number', type: 'integer' }], after, limit });
  }

  get #tables(): Kysely<StandingTables> {
    return this.#database.tables<StandingTables>();
  }
}
