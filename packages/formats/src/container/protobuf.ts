import { Cursor, Refused } from '@avow/bytes';

/** A field that holds bytes: a message, a string or bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Of its bytes, from where `at` was counted. */
  readonly at: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/**
 * The length-delimited fields of a message, in order; numbers are stepped over
 * (Protocol Buffers encoding, "Message Structure").
 *
 * Refuses `crx.header` and `crx.truncated`: only CRX headers are read with it.
 */
export function* fieldsOf(message: Uint8Array, at: number): Generator<ProtobufField> {
  const cursor = new Cursor(message, 'crx');
  let offset = 0;
  while (offset < message.length) {
    const tag = varint(cursor, offset, at);
    offset = tag.end;
    switch (tag.value & 7) {
      case VARINT:
        offset = varint(cursor, offset, at).end;
        break;
      case FIXED_64:
        offset += 8;
        break;
      case FIXED_32:
        offset += 4;
        break;
      case LENGTH_DELIMITED: {
        const length = varint(cursor, offset, at);
        const bytes = cursor.piece(length.end, length.value);
        yield { number: Math.floor(tag.value / 8), bytes, at: at + length.end };
        offset = length.end + length.value;
        break;
      }
      default:
        throw new Refused('crx.header', at + offset, `wire type ${tag.value & 7}`);
    }
  }
}

/** Base-128, lowest group first; at most 10 bytes, values above 2^53 are refused. */
function varint(cursor: Cursor, offset: number, base: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let at = offset; at < offset + 10; at++) {
    const byte = cursor.u8(at);
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) break;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 128;
  }
  throw new Refused('crx.header', base + offset, 'a number of 2^53 or more');
}
