import { Refused } from '@avow/bytes';
import type { Account, People } from '@avow/stores/people';
import { Secret, TOTP } from 'otpauth';
import { secretDigest } from './secret.ts';

const STEP = 30;

/** One-time codes (RFC 6238): SHA-1, six digits, 30 s, as every authenticator has them. */
export function oneTimeOf(secret: string, name: string, issuer: string): TOTP {
  return new TOTP({
    issuer,
    label: name,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP,
    secret: Secret.fromBase32(secret),
  });
}

export function newOneTimeSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The step of time of a code; one step early or late is taken, for clocks that differ. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const delta = oneTimeOf(secret, '', '').validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / 1000 / STEP) + delta;
}

/**
 * Uses up a code of the account's: six digits, or a recovery code.
 *
 * Refuses `access.credential`.
 */
export async function proveCode(
  people: People,
  { id, totp }: Account,
  code: string,
  now: number,
): Promise<void> {
  const digits = code.replaceAll(/[\s-]/g, '');
  if (totp !== null && /^\d{6}$/.test(digits)) {
    const step = stepOf(totp, digits, now);
    if (step !== undefined && (await people.useStep(id, step))) return;
  } else if (totp !== null) {
    if (await people.useRecoveryCode(id, recoveryDigest(id, code))) return;
  }
  throw new Refused('access.credential', undefined, 'the code is wrong, or was used before');
}

export function recoveryDigest(account: string, code: string): string {
  return secretDigest(`${account} ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`);
}
