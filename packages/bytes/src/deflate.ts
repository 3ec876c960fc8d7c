import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { Refused } from './refused.ts';

/** Bytes of one piece of output: large enough that a piece costs little, small enough to let go of. */
const PART_BYTES = 256 * 1024;

/** DEFLATE packs at best 258 bytes in two bits: no more than this can come out of a byte. */
const MAX_RATIO = 1032;

/**
 * Unpacks DEFLATE data (RFC 1951) that was said to be `size` bytes unpacked.
 *
 * Never holds more than `size` bytes of output. Data after the last block is
 * left alone. Refuses `deflate.limit` when there is more than `size`,
 * `deflate.truncated` and `deflate.malformed`.
 */
export function inflateRaw(packed: Uint8Array, size: number): Uint8Array {
  // One piece for all of the output, so that a large file is not copied; the one byte more ends it.
  const chunkSize = Math.max(64, Math.min(size + 1, packed.length * MAX_RATIO));
  try {
    // A limit of zero is not taken by zlib; one byte too many shows as a wrong size to the caller.
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(size, 1),
      chunkSize,
    });
  } catch (error) {
    throw refusal(error, size);
  }
}

/**
 * Unpacks DEFLATE data piece by piece; returns how many bytes of `packed` it took.
 *
 * Unpacking runs beside the caller's work, on another thread. Refuses as `inflateRaw`.
 */
export async function* inflateRawParts(packed: Uint8Array): AsyncGenerator<Uint8Array, number> {
  const inflater = createInflateRaw({ chunkSize: PART_BYTES });
  inflater.end(packed);
  try {
    for await (const part of inflater) yield part as Uint8Array;
  } catch (error) {
    throw refusal(error, undefined);
  }
  return inflater.bytesWritten;
}

function refusal(error: unknown, size: number | undefined): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ERR_BUFFER_TOO_LARGE':
      return new Refused('deflate.limit', undefined, `unpacks to more than ${size} bytes`);
    case 'Z_BUF_ERROR':
      return new Refused('deflate.truncated', undefined, 'the packed data ends too early');
    case 'Z_DATA_ERROR':
    case 'Z_NEED_DICT':
      return new Refused('deflate.malformed', undefined, error.message);
    default:
      return error;
  }
}
