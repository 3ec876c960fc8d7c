import { Growing } from './columns.ts';
import { TextColumn } from './texts.ts';

/** Shorter runs are mostly chance; those that code refers to are kept apart. */
const MIN_TEXT = 4;
/** Bytes of a text that are kept; what follows is a text of its own. */
const MAX_TEXT = 1_024;
/** More than any module that was seen has: node has 0.6 million. */
const MAX_STRINGS = 1_500_000;

/** Texts of a module, in the order in which they were found. */
export class StringColumns {
  readonly rva = new Growing();
  readonly offset = new Growing();
  /** Bytes of the file. */
  readonly size = new Growing();
  readonly text = new TextColumn();
  isCut = false;

  /** Runs of printable ASCII, in 8 and in 16 bits, of the bytes from `start` to before `end`. */
  scan(bytes: Uint8Array, start: number, end: number, toRva: number): void {
    for (let at = start; at < end && !this.isCut; ) {
      const narrow = narrowEnd(bytes, at, end);
      if (narrow - at >= MIN_TEXT) {
        this.#push(bytes.subarray(at, narrow), at, narrow - at, toRva);
        at = narrow;
        continue;
      }
      const wide = wideEnd(bytes, at, end);
      if (wide - at >= 2 * MIN_TEXT) {
        const text = bytes.subarray(at, wide).filter((_, index) => index % 2 === 0);
        this.#push(text, at, wide - at, toRva);
        at = wide;
        continue;
      }
      // The last of a short run may be the first of a wide one.
      at = Math.max(at + 1, narrow - 1);
    }
  }

  #push(text: Uint8Array, offset: number, size: number, toRva: number): void {
    if (this.rva.count === MAX_STRINGS) {
      this.isCut = true;
      return;
    }
    this.rva.push(offset + toRva);
    this.offset.push(offset);
    this.size.push(size);
    this.text.pushBytes(text);
  }

  columns(): Readonly<Record<string, Float64Array | Uint32Array | Uint8Array>> {
    const { bytes, ends } = this.text.done();
    return {
      'string.rva': this.rva.done(),
      'string.offset': this.offset.done(),
      'string.size': this.size.done(),
      'string.text': bytes,
      'string.text.ends': ends,
    };
  }
}

function narrowEnd(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + MAX_TEXT);
  let to = at;
  while (to < last && isPrintable(bytes[to]!)) to += 1;
  return to;
}

/** End of the UTF-16LE run of printable ASCII that begins at `at`. */
function wideEnd(bytes: Uint8Array, at: number, end: number): number {
  let to = at;
  while (to + 1 < end && isPrintable(bytes[to]!) && bytes[to + 1] === 0 && to - at < 2 * MAX_TEXT) {
    to += 2;
  }
  return to;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
