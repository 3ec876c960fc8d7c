import { randomBytes } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Api } from '../app/api.ts';
import { secondFactor as routes } from '../contract/people.ts';
import { newOneTimeSecret, oneTimeOf, recoveryDigest, stepOf } from './one-time.ts';
import { freshOf, type PeoplePorts } from './ports.ts';

const RECOVERY_CODES = 10;

/** One-time codes beside the password. */
export function answerSecondFactor(api: Api, ports: PeoplePorts): void {
  const { people, sessions, title, now } = ports;
  api.answer(routes.begin, {
    handle: async (call) => {
      const { account } = await freshOf(ports, call);
      const secret = newOneTimeSecret();
      return { secret, uri: oneTimeOf(secret, account.name, title).toString() };
    },
  });
  api.answer(routes.confirm, {
    handle: async (call) => {
      const { account, session } = await freshOf(ports, call);
      const { secret, code } = call.body;
      const step = stepOf(secret, code, now());
      if (step === undefined) {
        throw new Refused('access.credential', undefined, 'the code is not of this secret');
      }
      await people.change(account.id, { totp: secret });
      await people.useStep(account.id, step);
      const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
      const digests = recoveryCodes.map((one) => recoveryDigest(account.id, one));
      await people.setRecoveryCodes(account.id, digests);
      await people.endSessions(account.id, { butDigest: session.digest });
      await sessions.prove(session);
      return { recoveryCodes };
    },
  });
  api.answer(routes.remove, {
    handle: async (call) => {
      const { account } = await freshOf(ports, call);
      await people.change(account.id, { totp: null });
      await people.setRecoveryCodes(account.id, []);
      return undefined;
    },
  });
}

/** 80 bits in four groups, to be written down. */
function newRecoveryCode(): string {
  return randomBytes(10)
    .toString('hex')
    .replaceAll(/(.{5})(?=.)/g, '$1-');
}
