import { Refused } from '@avow/bytes';
import type { Account } from '@avow/stores/people';
import type { Api } from '../app/api.ts';
import { Reply } from '../app/call.ts';
import { sessions as routes } from '../contract/people.ts';
import { nameKey } from './name.ts';
import { proveCode } from './one-time.ts';
import { isPassword } from './password.ts';
import { ownOf, type PeoplePorts, signedIn } from './ports.ts';

/** Sign-ins that may fail in a row before one has to wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;

/** Signing in by password, out again, and the list of where one is signed in. */
export function answerSessions(api: Api, ports: PeoplePorts): void {
  const { people, sessions, now } = ports;
  api.answer(routes.begin, {
    handle: async ({ body, request }) => {
      const account = await people.accountNamed(nameKey(body.name));
      await assertPassword(ports, account, body.password);
      if (account!.totp !== null) {
        if (body.code === undefined) {
          throw new Refused('access.code', undefined, 'your one-time code is needed too');
        }
        await proved(ports, account!, () => proveCode(people, account!, body.code!, now()));
      }
      await people.change(account!.id, { failures: 0, locked_until: 0 });
      return signedIn(ports, account!, account!.totp !== null, request);
    },
  });
  api.answer(routes.prove, {
    handle: async (call) => {
      const { account, session } = await ownOf(ports, call);
      const { password, code } = call.body;
      if (password === undefined && code === undefined) {
        throw new Refused(
          'access.credential',
          undefined,
          'neither a password nor a code was given',
        );
      }
      if (password !== undefined) await assertPassword(ports, account, password);
      if (account.totp !== null && code === undefined) {
        throw new Refused('access.code', undefined, 'your one-time code is needed too');
      }
      if (code !== undefined) {
        await proved(ports, account, () => proveCode(people, account, code, now()));
      }
      return signedIn(
        ports,
        account,
        code !== undefined || sessions.isProved(session),
        call.request,
      );
    },
  });
  api.answer(routes.end, {
    handle: async (call) => {
      const { account, session } = await ownOf(ports, call);
      await people.endSessions(account.id, { id: session.id });
      return new Reply(undefined as never, { 'set-cookie': sessions.goneCookie });
    },
  });
  api.answer(routes.list, {
    handle: async (call) => {
      const { account, session } = await ownOf(ports, call);
      const all = await people.sessions(account.id);
      const items = all.map(({ id, agent, created, seen }) => ({
        id,
        agent,
        at: new Date(created).toISOString(),
        seen: new Date(seen).toISOString(),
        isThis: id === session.id,
      }));
      return { items };
    },
  });
  api.answer(routes.endOne, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      const count = await people.endSessions(account.id, { id: call.params.session });
      if (count === 0) throw new Refused('request.absent', undefined, 'nothing is here');
      return undefined;
    },
  });
  api.answer(routes.endOthers, {
    handle: async (call) => {
      const { account, session } = await ownOf(ports, call);
      await people.endSessions(account.id, { butDigest: session.digest });
      return undefined;
    },
  });
}

/**
 * Refuses `access.credential`, alike and after the same time whether there is
 * such an account, has a password, waits, or the password is wrong.
 */
async function assertPassword(
  ports: PeoplePorts,
  account: Account | undefined,
  password: string,
): Promise<void> {
  const isWaiting = account !== undefined && account.locked_until > ports.now();
  const isRight = await isPassword(password, account?.password ?? null);
  if (isRight && !isWaiting) return;
  if (account !== undefined && !isWaiting) await failed(ports, account);
  throw new Refused(
    'access.credential',
    undefined,
    'name or password is wrong, or too many were tried: wait, or use a passkey',
  );
}

async function proved(
  ports: PeoplePorts,
  account: Account,
  check: () => Promise<void>,
): Promise<void> {
  try {
    if (account.locked_until > ports.now()) {
      throw new Refused('access.credential', undefined, 'too many codes were tried: wait');
    }
    await check();
  } catch (error) {
    if (error instanceof Refused) await failed(ports, account);
    throw error;
  }
}

/** After some failures each further one doubles the wait: guessing ends, and its owner is not shut out for good. */
async function failed({ people, now }: PeoplePorts, { id }: Account): Promise<void> {
  const failures = await people.countFailure(id);
  if (failures < FREE_FAILURES) return;
  const wait = Math.min(FIRST_WAIT * 2 ** Math.min(failures - FREE_FAILURES, 20), LONGEST_WAIT);
  await people.change(id, { locked_until: now() + wait });
}
