import { Refused } from './refused.ts';
import { findXzStreams } from './xz-blocks.ts';

/**
 * Unpacks an xz file piece by piece, all its streams one after another (The
 * .xz File Format 1.2.1).
 *
 * Refuses `xz.malformed`, `xz.size` where other than the stated number of bytes
 * comes out, `xz.limit` for a file that says it is more than `maxBytes`, and
 * what `findXzStreams` refuses.
 */
export async function* unxzParts(packed: Uint8Array, maxBytes: number): AsyncGenerator<Uint8Array> {
  for (const { start, end, size } of findXzStreams(packed)) {
    if (size > maxBytes) throw new Refused('xz.limit', start, `unpacks to ${size} bytes`);
    let left = size;
    for await (const part of unxzStream(packed.subarray(start, end), start)) {
      left -= part.length;
      if (left < 0) throw new Refused('xz.size', start, `more than the ${size} bytes stated`);
      if (part.length > 0) yield part;
    }
    if (left > 0) throw new Refused('xz.size', start, `fewer than the ${size} bytes stated`);
  }
}

async function* unxzStream(packed: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(packed);
      controller.close();
    },
  });
  const { XzReadableStream } = await library();
  const reader = new XzReadableStream(source).getReader();
  try {
    for (;;) {
      const { done, value } = await nextPart(reader, at);
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    // A stream that has ended by itself has nothing left to let go of, and says so as an error.
    await reader.cancel().catch(() => undefined);
  }
}

async function nextPart(reader: ReadableStreamDefaultReader<Uint8Array>, at: number) {
  try {
    return await reader.read();
  } catch (error) {
    throw new Refused('xz.malformed', at, error instanceof Error ? error.message : String(error));
  }
}

/** What we use of xz-decompress 0.2.3, whose own types need the browser's. */
interface XzLibrary {
  readonly XzReadableStream: {
    new (source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
    _contextMutex: { acquire(): Promise<void>; release(): void };
  };
}

let loaded: XzLibrary | undefined;

/**
 * The library, loaded when the first xz file is met: few products have one.
 *
 * It lets one stream wait for another, since many at once take memory. A
 * stream that is opened while an outer one is being read, an xz file within an
 * xz archive, would wait for ever, so that lock is taken out: `findXzStreams`
 * bounds the memory of each stream, and containers bound how deep they nest.
 */
async function library(): Promise<XzLibrary> {
  if (loaded === undefined) {
    const module: unknown = await import('xz-decompress');
    loaded = (module as { readonly default: XzLibrary }).default;
    loaded.XzReadableStream._contextMutex = { acquire: async () => {}, release: () => {} };
  }
  return loaded;
}
