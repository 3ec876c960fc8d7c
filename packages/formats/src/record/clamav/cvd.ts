import { hashOf, hexOf, inflateRaw, latin1Text, Refused, type Why, why } from '@avow/bytes';
import { isZeroBlock, readTarHeader, TAR_BLOCK } from '../../container/tar-header.ts';
import { checkHeader, checkInfo } from './info.ts';
import { CLAMAV_KEYS, type ClamKeys, signatureNumber } from './keys.ts';
import { numberOf, rsaPower } from './rsa.ts';

/** Bytes of the header before the archive. */
const HEADER_BYTES = 512;

/** The largest official database unpacks to 400 MB; above this a small file is a bomb. */
const MAX_UNPACKED = 1024 * 1024 * 1024;

/** Members of a CVD are one a line type; more is not a CVD. */
const MAX_MEMBERS = 10_000;

/** The header of a CVD, CLD or CUD: `ClamAV-VDB:time:version:signatures:level:md5:dsig:builder:stime`. */
export interface CvdHeader {
  readonly time: string;
  /** The update number. */
  readonly version: string;
  readonly signatures: number;
  readonly level: string;
  readonly md5: string;
  readonly signature: string;
  readonly builder: string;
}

/** `absent`: nothing there to check; `unknown-key`: a true signature of someone who is not trusted. */
export type ClamCheckState = 'good' | 'bad' | 'absent' | 'unknown-key';

/** What was checked of a database file, and what came of it; `why` where it is a fault. */
export interface ClamCheck {
  readonly what: 'md5' | 'signature' | 'header' | 'info' | 'members' | 'external';
  readonly state: ClamCheckState;
  readonly says: string;
  readonly why?: Why;
}

export interface Cvd {
  readonly header: CvdHeader;
  readonly members: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly checks: readonly ClamCheck[];
}

export function isCvd(bytes: Uint8Array): boolean {
  return latin1Text(bytes.subarray(0, 11)) === 'ClamAV-VDB:';
}

/** Refuses `clamav.header`. */
export function readCvdHeader(bytes: Uint8Array): CvdHeader {
  const text = latin1Text(bytes.subarray(0, HEADER_BYTES));
  const fields = text.trimEnd().split(':');
  const [magic, time, version, signatures, level, md5, signature, builder] = fields;
  const fits =
    magic === 'ClamAV-VDB' &&
    fields.length >= 8 &&
    /^\d+$/.test(version!) &&
    /^\d+$/.test(signatures!) &&
    bytes.length >= HEADER_BYTES;
  if (!fits) throw new Refused('clamav.header', 0, JSON.stringify(text.slice(0, 80)));
  return {
    time: time!,
    version: version!,
    signatures: Number(signatures),
    level: level!,
    md5: md5!,
    signature: signature!,
    builder: builder!,
  };
}

/**
 * Opens a CVD (libclamav/cvd.c): its members and what was checked.
 *
 * A `.cld` is a CVD that was patched on the user's machine: its archive is a
 * plain tar and its header's digest and signature are those of the CVD before,
 * so they are not checked; the signed `.info` member is. A `.cud` is unsigned
 * and says so. Refuses `clamav.header`, `clamav.archive`.
 */
export function openCvd(bytes: Uint8Array, kind: string, keys: ClamKeys = CLAMAV_KEYS): Cvd {
  const header = readCvdHeader(bytes);
  const body = bytes.subarray(HEADER_BYTES);
  const members = membersOf(body);
  const checks: ClamCheck[] = [];
  if (kind !== 'cld') {
    const md5 = hashOf('md5', body);
    checks.push(md5Check(header, md5));
    if (kind !== 'cud') checks.push(signatureCheck(header, md5, keys));
  }
  const info = members.find(({ path }) => path.endsWith('.info'));
  if (kind === 'cud')
    checks.push({ what: 'signature', state: 'absent', says: 'unsigned, as a .cud is' });
  else if (info === undefined)
    checks.push({ what: 'info', state: 'absent', says: 'no .info member' });
  else checks.push(...checkInfo(info.bytes, members, keys.info), checkHeader(header, info.bytes));
  return { header, members, checks };
}

function md5Check(header: CvdHeader, md5: Uint8Array): ClamCheck {
  const found = hexOf(md5);
  const holds = found === header.md5.toLowerCase();
  const says = holds
    ? "the MD5 of the archive is the header's"
    : `MD5 ${found}, header ${header.md5}`;
  return {
    what: 'md5',
    state: holds ? 'good' : 'bad',
    says,
    ...(holds ? {} : { why: { code: 'clamav.md5', message: says } }),
  };
}

/** The signature opens to the archive's MD5. */
function signatureCheck(header: CvdHeader, md5: Uint8Array, keys: ClamKeys): ClamCheck {
  const number = signatureNumber(header.signature);
  const holds = number !== undefined && rsaPower(number, keys.cvd) === numberOf(md5);
  const says = holds ? 'signed by the key given' : 'not signed by the key given';
  return {
    what: 'signature',
    state: holds ? 'good' : 'bad',
    says,
    ...(holds ? {} : { why: { code: 'clamav.signature', message: says } }),
  };
}

function membersOf(body: Uint8Array): { path: string; bytes: Uint8Array }[] {
  const isPacked = body[0] === 0x1f && body[1] === 0x8b;
  const tar = isPacked ? gunzipped(body) : body;
  const members: { path: string; bytes: Uint8Array }[] = [];
  for (let at = 0; at + TAR_BLOCK <= tar.length; ) {
    const block = tar.subarray(at, at + TAR_BLOCK);
    if (isZeroBlock(block)) break;
    const header = readTarHeader(block, at);
    const start = at + TAR_BLOCK;
    if (start + header.size > tar.length)
      throw new Refused('clamav.archive', at, `a member of ${header.size} bytes ends outside`);
    if (members.length >= MAX_MEMBERS)
      throw new Refused('clamav.archive', at, `more than ${MAX_MEMBERS} members`);
    if (header.type === '0')
      members.push({
        path: latin1Text(header.name),
        bytes: tar.subarray(start, start + header.size),
      });
    at = start + Math.ceil(header.size / TAR_BLOCK) * TAR_BLOCK;
  }
  if (members.length === 0) throw new Refused('clamav.archive', HEADER_BYTES, 'no members');
  return members;
}

/** A gzip member (RFC 1952) unpacked, `MAX_UNPACKED` at most. Refuses `clamav.archive`. */
export function gunzipped(bytes: Uint8Array, most = MAX_UNPACKED): Uint8Array {
  const flags = bytes[3] ?? 0xff;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[10] ?? 0) + (bytes[11] ?? 0) * 256;
  for (const flag of [8, 16]) {
    if (flags & flag) {
      const end = bytes.indexOf(0, at);
      at = end === -1 ? bytes.length : end + 1;
    }
  }
  if (flags & 2) at += 2;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || flags > 31 || at >= bytes.length)
    throw new Refused('clamav.archive', 0, 'no gzip data');
  try {
    return inflateRaw(bytes.subarray(at), most);
  } catch (error) {
    const { code, message } = why(error);
    throw new Refused('clamav.archive', at, `${code}: ${message}`);
  }
}
