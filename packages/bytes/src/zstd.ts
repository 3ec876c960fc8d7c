import {
  constants,
  createZstdDecompress,
  type ZstdDecompress,
  type ZstdOptions,
  zstdDecompressSync,
} from 'node:zlib';
import { beforeDamage, SALVAGED_BYTES } from './deflate.ts';
import { Refused } from './refused.ts';

/** Bytes of one piece of output. */
const PART_BYTES = 256 * 1024;
/** Windows of 128 MiB: what `zstd -d` takes unasked (RFC 8878, 3.1.1.1.2, leaves it to the decoder). */
const WINDOW_LOG = 27;
const MAGIC = 0xfd2fb528;
/** Skippable frames have 0x184d2a50 to 0x184d2a5f (RFC 8878, 3.1.2). */
const SKIPPABLE = 0x184d2a50;
/** Frames of one file: each costs a decompressor, 0.1 ms. */
const MAX_FRAMES = 10_000;

/**
 * Unpacks one Zstandard frame (RFC 8878) that was said to be `size` bytes.
 *
 * Never holds more output. Refuses `zstd.limit`, `zstd.truncated` and `zstd.malformed`.
 */
export function unzstd(packed: Uint8Array, size: number): Uint8Array {
  try {
    return zstdDecompressSync(packed, {
      maxOutputLength: Math.max(size, 1),
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG },
    });
  } catch (error) {
    throw refusal(error, size, 0);
  }
}

/**
 * Unpacks a Zstandard file piece by piece: its frames one after another,
 * skippable ones left out. Refuses `zstd.truncated`, `zstd.malformed`,
 * `zstd.frames`, and `zstd.trailing` for data that is no frame, each after what
 * came out before it.
 */
export async function* unzstdParts(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let frames = 0; at < packed.length; frames++) {
    if (frames >= MAX_FRAMES) throw new Refused('zstd.frames', at, 'too many frames');
    const view = new DataView(packed.buffer, packed.byteOffset + at, packed.length - at);
    const magic = view.byteLength < 8 ? 0 : view.getUint32(0, true);
    if ((magic & ~0xf) === SKIPPABLE) {
      at += 8 + view.getUint32(4, true);
    } else if (magic === MAGIC) {
      at += yield* unzstdFrame(packed.subarray(at), at);
    } else {
      throw new Refused('zstd.trailing', at, 'data that is no frame');
    }
  }
}

/** Unpacks the frame at the start; returns how many bytes it took. */
async function* unzstdFrame(packed: Uint8Array, at: number): AsyncGenerator<Uint8Array, number> {
  const unpacker = unpackerOf(packed, { chunkSize: PART_BYTES });
  let given = 0;
  try {
    for await (const part of unpacker) {
      given += part.length;
      yield part as Uint8Array;
    }
  } catch (error) {
    const refused = refusal(error, undefined, at);
    if (refused instanceof Refused) {
      const salvager = { chunkSize: SALVAGED_BYTES, finishFlush: constants.ZSTD_e_flush };
      yield* beforeDamage(() => unpackerOf(packed, salvager), given);
    }
    throw refused;
  }
  return unpacker.bytesWritten;
}

function unpackerOf(packed: Uint8Array, options: ZstdOptions): ZstdDecompress {
  const params = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG };
  const unpacker = createZstdDecompress({ ...options, params });
  unpacker.end(packed);
  return unpacker;
}

function refusal(error: unknown, size: number | undefined, at: number): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new Refused('zstd.limit', at, `unpacks to more than ${size} bytes`);
  }
  if (code === 'Z_BUF_ERROR') {
    return new Refused('zstd.truncated', at, 'the packed data ends too early');
  }
  return code.startsWith('ZSTD_') ? new Refused('zstd.malformed', at, error.message) : error;
}
