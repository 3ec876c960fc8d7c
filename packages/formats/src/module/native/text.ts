import { latin1Text, Refused, utf8Text } from '@avow/bytes';

/** Names longer than this are an attack on whoever prints them; C++ symbols reach 20,000. */
export const MAX_NAME_BYTES = 65_536;

/** Up to here a name is put together by hand: a decoder's call costs more than the name. */
const SHORT = 48;

/**
 * A zero-terminated name at `offset`, of at most `MAX_NAME_BYTES` bytes before
 * `end`. UTF-8, or Latin-1 where it is not. Refuses `native.name` when nothing
 * ends it.
 */
export function nameAt(bytes: Uint8Array, offset: number, end = bytes.length): string {
  const limit = Math.min(end, bytes.length, offset + MAX_NAME_BYTES);
  if (!(offset >= 0 && offset < limit)) {
    throw new Refused('native.name', offset, `a name at ${offset} of ${bytes.length}`);
  }
  let short = '';
  const shortEnd = Math.min(limit, offset + SHORT);
  for (let at = offset; at < shortEnd; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0) return short;
    if (byte >= 0x80) break;
    short += String.fromCharCode(byte);
  }
  const zero = bytes.indexOf(0, offset);
  if (zero < 0 || zero >= limit) {
    throw new Refused('native.name', offset, 'the name does not end');
  }
  const piece = bytes.subarray(offset, zero);
  return utf8Text(piece) ?? latin1Text(piece);
}
