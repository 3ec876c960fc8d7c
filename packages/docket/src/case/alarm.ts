import { type Digest, digestOf } from '@avow/bytes';
import type { JsonObject } from '@avow/log';

/**
 * What an alarm says: one release or update number stands for two contents. It
 * is a case of its own, which nobody has to claim.
 */
export const TWO_CONTENTS = 'two-contents';

/** Of all contents of one number: further ones join the same case. */
export function alarmFingerprint(target: string): Digest {
  return digestOf([TWO_CONTENTS, target].join('\n'));
}

export function alarmData(target: string, contents: readonly Digest[]): JsonObject {
  return {
    locator: `${target} @all`,
    said: TWO_CONTENTS,
    target,
    claims: [],
    product: contents[0]!,
    contents: [...contents],
    fingerprint: alarmFingerprint(target),
  };
}
