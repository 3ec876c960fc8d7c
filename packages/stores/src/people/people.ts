import type { Kysely, Selectable, Transaction } from 'kysely';
import { type Database, migrate } from '../database/index.ts';
import { PEOPLE_STEPS, type PeopleTables } from './schema.ts';

export type Account = Selectable<PeopleTables['accounts']>;
export type Passkey = Selectable<PeopleTables['passkeys']>;
export type Session = Selectable<PeopleTables['sessions']>;
export type ApiToken = Selectable<PeopleTables['api_tokens']>;
export type GrantRow = Selectable<PeopleTables['grants']>;
export type Invitation = Selectable<PeopleTables['invitations']>;
export type Challenge = Selectable<PeopleTables['challenges']>;
export type Mailbox = Selectable<PeopleTables['mailboxes']>;
export type Subscription = Selectable<PeopleTables['subscriptions']>;
export type Draft = Selectable<PeopleTables['drafts']>;

export type NewAccount = Pick<
  Account,
  'id' | 'name' | 'name_key' | 'email' | 'password' | 'created'
>;

/** All that is kept about one person: what they get when they ask for it. */
export interface PersonalData {
  readonly account: Account;
  readonly passkeys: readonly Passkey[];
  readonly sessions: readonly Session[];
  readonly tokens: readonly ApiToken[];
  readonly grants: readonly GrantRow[];
  readonly mailboxes: readonly Mailbox[];
  readonly subscriptions: readonly Subscription[];
  readonly drafts: readonly Draft[];
}

/** Rows about one account, in every table that has some. */
const OF_ACCOUNT = [
  'passkeys',
  'sessions',
  'api_tokens',
  'grants',
  'outside_names',
  'challenges',
  'recovery_codes',
  'mailboxes',
  'subscriptions',
  'drafts',
] as const;

/**
 * Keeps people: accounts and how they prove who they are. Secrets come as
 * digests; nothing here can sign anybody in. A write is durable once it returns.
 */
export class People {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<People> {
    await migrate(database, 'people', PEOPLE_STEPS);
    return new People(database);
  }

  /** False when the name is taken. */
  async addAccount(account: NewAccount): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#tables
      .insertInto('accounts')
      .values({ ...account, totp: null, totp_step: 0, failures: 0, locked_until: 0 })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async account(id: string): Promise<Account | undefined> {
    return this.#tables.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async accountNamed(key: string): Promise<Account | undefined> {
    const accounts = this.#tables.selectFrom('accounts').selectAll();
    return accounts.where('name_key', '=', key).executeTakeFirst();
  }

  async change(
    id: string,
    values: Partial<Pick<Account, 'email' | 'password' | 'totp' | 'failures' | 'locked_until'>>,
  ): Promise<void> {
    await this.#tables.updateTable('accounts').set(values).where('id', '=', id).execute();
  }

  /** Counts a sign-in that failed; gives how many have, in a row. */
  async countFailure(id: string): Promise<number> {
    const row = await this.#tables
      .updateTable('accounts')
      .set((of) => ({ failures: of('failures', '+', 1) }))
      .where('id', '=', id)
      .returning('failures')
      .executeTakeFirst();
    return row?.failures ?? 0;
  }

  /** False when a code of this step of time, or a later one, was used before. */
  async useStep(id: string, step: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('accounts')
      .set({ totp_step: step })
      .where('id', '=', id)
      .where('totp_step', '<', step)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** Removes a person and all that is kept about them; claims stay, under their pseudonym's stub. */
  async removeAccount(id: string): Promise<void> {
    await this.#change(async (tables) => {
      for (const table of OF_ACCOUNT) {
        await tables.deleteFrom(table).where('account', '=', id).execute();
      }
      await tables.deleteFrom('accounts').where('id', '=', id).execute();
    });
  }

  async personalData(id: string): Promise<PersonalData | undefined> {
    const account = await this.account(id);
    if (account === undefined) return undefined;
    const [passkeys, sessions, tokens, grants, mailboxes, subscriptions, drafts] =
      await Promise.all([
        this.passkeys(id),
        this.sessions(id),
        this.tokens(id),
        this.grants(id),
        this.#tables.selectFrom('mailboxes').selectAll().where('account', '=', id).execute(),
        this.#tables.selectFrom('subscriptions').selectAll().where('account', '=', id).execute(),
        this.#tables.selectFrom('drafts').selectAll().where('account', '=', id).execute(),
      ]);
    return { account, passkeys, sessions, tokens, grants, mailboxes, subscriptions, drafts };
  }

  // Sessions

  async addSession(session: Session): Promise<void> {
    await this.#tables.insertInto('sessions').values(session).execute();
  }

  async session(digest: string, now: number): Promise<Session | undefined> {
    return this.#tables
      .selectFrom('sessions')
      .selectAll()
      .where('digest', '=', digest)
      .where('expires', '>', now)
      .executeTakeFirst();
  }

  async sessions(account: string): Promise<readonly Session[]> {
    return this.#tables
      .selectFrom('sessions')
      .selectAll()
      .where('account', '=', account)
      .orderBy('created', 'desc')
      .execute();
  }

  async touchSession(
    digest: string,
    values: Partial<Pick<Session, 'seen' | 'expires' | 'proved'>>,
  ): Promise<void> {
    await this.#tables.updateTable('sessions').set(values).where('digest', '=', digest).execute();
  }

  /** Ends one session of an account, or all but one. Gives how many. */
  async endSessions(
    account: string,
    which: { id: string } | { butDigest: string },
  ): Promise<number> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('sessions')
      .where('account', '=', account)
      .where((of) =>
        'id' in which ? of('id', '=', which.id) : of('digest', '!=', which.butDigest),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  // Passkeys

  async addPasskey(passkey: Passkey): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#tables
      .insertInto('passkeys')
      .values(passkey)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async passkey(id: string): Promise<Passkey | undefined> {
    return this.#tables.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async passkeys(account: string): Promise<readonly Passkey[]> {
    return this.#tables
      .selectFrom('passkeys')
      .selectAll()
      .where('account', '=', account)
      .orderBy('created')
      .execute();
  }

  async usePasskey(id: string, counter: number, used: number): Promise<void> {
    await this.#tables
      .updateTable('passkeys')
      .set({ counter, used })
      .where('id', '=', id)
      .execute();
  }

  async removePasskey(account: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('passkeys')
      .where('account', '=', account)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  // API tokens

  async addToken(token: ApiToken): Promise<void> {
    await this.#tables.insertInto('api_tokens').values(token).execute();
  }

  async token(digest: string, now: number): Promise<ApiToken | undefined> {
    return this.#tables
      .selectFrom('api_tokens')
      .selectAll()
      .where('digest', '=', digest)
      .where('expires', '>', now)
      .executeTakeFirst();
  }

  async tokens(account: string): Promise<readonly ApiToken[]> {
    return this.#tables
      .selectFrom('api_tokens')
      .selectAll()
      .where('account', '=', account)
      .orderBy('created')
      .execute();
  }

  async useToken(id: string, used: number): Promise<void> {
    await this.#tables.updateTable('api_tokens').set({ used }).where('id', '=', id).execute();
  }

  async removeToken(account: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('api_tokens')
      .where('account', '=', account)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  // Roles

  async grants(account: string): Promise<readonly GrantRow[]> {
    return this.#tables
      .selectFrom('grants')
      .selectAll()
      .where('account', '=', account)
      .orderBy('role')
      .orderBy('maker')
      .execute();
  }

  async grant(row: GrantRow): Promise<void> {
    await this.#tables
      .insertInto('grants')
      .values(row)
      .onConflict((conflict) => conflict.columns(['account', 'role', 'maker']).doNothing())
      .execute();
  }

  async revoke({
    account,
    role,
    maker,
  }: Pick<GrantRow, 'account' | 'role' | 'maker'>): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('grants')
      .where('account', '=', account)
      .where('role', '=', role)
      .where('maker', '=', maker)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async invite(invitation: Invitation): Promise<void> {
    await this.#tables.insertInto('invitations').values(invitation).execute();
  }

  /** Gives the role of an invitation to an account, once. Undefined: there is none, or not any more. */
  async accept(digest: string, account: string, now: number): Promise<Invitation | undefined> {
    return this.#change(async (tables) => {
      const used = await tables
        .updateTable('invitations')
        .set({ used_by: account })
        .where('digest', '=', digest)
        .where('used_by', 'is', null)
        .where('expires', '>', now)
        .returningAll()
        .executeTakeFirst();
      if (used === undefined) return undefined;
      const { role, maker, given_by } = used;
      await tables
        .insertInto('grants')
        .values({ account, role, maker, given_by, created: now })
        .onConflict((conflict) => conflict.columns(['account', 'role', 'maker']).doNothing())
        .execute();
      return used;
    });
  }

  // Names at other services (OIDC)

  async accountOutside(issuer: string, subject: string): Promise<string | undefined> {
    const row = await this.#tables
      .selectFrom('outside_names')
      .select('account')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.account;
  }

  async addOutside(issuer: string, subject: string, account: string): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#tables
      .insertInto('outside_names')
      .values({ issuer, subject, account })
      .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  // Challenges: each is answered once

  async addChallenge(challenge: Challenge): Promise<void> {
    await this.#tables.insertInto('challenges').values(challenge).execute();
  }

  async takeChallenge(digest: string, kind: string, now: number): Promise<Challenge | undefined> {
    return this.#tables
      .deleteFrom('challenges')
      .where('digest', '=', digest)
      .where('kind', '=', kind)
      .where('expires', '>', now)
      .returningAll()
      .executeTakeFirst();
  }

  // Recovery codes: each is used once

  async setRecoveryCodes(account: string, digests: readonly string[]): Promise<void> {
    await this.#change(async (tables) => {
      await tables.deleteFrom('recovery_codes').where('account', '=', account).execute();
      if (digests.length === 0) return;
      const rows = digests.map((digest) => ({ digest, account }));
      await tables.insertInto('recovery_codes').values(rows).execute();
    });
  }

  async useRecoveryCode(account: string, digest: string): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('recovery_codes')
      .where('account', '=', account)
      .where('digest', '=', digest)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  /** Clears away what has run out. */
  async forget(now: number): Promise<void> {
    await this.#tables.deleteFrom('sessions').where('expires', '<=', now).execute();
    await this.#tables.deleteFrom('challenges').where('expires', '<=', now).execute();
    await this.#tables.deleteFrom('api_tokens').where('expires', '<=', now).execute();
    await this.#tables.deleteFrom('invitations').where('expires', '<=', now).execute();
  }

  #change<Result>(work: (tables: Transaction<PeopleTables>) => Promise<Result>): Promise<Result> {
    return this.#database.transaction<PeopleTables, Result>(work);
  }

  get #tables(): Kysely<PeopleTables> {
    return this.#database.tables<PeopleTables>();
  }
}
