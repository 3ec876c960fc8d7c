import { crc32 as zlibCrc32 } from 'node:zlib';

/** CRC-32 as ZIP and gzip have it (RFC 1952, 8), unsigned; `before` is the value of the bytes before these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return zlibCrc32(bytes, before);
}
