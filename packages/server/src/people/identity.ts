import { Refused } from '@avow/bytes';
import type { Account, GrantRow, People } from '@avow/stores/people';
import {
  ACCOUNT_ROLES,
  ANONYMOUS,
  type Grant,
  type Identity,
  type IdentityPort,
  SCOPES,
} from '../access/identity.ts';
import { isStaffRole } from '../access/may.ts';
import { bearerOf } from '../access/tokens.ts';
import { secretDigest } from './secret.ts';
import type { Sessions } from './sessions.ts';

/** API tokens of accounts begin so: a scanner for lost secrets finds them, and a person knows what it is. */
export const TOKEN_PREFIX = 'avow_';

const USED_EVERY = 60_000;

/** Who asks: by a token of the configuration, a token of an account, a session, or nobody. */
export class PeopleIdentity implements IdentityPort {
  readonly #people: People;
  readonly #sessions: Sessions;
  readonly #configured: IdentityPort;
  readonly #now: () => number;

  constructor(people: People, sessions: Sessions, configured: IdentityPort, now: () => number) {
    this.#people = people;
    this.#sessions = sessions;
    this.#configured = configured;
    this.#now = now;
  }

  async who(request: Request): Promise<Identity> {
    const bearer = bearerOf(request);
    if (bearer?.startsWith(TOKEN_PREFIX)) return this.#ofToken(bearer);
    if (bearer !== undefined) return this.#configured.who(request);
    const session = await this.#sessions.of(request);
    const account = session && (await this.#people.account(session.account));
    if (session === undefined || account === undefined) return ANONYMOUS;
    return {
      kind: 'account',
      id: account.id,
      name: account.name,
      grants: await this.#grantsOf(account.id),
      secondFactor: this.#sessions.isProved(session),
    };
  }

  async #grantsOf(account: string): Promise<Grant[]> {
    return grantsOf(await this.#people.grants(account));
  }

  /** A token that was made with a password alone is no way around the second factor of staff. */
  async #ofToken(bearer: string): Promise<Identity> {
    const now = this.#now();
    const token = await this.#people.token(secretDigest(bearer), now);
    const account = token && (await this.#people.account(token.account));
    if (token === undefined || account === undefined) {
      throw new Refused('access.credential', undefined, 'the token is not known, or has run out');
    }
    if (now - (token.used ?? 0) > USED_EVERY) await this.#people.useToken(token.id, now);
    const scopes = token.scopes.split(' ');
    return {
      kind: 'token',
      id: account.id,
      name: account.name,
      grants: (await this.#grantsOf(account.id)).filter(
        ({ role }) => token.is_proved === 1 || !isStaffRole(role),
      ),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    };
  }
}

/** Grants as the access rules read them; a role that a later Avow gave is none here. */
export function grantsOf(rows: readonly GrantRow[]): Grant[] {
  return rows.flatMap(({ role: text, maker }) => {
    const role = ACCOUNT_ROLES.find((one) => one === text);
    if (role === undefined) return [];
    return [maker === '' ? { role } : { role, maker }];
  });
}

export type { Account };
