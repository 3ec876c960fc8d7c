import { Refused } from '@avow/bytes';

export const TAR_BLOCK = 512;

/** `ustar` and NUL; GNU's own headers have `ustar` and two spaces, and other things where the prefix is. */
const POSIX_MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72, 0];

/** One header block (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar 1.35, "Basic Tar Format"). */
export interface TarHeader {
  /** Name, with the ustar prefix before it; bytes as stored. */
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  readonly size: number;
  /** One ASCII letter; NUL, of old archives, is `0`. */
  readonly type: string;
}

/** True where the block holds 512 zeros: two such end an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/**
 * True where the block's checksum is its own: the sum of all bytes, with the
 * field itself as spaces. Some old archivers summed signed bytes.
 */
export function hasTarChecksum(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK) return false;
  let unsigned = 8 * 0x20;
  let high = 0;
  for (let i = 0; i < TAR_BLOCK; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = block[i] ?? 0;
    unsigned += byte;
    if (byte >= 0x80) high++;
  }
  const stated = octal(block, 148, 8);
  return stated === unsigned || stated === unsigned - 256 * high;
}

/**
 * Reads the header at `at`, bytes from the archive's start.
 *
 * Refuses `tar.checksum`, and `tar.number` for a size that is neither octal
 * nor a base-256 number below 2^53.
 */
export function readTarHeader(block: Uint8Array, at: number): TarHeader {
  if (!hasTarChecksum(block)) {
    throw new Refused('tar.checksum', at, 'no member header: its checksum is wrong');
  }
  const isPosix = POSIX_MAGIC.every((byte, i) => block[257 + i] === byte);
  const prefix = isPosix ? text(block, 345, 155) : new Uint8Array(0);
  const name = text(block, 0, 100);
  return {
    name: prefix.length === 0 ? name : new Uint8Array([...prefix, 0x2f, ...name]),
    linkName: text(block, 157, 100),
    size: sizeField(block, at),
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0),
  };
}

/** Octal digits, or base 256 where the first bit is set (GNU tar 1.35, "Extensions"). */
function sizeField(block: Uint8Array, at: number): number {
  if ((block[124] ?? 0) >= 0x80) return base256(block, at);
  const size = octal(block, 124, 12);
  if (size === undefined) throw new Refused('tar.number', at + 124, 'the size is not octal');
  return size;
}

function base256(block: Uint8Array, at: number): number {
  let size = (block[124] ?? 0) & 0x7f;
  for (let i = 125; i < 136; i++) {
    size = size * 256 + (block[i] ?? 0);
    if (size > Number.MAX_SAFE_INTEGER) {
      throw new Refused('tar.number', at + 124, 'the size is negative or 2^53 and more');
    }
  }
  return size;
}

/** Octal digits between spaces, ended by a space, NUL or the field's end; empty is zero. */
function octal(block: Uint8Array, offset: number, length: number): number | undefined {
  let value = 0;
  let at = offset;
  const end = offset + length;
  while (at < end && block[at] === 0x20) at++;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

/** Bytes up to the first NUL or the field's end. */
function text(block: Uint8Array, offset: number, length: number): Uint8Array {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}
