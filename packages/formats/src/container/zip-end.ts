import { Cursor, Refused } from '@avow/bytes';

/** Where a ZIP's central directory lies, in bytes from the start of what was given. */
export interface ZipDirectory {
  readonly start: number;
  readonly end: number;
  /** Entries, as the end record counts them. */
  readonly count: number;
  /** Bytes before the archive proper: to be added to every offset that it states. */
  readonly shift: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
/** The comment after the end record has a 16-bit length, which bounds the search. */
const MAX_SEARCH = END_BYTES + 0xffff;
/** Fewest bytes of one entry in the central directory. */
const ENTRY_BYTES = 46;

/**
 * Finds the central directory by the end record (APPNOTE 6.3.10, 4.3.14 to 4.3.16).
 *
 * The record's comment ends with the file. Refuses `zip.no-end` where there is
 * no such record, `zip.two-ends` where two are (one in the other's comment),
 * `zip.disks`, `zip.directory`, `zip.count` and `zip.truncated`.
 */
export function findZipDirectory(bytes: Uint8Array): ZipDirectory {
  const cursor = new Cursor(bytes, 'zip');
  const ends = endRecords(bytes).filter((at) => isPlausible(cursor, at));
  const [end, second] = ends;
  if (end === undefined) {
    throw new Refused('zip.no-end', undefined, 'no end record of a ZIP ends with the file');
  }
  if (second !== undefined) {
    throw new Refused('zip.two-ends', second, `another end record is at 0x${end.toString(16)}`);
  }
  return directoryOf(cursor, end);
}

/** True where a ZIP ends with the bytes, whatever they start with. */
export function endsAsZip(bytes: Uint8Array): boolean {
  if (bytes.length < END_BYTES) return false;
  const cursor = new Cursor(bytes, 'zip');
  return endRecords(bytes).some((at) => cursor.u16(at + 10) > 0 && isPlausible(cursor, at));
}

/** Offsets of end records whose comment ends with the file, the last one first. */
function endRecords(bytes: Uint8Array): number[] {
  const found: number[] = [];
  const from = Math.max(0, bytes.length - MAX_SEARCH);
  const last = bytes.subarray(from, bytes.length - END_BYTES + 4);
  for (let six = last.lastIndexOf(0x06); six >= 3; six = last.lastIndexOf(0x06, six - 1)) {
    const at = from + six - 3;
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b || bytes[at + 2] !== 0x05) continue;
    const comment = (bytes[at + 20] ?? 0) | ((bytes[at + 21] ?? 0) << 8);
    if (at + END_BYTES + comment === bytes.length) found.push(at);
  }
  return found;
}

/** True where the record's directory lies before it and starts as one. */
function isPlausible(cursor: Cursor, at: number): boolean {
  try {
    const { start, end } = directoryOf(cursor, at);
    return start === end || cursor.u32(start) === ENTRY_SIGNATURE;
  } catch {
    return false;
  }
}

function directoryOf(cursor: Cursor, at: number): ZipDirectory {
  if (cursor.u32(at) !== END_SIGNATURE) throw new Refused('zip.no-end', at, 'no end record');
  const end64 = endRecord64(cursor, at);
  const disks = end64 === undefined ? cursor.u16(at + 4) | cursor.u16(at + 6) : 0;
  if (disks !== 0) throw new Refused('zip.disks', at + 4, 'it is one part of several');
  const count = end64 === undefined ? cursor.u16(at + 10) : cursor.size64(end64 + 32);
  const size = end64 === undefined ? cursor.u32(at + 12) : cursor.size64(end64 + 40);
  const stated = end64 === undefined ? cursor.u32(at + 16) : cursor.size64(end64 + 48);
  const end = end64 ?? at;
  const start = end - size;
  if (start < 0 || start < stated) {
    throw new Refused('zip.directory', at, `${size} bytes at ${stated} do not end at ${end}`);
  }
  if (count * ENTRY_BYTES > size) {
    throw new Refused('zip.count', at, `${count} entries do not fit in ${size} bytes`);
  }
  return { start, end, count, shift: start - stated };
}

/** Offset of the ZIP64 end record, where its locator stands before the end record. */
function endRecord64(cursor: Cursor, end: number): number | undefined {
  const locator = end - LOCATOR_BYTES;
  if (locator < 0 || cursor.u32(locator) !== LOCATOR_SIGNATURE) return undefined;
  if (cursor.u32(locator + 16) > 1) {
    throw new Refused('zip.disks', locator, 'it is one part of several');
  }
  // With bytes before the archive the stated offset is wrong, so the record is looked for where it must end.
  const stated = cursor.size64(locator + 8);
  for (const at of [stated, locator - END64_BYTES]) {
    const isThere = at >= 0 && at + END64_BYTES <= locator;
    if (isThere && cursor.u32(at) === END64_SIGNATURE) return at;
  }
  throw new Refused('zip.directory', locator, 'the ZIP64 end record is not where it should be');
}
