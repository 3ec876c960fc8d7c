import { ByteFlow, joined, Refused, unxzParts, unzstdParts } from '@avow/bytes';
import type { Entry, FileEntry } from './entry.ts';
import { gunzip, gzipName } from './gzip.ts';
import { containerKind, isTar } from './kind.ts';
import { readTar } from './tar.ts';
import { TAR_BLOCK } from './tar-header.ts';

export type PackedKind = 'gzip' | 'xz' | 'zstd';

/** What is taken at once from a stream whose length is not known. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Reads what a packed stream holds: the members of a tar, or else one file,
 * called as gzip's header says, or `name` without the ending of its packing.
 *
 * Unpacks at most `maxBytes` and refuses `container.limit-total-bytes` there:
 * members that are stepped over are unpacked too.
 */
export async function* readPacked(
  kind: PackedKind,
  bytes: Uint8Array,
  name: string,
  maxBytes: number,
): AsyncGenerator<Entry> {
  const flow = unpack(kind, bytes, maxBytes);
  try {
    if (isTar(await flow.peek(TAR_BLOCK))) yield* readTar(flow);
    else {
      const inner = kind === 'gzip' ? gzipName(bytes) : undefined;
      yield wholeEntry(flow, inner ?? unpackedName(name));
    }
  } finally {
    await flow.close();
  }
}

/**
 * The members of a tar that may be packed; undefined for what is packed in a
 * way that is not read.
 */
export function packedTar(bytes: Uint8Array, maxBytes: number): AsyncGenerator<Entry> | undefined {
  const kind = containerKind(bytes);
  if (kind === 'tar') return readTar(new ByteFlow(bytes));
  const isPacked = kind === 'gzip' || kind === 'xz' || kind === 'zstd';
  return isPacked ? readPacked(kind, bytes, 'data.tar', maxBytes) : undefined;
}

function unpack(kind: PackedKind, bytes: Uint8Array, maxBytes: number): ByteFlow {
  switch (kind) {
    case 'gzip':
      return new ByteFlow(bounded(gunzip(bytes), maxBytes));
    case 'xz':
      return new ByteFlow(unxzParts(bytes, maxBytes));
    case 'zstd':
      return new ByteFlow(bounded(unzstdParts(bytes), maxBytes));
    default: {
      const missing: never = kind;
      throw new Error(`no unpacker for ${missing}`);
    }
  }
}

async function* bounded(
  parts: AsyncIterable<Uint8Array>,
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

function wholeEntry(flow: ByteFlow, name: string): FileEntry {
  return {
    name,
    size: undefined,
    offset: 0,
    oddities: [],
    async read(maxBytes) {
      const pieces: Uint8Array[] = [];
      for (;;) {
        const piece = await flow.take(PIECE_BYTES);
        if (piece.length === 0) return joined(pieces, flow.offset);
        if (flow.offset > maxBytes) throw tooLong(maxBytes);
        pieces.push(piece);
      }
    },
  };
}

function tooLong(maxBytes: number): Refused {
  return new Refused(
    'container.limit-member-bytes',
    undefined,
    `it unpacks to more than ${maxBytes} bytes`,
  );
}

/** The name of a packed file without the ending of its packing: `a.js` of `lib/a.js.gz`. */
function unpackedName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.replace(/\.(gz|xz|zst)$/i, '') || 'data';
}
