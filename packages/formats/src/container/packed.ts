import { ByteFlow, joined, Refused } from '@avow/bytes';
import type { Entry } from './entry.ts';
import { isTar } from './kind.ts';
import { readTar } from './tar.ts';
import { TAR_BLOCK } from './tar-header.ts';

/**
 * Reads what a packed stream holds: the members of a tar, or else one file,
 * called `name`.
 *
 * Unpacks at most `maxBytes` and refuses `container.limit-total-bytes` there:
 * members that are stepped over are unpacked too.
 */
export async function* readPacked(
  parts: AsyncGenerator<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Entry> {
  const flow = new ByteFlow(bounded(parts, maxBytes));
  try {
    if (isTar(await flow.peek(TAR_BLOCK))) yield* readTar(flow);
    else yield wholeEntry(flow, name);
  } finally {
    await flow.close();
  }
}

function wholeEntry(flow: ByteFlow, name: string): Entry {
  return {
    name,
    size: undefined,
    offset: 0,
    oddities: [],
    async read(maxBytes) {
      const pieces: Uint8Array[] = [];
      for (let piece = await flow.take(PIECE); piece.length > 0; piece = await flow.take(PIECE)) {
        pieces.push(piece);
        if (flow.offset > maxBytes) {
          throw new Refused(
            'container.limit-member-bytes',
            undefined,
            `unpacks to more than ${maxBytes} bytes`,
          );
        }
      }
      return joined(pieces, flow.offset);
    },
  };
}

const PIECE = 1024 * 1024;

async function* bounded(
  parts: AsyncGenerator<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > maxBytes) {
      throw new Refused('container.limit-total-bytes', undefined, `more than ${maxBytes} bytes`);
    }
    yield part;
  }
}

/** The name of a packed file without the ending of its packing: `a.js` of `a.js.gz`. */
export function unpackedName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.replace(/\.(gz|xz|zst)$/i, '') || 'data';
}
