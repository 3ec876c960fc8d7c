import { createHash, timingSafeEqual } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Config } from '../config/config.ts';
import { ANONYMOUS, type Grant, type Identity, type IdentityPort } from './identity.ts';

/** Tokens of the configuration: for the first administrator, for machines, and where nobody signs in. */
export class ConfiguredTokens implements IdentityPort {
  readonly #tokens: Config['tokens'];

  constructor(tokens: Config['tokens']) {
    this.#tokens = tokens;
  }

  async who(request: Request): Promise<Identity> {
    const given = bearerOf(request);
    if (given === undefined) return ANONYMOUS;
    const digest = createHash('sha256').update(given).digest();
    const found = this.#tokens.find(({ sha256 }) =>
      timingSafeEqual(Buffer.from(sha256, 'hex'), digest),
    );
    if (found === undefined) {
      throw new Refused('access.credential', undefined, 'the token is not known');
    }
    const { name, scopes } = found;
    const grants: Grant[] = found.grants.map(({ role, maker }) =>
      maker === undefined ? { role } : { role, maker },
    );
    return { kind: 'token', id: `token:${name}`, name, grants, scopes };
  }
}

/** The token of a request; undefined when it has none. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\w.~+/=-]{16,512})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
