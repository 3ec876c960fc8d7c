import { type Cursor, cp437Text, crc32, Refused, utf8Text, type Why } from '@avow/bytes';
import type { ZipDirectory } from './zip-end.ts';

/** One entry of the central directory (APPNOTE 6.3.10, 4.3.12). */
export interface ZipEntry {
  /** Where the entry stands in the central directory. */
  readonly at: number;
  readonly nameBytes: Uint8Array;
  readonly name: string;
  readonly nameOddities: readonly Why[];
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  /** Of its local header. */
  readonly headerAt: number;
  readonly isLink: boolean;
  /** Where the next entry stands. */
  readonly next: number;
}

const ENTRY_SIGNATURE = 0x02014b50;
const IS_UTF8 = 1 << 11;
/** Stands for a value that is in the ZIP64 extra field. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;
/** Upper byte of "version made by": the attributes are a Unix mode. */
const UNIX_HOSTS: ReadonlySet<number> = new Set([3, 19]);
const S_IFMT = 0xf000;
const S_IFLNK = 0xa000;

/** Reads the entry at `at`. Refuses `zip.entry-signature`, `zip.zip64` and `zip.truncated`. */
export function readZipEntry(cursor: Cursor, at: number, directory: ZipDirectory): ZipEntry {
  const signature = cursor.u32(at);
  if (signature !== ENTRY_SIGNATURE) {
    throw new Refused('zip.entry-signature', at, `found 0x${signature.toString(16)}`);
  }
  const nameLength = cursor.u16(at + 28);
  const extraLength = cursor.u16(at + 30);
  const next = at + 46 + nameLength + extraLength + cursor.u16(at + 32);
  if (next > directory.end) {
    throw new Refused('zip.truncated', at, 'the entry runs over the end of the directory');
  }
  const nameBytes = cursor.piece(at + 46, nameLength);
  const extra = at + 46 + nameLength;
  const flags = cursor.u16(at + 8);
  const mode = cursor.u32(at + 38) >>> 16;
  const isUnix = UNIX_HOSTS.has(cursor.u8(at + 5));
  const sizes = readSizes(cursor, at, extra, extraLength);
  return {
    at,
    nameBytes,
    ...readName(cursor, nameBytes, flags, extra, extraLength),
    flags,
    method: cursor.u16(at + 10),
    checksum: cursor.u32(at + 16),
    packedSize: sizes.packedSize,
    size: sizes.size,
    headerAt: sizes.headerAt + directory.shift,
    isLink: isUnix && (mode & S_IFMT) === S_IFLNK,
    next,
  };
}

/** Sizes and place; those that are 0xffffffff stand, in this order, in the ZIP64 field (4.5.3). */
function readSizes(cursor: Cursor, at: number, extra: number, extraLength: number) {
  const wide = findExtra(cursor, extra, extraLength, ZIP64_EXTRA);
  let offset = wide?.at ?? 0;
  const read = (narrow: number): number => {
    if (narrow !== IN_ZIP64 || wide === undefined) return narrow;
    if (offset + 8 > wide.at + wide.length) {
      throw new Refused('zip.zip64', wide.at, 'the ZIP64 field lacks a value');
    }
    const value = cursor.size64(offset);
    offset += 8;
    return value;
  };
  const size = read(cursor.u32(at + 24));
  const packedSize = read(cursor.u32(at + 20));
  const headerAt = read(cursor.u32(at + 42));
  return { size, packedSize, headerAt };
}

/**
 * The name: of the Unicode path field where that belongs to it (4.6.9), else
 * as UTF-8 where flagged (bit 11) or well-formed, else in code page 437.
 */
function readName(
  cursor: Cursor,
  bytes: Uint8Array,
  flags: number,
  extra: number,
  extraLength: number,
): { readonly name: string; readonly nameOddities: readonly Why[] } {
  const path = findExtra(cursor, extra, extraLength, UNICODE_PATH_EXTRA);
  if (path !== undefined && path.length > 5 && cursor.u32(path.at + 1) === crc32(bytes)) {
    const name = utf8Text(cursor.piece(path.at + 5, path.length - 5));
    if (name !== undefined) return { name, nameOddities: [] };
  }
  const utf8 = utf8Text(bytes);
  const isFlagged = (flags & IS_UTF8) !== 0;
  // As many letters as bytes: all of them are ASCII.
  if (utf8 !== undefined && (isFlagged || utf8.length === bytes.length)) {
    return { name: utf8, nameOddities: [] };
  }
  const message =
    utf8 === undefined
      ? `the name is not UTF-8${isFlagged ? ', though flagged so' : ''}; read as code page 437`
      : 'the name is not flagged as UTF-8 but reads as such';
  return {
    name: utf8 ?? cp437Text(bytes),
    nameOddities: [{ code: 'container.name-encoding', message }],
  };
}

/** The first extra field with this id (4.5.1); fields that do not fit end the search. */
function findExtra(cursor: Cursor, start: number, length: number, id: number) {
  const end = start + length;
  for (let at = start; at + 4 <= end; ) {
    const size = cursor.u16(at + 2);
    if (at + 4 + size > end) return undefined;
    if (cursor.u16(at) === id) return { at: at + 4, length: size };
    at += 4 + size;
  }
  return undefined;
}
