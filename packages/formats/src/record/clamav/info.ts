import { hashOf, hexOf, latin1Bytes, latin1Text } from '@avow/bytes';
import type { ClamCheck, CvdHeader } from './cvd.ts';
import { signatureNumber } from './keys.ts';
import { isPssSigned, type RsaKey } from './rsa.ts';

/**
 * Checks the `.info` member of a CVD: its own signature, and the size and
 * SHA-256 that it states of each member. Line 1 is the database's header,
 * lines `member:size:sha256` follow, the last is `DSIG:<signature>`
 * (libclamav/cvd.c).
 */
export function checkInfo(
  info: Uint8Array,
  members: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  key: RsaKey,
): ClamCheck[] {
  const text = latin1Text(info);
  const at = text.lastIndexOf('DSIG:');
  const number = at === -1 ? undefined : signatureNumber(text.slice(at + 5).trim());
  const signed = latin1Bytes(text.slice(0, Math.max(at, 0)));
  const holds = number !== undefined && isPssSigned(hashOf('sha256', signed), number, key);
  const says = holds
    ? 'the .info member is signed by the key given'
    : 'the .info member is not signed by the key given';
  const checks: ClamCheck[] = [
    {
      what: 'info',
      state: holds ? 'good' : 'bad',
      says,
      ...(holds ? {} : { why: { code: 'clamav.signature', message: says } }),
    },
  ];
  const wrong: string[] = [];
  const stated = new Map<string, readonly string[]>();
  for (const line of text.slice(0, Math.max(at, 0)).split('\n').slice(1)) {
    const fields = line.trim().split(':');
    if (fields.length === 3) stated.set(fields[0]!, fields);
  }
  for (const [name, [, size, sha256]] of stated) {
    const member = members.find(({ path }) => path === name);
    if (member === undefined) wrong.push(`${name} is not there`);
    else if (member.bytes.length !== Number(size))
      wrong.push(`${name} has ${member.bytes.length} bytes, not ${size}`);
    else if (hexOf(hashOf('sha256', member.bytes)) !== sha256)
      wrong.push(`${name} has another SHA-256`);
  }
  for (const { path } of members) {
    if (!stated.has(path) && !path.endsWith('.info') && path !== 'COPYING')
      wrong.push(`${path} is not listed`);
  }
  const message = wrong.length === 0 ? `${stated.size} members as listed` : wrong.join('; ');
  checks.push({
    what: 'members',
    state: wrong.length === 0 ? 'good' : 'bad',
    says: message,
    ...(wrong.length === 0 ? {} : { why: { code: 'clamav.member', message } }),
  });
  return checks;
}

/**
 * Holds the number, count and level of a database's header against line 1 of
 * its `.info`: the header's own signature covers the archive alone, so that
 * without this an old update could be passed off under a new number.
 */
export function checkHeader(header: CvdHeader, info: Uint8Array): ClamCheck {
  const [line = ''] = latin1Text(info).split('\n', 1);
  const [, , version, signatures, level] = line.split(':');
  const found = [header.version, String(header.signatures), header.level].join(':');
  const stated = [version, signatures, level].join(':');
  if (found === stated)
    return { what: 'header', state: 'good', says: 'number, count and level as in .info' };
  const message = `number, count and level are ${found} in the header and ${stated} in .info`;
  return {
    what: 'header',
    state: 'bad',
    says: message,
    why: { code: 'clamav.header-info', message },
  };
}
