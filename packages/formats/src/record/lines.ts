import { latin1Text } from '@avow/bytes';

/**
 * A line longer than this is reported and stepped over: the longest real one
 * met is a bytecode signature of 83 kB; a line of 100 MB is an attack on memory.
 */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Bytes turned into text at once: enough that a piece costs little, small enough to let go of. */
const PIECE_BYTES = 1024 * 1024;

export interface Line {
  /** One character a byte, without the line end (`\n`, `\r\n`); undefined for one that is too long. */
  text: string | undefined;
  /** From 1. */
  number: number;
  /** Of its first byte, from the start of the member. */
  offset: number;
  /** Bytes, without the line end. */
  size: number;
}

/**
 * The lines of a member, in memory bounded by `MAX_LINE_BYTES`.
 *
 * The same object is given each time, with other contents: take what is to be
 * kept. A final line end starts no further line.
 */
export function* linesOf(pieces: Iterable<Uint8Array>): Generator<Line> {
  const line: Line = { text: '', number: 0, offset: 0, size: 0 };
  let rest = '';
  let skipped = 0;
  let offset = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += PIECE_BYTES) {
      const fresh = latin1Text(piece.subarray(from, from + PIECE_BYTES));
      const text = rest === '' ? fresh : rest + fresh;
      let at = 0;
      let end = text.indexOf('\n', rest.length);
      while (end !== -1) {
        give(line, text, at, end, offset, skipped);
        yield line;
        offset += skipped + end + 1 - at;
        skipped = 0;
        at = end + 1;
        end = text.indexOf('\n', at);
      }
      rest = at === 0 ? text : text.slice(at);
      if (skipped > 0 || rest.length > MAX_LINE_BYTES) {
        skipped += rest.length;
        rest = '';
      }
    }
  }
  if (rest.length + skipped > 0) {
    give(line, rest, 0, rest.length, offset, skipped);
    yield line;
  }
}

function give(
  line: Line,
  text: string,
  at: number,
  end: number,
  offset: number,
  skipped: number,
): void {
  const stop = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  line.number += 1;
  line.offset = offset;
  line.size = skipped + stop - at;
  line.text = skipped > 0 ? undefined : text.slice(at, stop);
}

/** A whole member as one text of one character a byte; undefined above `most` bytes. */
export function wholeText(pieces: Iterable<Uint8Array>, most: number): string | undefined {
  const texts: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    size += piece.length;
    if (size > most) return undefined;
    texts.push(latin1Text(piece));
  }
  return texts.length === 1 ? texts[0] : texts.join('');
}

/** Line numbers of offsets asked for in rising order, without counting from the start each time. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  /** The next line end, looked for once: some rule sets are one line of 50 MB. */
  #next: number;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf('\n');
  }

  lineAt(offset: number): number {
    while (this.#next !== -1 && this.#next < offset) {
      this.#line += 1;
      this.#next = this.#text.indexOf('\n', this.#next + 1);
    }
    return this.#line;
  }
}
