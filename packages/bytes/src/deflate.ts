import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import { Refused } from './refused.ts';

/** Bytes of one piece of output: large enough that a piece costs little, small enough to let go of. */
const PART_BYTES = 256 * 1024;
/** The same for damaged data, of which the last piece is lost. */
export const SALVAGED_BYTES = 16 * 1024;

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
 * Unpacks the DEFLATE data at the start of `packed`, of which nobody has said
 * how long it is, and tells how many bytes it took. Refuses as `inflateRaw`.
 */
export function inflateRawTaken(
  packed: Uint8Array,
  maxBytes: number,
): { readonly bytes: Uint8Array; readonly taken: number } {
  try {
    const options = { maxOutputLength: Math.max(maxBytes, 1), info: true };
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as InflatedWithEngine;
    return { bytes: buffer, taken: engine.bytesWritten };
  } catch (error) {
    throw refusal(error, maxBytes);
  }
}

/** What zlib gives with `info`; its types do not say so. */
interface InflatedWithEngine {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Unpacks DEFLATE data piece by piece; returns how many bytes of `packed` it took.
 *
 * Unpacking runs beside the caller's work, on another thread. Refuses as
 * `inflateRaw`, after what came out before the damage.
 */
export async function* inflateRawParts(packed: Uint8Array): AsyncGenerator<Uint8Array, number> {
  const inflater = createInflateRaw({ chunkSize: PART_BYTES });
  inflater.end(packed);
  let given = 0;
  try {
    for await (const part of inflater) {
      given += part.length;
      yield part as Uint8Array;
    }
  } catch (error) {
    const refused = refusal(error, undefined);
    if (refused instanceof Refused) yield* beforeDamage(() => salvager(packed), given);
    throw refused;
  }
  return inflater.bytesWritten;
}

/** Gives what it has where the data ends, and loses less than a small piece where it is damaged. */
function salvager(packed: Uint8Array): AsyncIterable<Uint8Array> {
  const inflater = createInflateRaw({
    chunkSize: SALVAGED_BYTES,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  inflater.end(packed);
  return inflater;
}

/**
 * What lies between the last whole piece and the damage: zlib keeps a piece to
 * itself that it could not fill. So it is unpacked once more, in small pieces,
 * and the first `given` bytes, which the caller has, are left out.
 */
export async function* beforeDamage(
  again: () => AsyncIterable<Uint8Array>,
  given: number,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  try {
    for await (const part of again()) {
      const known = Math.max(0, given - offset);
      offset += part.length;
      if (known < part.length) yield part.subarray(known);
    }
  } catch {
    // The caller knows of the damage, and tells it.
  }
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
