import { Refused } from '@avow/bytes';
import type { ApiToken } from '@avow/stores/people';
import { SCOPES } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { tokens as routes } from '../contract/people.ts';
import { TOKEN_PREFIX } from './identity.ts';
import { freshOf, ownOf, type PeoplePorts } from './ports.ts';
import { newId, newSecret, secretDigest } from './secret.ts';

const DAY = 86_400_000;

/** API tokens of one's account. */
export function answerTokens(api: Api, ports: PeoplePorts): void {
  const { people, now } = ports;
  api.answer(routes.list, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      return { items: (await people.tokens(account.id)).map(viewOf) };
    },
  });
  api.answer(routes.make, {
    handle: async (call) => {
      const { account, session } = await freshOf(ports, call);
      const { name, scopes, days } = call.body;
      const token = TOKEN_PREFIX + newSecret();
      const row: ApiToken = {
        id: newId(),
        digest: secretDigest(token),
        account: account.id,
        name,
        scopes: scopes.join(' '),
        created: now(),
        expires: now() + days * DAY,
        used: null,
        is_proved: ports.sessions.isProved(session) ? 1 : 0,
      };
      await people.addToken(row);
      return { token, about: viewOf(row) };
    },
  });
  api.answer(routes.remove, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      if (!(await people.removeToken(account.id, call.params.token))) {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      return undefined;
    },
  });
}

function viewOf({ id, name, scopes, created, expires, used }: ApiToken) {
  const words = scopes.split(' ');
  return {
    id,
    name,
    scopes: SCOPES.filter((scope) => words.includes(scope)),
    at: new Date(created).toISOString(),
    expires: new Date(expires).toISOString(),
    ...(used === null ? {} : { used: new Date(used).toISOString() }),
  };
}
