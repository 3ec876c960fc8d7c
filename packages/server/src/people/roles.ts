import { Refused } from '@avow/bytes';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { roles as routes } from '../contract/people.ts';
import { grantsOf } from './identity.ts';
import { ownOf, type PeoplePorts } from './ports.ts';
import { newId, newSecret, secretDigest } from './secret.ts';

const DAY = 86_400_000;

/** Roles: given, taken, and handed over by invitation. */
export function answerRoles(api: Api, ports: PeoplePorts): void {
  const { people, now } = ports;
  api.answer(routes.list, {
    handle: async ({ params }) => {
      await assertThere(ports, params.account);
      return { items: grantsOf(await people.grants(params.account)) };
    },
  });
  api.answer(routes.grant, {
    handle: async ({ params, body, identity }) => {
      await assertThere(ports, params.account);
      const { role, maker = '' } = body;
      const given_by = accountOf(identity)!;
      await people.grant({ account: params.account, role, maker, given_by, created: now() });
      return undefined;
    },
  });
  api.answer(routes.revoke, {
    handle: async ({ params, query }) => {
      const { role, maker = '' } = query;
      if (!(await people.revoke({ account: params.account, role, maker }))) {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      await people.endSessions(params.account, { butDigest: '' });
      return undefined;
    },
  });
  api.answer(routes.invite, {
    handle: async ({ body, identity }) => {
      const { role, maker = '', days } = body;
      const code = newSecret();
      const expires = now() + days * DAY;
      await people.invite({
        digest: secretDigest(code),
        id: newId(),
        role,
        maker,
        given_by: accountOf(identity)!,
        created: now(),
        expires,
        used_by: null,
      });
      return { code, expires: new Date(expires).toISOString() };
    },
  });
  api.answer(routes.accept, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      const accepted = await people.accept(secretDigest(call.body.code), account.id, now());
      if (accepted === undefined) {
        throw new Refused('invitation.wrong', undefined, 'the code is wrong, used, or has run out');
      }
      const [grant] = grantsOf([{ ...accepted, account: account.id }]);
      return grant!;
    },
  });
}

async function assertThere({ people }: PeoplePorts, account: string): Promise<void> {
  if ((await people.account(account)) === undefined) {
    throw new Refused('request.absent', undefined, 'nothing is here');
  }
}
