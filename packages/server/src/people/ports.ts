import { Refused } from '@avow/bytes';
import type { Account, People, Session } from '@avow/stores/people';
import type { Call } from '../app/call.ts';
import { Reply } from '../app/call.ts';
import type { account as accountSchema } from '../contract/people.ts';
import { grantsOf } from './identity.ts';
import type { Sessions } from './sessions.ts';

/** What the routes of people need. */
export interface PeoplePorts {
  readonly people: People;
  readonly sessions: Sessions;
  /** Where browsers reach the service: passkeys are bound to it. */
  readonly url: string;
  /** What a passkey shows as the service's name. */
  readonly title: string;
  readonly now: () => number;
}

export type AccountView = import('zod').z.output<typeof accountSchema>;

/** An account as its owner sees it. */
export async function viewOf(
  { people, sessions }: PeoplePorts,
  account: Account,
  session: Session | undefined,
): Promise<AccountView> {
  const [grants, passkeys] = await Promise.all([
    people.grants(account.id),
    people.passkeys(account.id),
  ]);
  return {
    id: account.id,
    name: account.name,
    ...(account.email === null ? {} : { email: account.email }),
    grants: grantsOf(grants),
    hasPassword: account.password !== null,
    hasSecondFactor: account.totp !== null || passkeys.length > 0,
    isProved: session !== undefined && sessions.isProved(session),
    at: new Date(account.created).toISOString(),
  };
}

/** Signs in: a new session, its cookie, and the account. */
export async function signedIn(
  ports: PeoplePorts,
  account: Account,
  isProved: boolean,
  request: Request,
): Promise<Reply<AccountView>> {
  const cookie = await ports.sessions.begin(account.id, isProved, request);
  const view = { ...(await viewOf(ports, account, undefined)), isProved };
  return new Reply(view, { 'set-cookie': cookie });
}

/** The caller's own session and account; a token speaks for its account, and is no person. */
export async function ownOf(
  { people, sessions }: PeoplePorts,
  { request, identity }: Pick<Call<unknown>, 'request' | 'identity'>,
): Promise<{ readonly account: Account; readonly session: Session }> {
  const session = identity.kind === 'account' ? await sessions.of(request) : undefined;
  const account = session && (await people.account(session.account));
  if (session === undefined || account === undefined) {
    throw new Refused('access.sign-in', undefined, 'this is for a person who is signed in');
  }
  return { account, session };
}

/**
 * The same, of someone who has just shown who they are: for whatever changes how
 * they sign in. Who has a second factor shows it too: with a stolen password
 * nobody adds a key of their own (OWASP ASVS 5.0, 6.4.3).
 */
export async function freshOf(
  ports: PeoplePorts,
  call: Pick<Call<unknown>, 'request' | 'identity'>,
): Promise<{ readonly account: Account; readonly session: Session }> {
  const own = await ownOf(ports, call);
  if (!ports.sessions.isFresh(own.session)) {
    throw new Refused('access.fresh', undefined, 'show once more who you are, then do it again');
  }
  const hasSecond =
    own.account.totp !== null || (await ports.people.passkeys(own.account.id)).length > 0;
  if (hasSecond && !ports.sessions.isProved(own.session)) {
    throw new Refused('access.second-factor', undefined, 'this needs your second factor');
  }
  return own;
}
