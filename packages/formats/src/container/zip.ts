import { Cursor, crc32, inflateRaw, Refused, unzstd, utf8Text, type Why } from '@avow/bytes';
import type { Entry, FileEntry } from './entry.ts';
import { findZipDirectory, type ZipDirectory } from './zip-end.ts';
import { readZipEntry, type ZipEntry } from './zip-entry.ts';
import { readLocalMembers } from './zip-local.ts';

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const IS_ENCRYPTED = 1 << 0;
const HAS_DESCRIPTOR = 1 << 3;
const IS_MASKED = 1 << 13;
const STORED = 0;
const DEFLATED = 8;
const ZSTANDARD = 93;
/** A link's target is a path; Linux allows 4,096 bytes. */
const MAX_LINK_BYTES = 4096;

/**
 * Reads a ZIP archive (APPNOTE 6.3.10) by its central directory: names,
 * methods, sizes and places are the directory's; a local header is read only to
 * step over it, and where it differs the member has an oddity.
 *
 * Yields files and links in the directory's order; folders are left out, and
 * bytes before the archive come first as `(prefix)`. Offsets are from the start of
 * `bytes`. Members that share bytes with another are unread (`zip.overlap`),
 * as are encrypted ones and those of other methods than stored, deflate and
 * Zstandard. Refuses as `findZipDirectory` and `readZipEntry` do, after the
 * members that can be read without the directory (`readLocalMembers`).
 */
export function* readZip(bytes: Uint8Array, prefixBytes = 0): Generator<Entry> {
  const cursor = new Cursor(bytes, 'zip');
  let directory: ZipDirectory;
  let overlapping: Overlaps;
  try {
    directory = findZipDirectory(bytes);
    overlapping = findOverlaps(cursor, directory);
  } catch (error) {
    yield* readLocalMembers(bytes, prefixBytes);
    throw error;
  }
  const first = overlapping.first;
  if (first > prefixBytes) yield prefixEntry(bytes.subarray(prefixBytes, first), prefixBytes);
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    const entry = readZipEntry(cursor, at, directory);
    at = entry.next;
    if (entry.name.endsWith('/') && entry.size === 0) continue;
    yield memberEntry(cursor, entry, overlapping.has(i));
  }
  if (at !== directory.end) {
    throw new Refused('zip.count', at, `${directory.count} entries, and the directory goes on`);
  }
}

function memberEntry(cursor: Cursor, entry: ZipEntry, isOverlapping: boolean): Entry {
  const { name: path, size } = entry;
  try {
    const local = readLocalHeader(cursor, entry);
    if (isOverlapping) {
      throw new Refused('zip.overlap', entry.headerAt, 'it shares bytes with another member');
    }
    refuseUnreadable(entry);
    cursor.need(local.dataAt, entry.packedSize);
    const packed = cursor.piece(local.dataAt, entry.packedSize);
    const target = entry.isLink ? linkTarget(packed, entry) : undefined;
    const oddities = [...entry.nameOddities, ...local.oddities];
    if (target !== undefined) {
      return { ...emptyEntry(path), offset: local.dataAt, link: target, oddities };
    }
    return {
      name: path,
      size,
      offset: local.dataAt,
      oddities,
      read: () => unpack(packed, entry),
      check: (unpacked) => checksumOddity(unpacked, entry),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, found: message, at } = error;
    const place = at === undefined ? {} : { at: `0x${at.toString(16)}` };
    return { path, size, offset: entry.headerAt, why: { code, message, ...place } };
  }
}

function emptyEntry(name: string): FileEntry {
  return { name, size: 0, offset: undefined, oddities: [], read: () => new Uint8Array(0) };
}

function prefixEntry(prefix: Uint8Array, offset: number): FileEntry {
  const message = `${prefix.length} bytes stand before the archive`;
  return {
    name: '(prefix)',
    size: prefix.length,
    offset,
    oddities: [{ code: 'zip.prefix', message }],
    read: () => prefix,
  };
}

function refuseUnreadable(entry: ZipEntry): void {
  if ((entry.flags & (IS_ENCRYPTED | IS_MASKED)) !== 0) {
    throw new Refused('zip.encrypted', entry.at, 'it is encrypted');
  }
  const { method } = entry;
  if (method !== STORED && method !== DEFLATED && method !== ZSTANDARD) {
    throw new Refused('zip.method', entry.at + 10, `packed with method ${method}`);
  }
  if (method === STORED && entry.packedSize !== entry.size) {
    const found = `stored, yet ${entry.packedSize} bytes packed and ${entry.size} unpacked`;
    throw new Refused('zip.size', entry.at + 20, found);
  }
}

/** Refuses `zip.size` where other than the stated number of bytes comes out. */
function unpack(packed: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.method === STORED) return packed;
  const bytes =
    entry.method === DEFLATED ? inflateRaw(packed, entry.size) : unzstd(packed, entry.size);
  if (bytes.length !== entry.size) {
    const found = `${bytes.length} bytes unpacked, ${entry.size} stated`;
    throw new Refused('zip.size', entry.at + 24, found);
  }
  return bytes;
}

function checksumOddity(bytes: Uint8Array, entry: ZipEntry): readonly Why[] {
  if (crc32(bytes) === entry.checksum) return [];
  const message = 'its bytes have another CRC-32 than stated; some programs refuse it';
  return [{ code: 'zip.checksum', message, at: `0x${(entry.at + 16).toString(16)}` }];
}

function linkTarget(packed: Uint8Array, entry: ZipEntry): string | undefined {
  if (entry.size > MAX_LINK_BYTES) return undefined;
  return utf8Text(unpack(packed, entry));
}

interface LocalHeader {
  readonly dataAt: number;
  readonly oddities: readonly Why[];
}

/** Steps over a local header (4.3.7). Refuses `zip.header-signature` and `zip.truncated`. */
function readLocalHeader(cursor: Cursor, entry: ZipEntry): LocalHeader {
  const at = entry.headerAt;
  const dataAt = memberDataOffset(cursor, at);
  const nameBytes = cursor.piece(at + 30, cursor.u16(at + 26));
  const oddities: Why[] = [];
  const place = `0x${at.toString(16)}`;
  if (!isSame(nameBytes, entry.nameBytes)) {
    const name = utf8Text(nameBytes) ?? 'bytes that are not UTF-8';
    const message = `its local header has another name: ${name}`;
    oddities.push({ code: 'zip.local-name', message, at: place });
  }
  const hasSizes = (cursor.u16(at + 6) & HAS_DESCRIPTOR) === 0;
  const size = cursor.u32(at + 22);
  const isOtherSize = hasSizes && size !== entry.size && size !== 0xffffffff;
  if (cursor.u16(at + 8) !== entry.method || isOtherSize) {
    const message = 'its local header has another method or size; the directory decides';
    oddities.push({ code: 'zip.local-header', message, at: place });
  }
  return { dataAt, oddities };
}

function memberDataOffset(cursor: Cursor, headerAt: number): number {
  const signature = cursor.u32(headerAt);
  if (signature !== LOCAL_HEADER_SIGNATURE) {
    throw new Refused('zip.header-signature', headerAt, `found 0x${signature.toString(16)}`);
  }
  return headerAt + 30 + cursor.u16(headerAt + 26) + cursor.u16(headerAt + 28);
}

/** Numbers of the entries that share bytes with another entry or the directory. */
interface Overlaps {
  has(entry: number): boolean;
  /** Where the first local header stands; the directory's start where there is none. */
  readonly first: number;
}

/** Kilobytes can unpack to petabytes where many entries share one piece of packed data. */
function findOverlaps(cursor: Cursor, directory: ZipDirectory): Overlaps {
  const starts = new Float64Array(directory.count);
  const ends = new Float64Array(directory.count);
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    const entry = readZipEntry(cursor, at, directory);
    at = entry.next;
    starts[i] = entry.headerAt;
    ends[i] = endOf(cursor, entry);
  }
  const order = new Uint32Array(directory.count).map((_, i) => i);
  order.sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  const found = new Set<number>();
  let widest = -1;
  for (const i of order) {
    const before = widest < 0 ? 0 : (ends[widest] ?? 0);
    if ((starts[i] ?? 0) < before) found.add(i).add(widest);
    if ((ends[i] ?? 0) > directory.start) found.add(i);
    if ((ends[i] ?? 0) >= before) widest = i;
  }
  const [lowest] = order;
  const first = lowest === undefined ? directory.start : (starts[lowest] ?? 0);
  return { has: (entry) => found.has(entry), first: Math.min(first, directory.start) };
}

function endOf(cursor: Cursor, entry: ZipEntry): number {
  try {
    return memberDataOffset(cursor, entry.headerAt) + entry.packedSize;
  } catch {
    return entry.headerAt;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
