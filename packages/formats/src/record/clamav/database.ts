import { Refused, why } from '@avow/bytes';
import type { FoundDatabase, ProductMember } from '../found.ts';
import { NO_CONTEXT } from '../record.ts';
import { cdiffScript, readCdiff } from './cdiff.ts';
import { type ClamCheck, isCvd, openCvd } from './cvd.ts';
import { externalState } from './external.ts';
import { CLAMAV_TRUST, type ClamTrust } from './keys.ts';
import { CLAM_KINDS } from './kinds.ts';
import { extensionOf } from './lines.ts';

/** True for a signed file of ClamAV: a database, or the script from one to the next. */
export function isClamContainer({ path, bytes }: ProductMember): boolean {
  return isCvd(bytes) || /\.(?:cvd|cld|cud|cdiff)$/i.test(path);
}

/**
 * A CVD, CLD, CUD or `.cdiff` as a database, with what its maker's signatures
 * say: those inside, and the external one in a `.sign` file among `all`.
 */
export function clamDatabase(
  member: ProductMember,
  all: readonly ProductMember[],
  trust: ClamTrust = CLAMAV_TRUST,
): FoundDatabase {
  const base = { path: member.path, format: 'clamav', context: NO_CONTEXT } as const;
  const opened = extensionOf(member.path) === 'cdiff' ? openScript : openArchive;
  try {
    const { checks, ...database } = opened(member, trust);
    const every = [...checks, externalCheck(member, database.update, all, trust)];
    return {
      ...base,
      ...database,
      checks: every,
      faults: every.flatMap((check) => check.why ?? []),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const nothing = { update: '', members: [], checks: [], stated: undefined };
    return { ...base, ...nothing, faults: [why(error)] };
  }
}

type Opened = Pick<FoundDatabase, 'update' | 'members' | 'checks' | 'stated'>;

function openArchive({ path, bytes }: ProductMember, { keys }: ClamTrust): Opened {
  const { header, members, checks } = openCvd(bytes, extensionOf(path), keys);
  const files = members
    .filter((member) => CLAM_KINDS[extensionOf(member.path)] !== undefined)
    .map((member) => ({ path: `${path}!/${member.path}`, pieces: [member.bytes] }));
  return { update: header.version, members: files, checks, stated: header.signatures };
}

/** The commands of a `.cdiff` are its records; sigtool calls the file that they come from `.script`. */
function openScript({ path, bytes }: ProductMember, { keys }: ClamTrust): Opened {
  const { version, isSigned } = readCdiff(bytes, keys);
  const says = isSigned ? 'signed by the key given' : 'not signed by the key given';
  const check: ClamCheck = {
    what: 'signature',
    state: isSigned ? 'good' : 'bad',
    says,
    ...(isSigned ? {} : { why: { code: 'clamav.signature', message: `the script is ${says}` } }),
  };
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.cdiff$/i, '');
  const script = { path: `${path}!/${name}.script`, pieces: [cdiffScript(bytes)] };
  return { update: version, members: [script], checks: [check], stated: undefined };
}

/** `daily.cvd.sign`, or `daily-27800.cvd.sign` as freshclam leaves it beside `daily.cvd`. */
function externalCheck(
  { path, bytes }: ProductMember,
  update: string,
  all: readonly ProductMember[],
  { roots }: ClamTrust,
): ClamCheck {
  const numbered = path.replace(/(\.\w+)$/, `-${update}$1.sign`);
  const sign = all.find((one) => one.path === `${path}.sign` || one.path === numbered);
  if (sign === undefined)
    return { what: 'external', state: 'absent', says: 'no .sign file beside it' };
  const name = sign.path.slice(sign.path.lastIndexOf('/') + 1);
  try {
    const state = externalState(bytes, sign.bytes, roots);
    const says = `${name}: ${EXTERNAL_SAYS[state]}`;
    const fault = { why: { code: 'clamav.external-signature', message: says } };
    return { what: 'external', state, says, ...(state === 'bad' ? fault : {}) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { what: 'external', state: 'bad', says: `${name}: ${error.found}`, why: why(error) };
  }
}

const EXTERNAL_SAYS = {
  good: 'signed, and the certificates lead to a root given',
  bad: 'not a signature of this file',
  'unknown-key': 'signed by certificates that lead to no root given',
} as const;
