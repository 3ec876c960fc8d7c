import { latin1Text, utf8Bytes, utf8Text } from '@avow/bytes';

/** Many texts in one column of bytes: a module has hundreds of thousands. */
export class Texts {
  readonly count: number;
  readonly #bytes: Uint8Array;
  /** Where each ends in `#bytes`. */
  readonly #ends: Uint32Array;
  #lower: Lowered | undefined;

  constructor(bytes: Uint8Array, ends: Uint32Array) {
    this.count = ends.length;
    this.#bytes = bytes;
    this.#ends = ends;
  }

  at(index: number): string {
    const piece = this.#piece(index);
    // One that was cut within a character is no UTF-8.
    return utf8Text(piece) ?? latin1Text(piece);
  }

  #piece(index: number): Uint8Array {
    const start = index === 0 ? 0 : this.#ends[index - 1]!;
    return this.#bytes.subarray(start, this.#ends[index]!);
  }

  /**
   * Indices from `from` on of texts that contain `words`, ASCII letters in
   * either case; `limit` of them at most. Linear in the bytes.
   */
  find(words: string, from: number, limit: number): number[] {
    const wanted = lowered(utf8Bytes(words)).bytes;
    this.#lower ??= lowered(this.#bytes);
    const anchor = rarestOf(wanted, this.#lower.counts);
    const found: number[] = [];
    let index = from;
    let at = from === 0 ? 0 : (this.#ends[from - 1] ?? this.#bytes.length);
    while (found.length < limit && index < this.count) {
      at = indexOf(this.#lower.bytes, wanted, anchor, at);
      if (at < 0) break;
      index = this.#holding(at, index);
      const end = this.#ends[index]!;
      // A match that runs over the end of its text is none.
      if (at + wanted.length > end) {
        at += 1;
        continue;
      }
      found.push(index);
      index += 1;
      at = end;
    }
    return found;
  }

  /** Index of the text that holds a byte, at or after `low`. */
  #holding(at: number, low: number): number {
    let high = this.count - 1;
    let first = low;
    while (first < high) {
      const middle = (first + high) >> 1;
      if (this.#ends[middle]! > at) high = middle;
      else first = middle + 1;
    }
    return first;
  }
}

/** Collects texts, each cut at `MAX_BYTES`. */
export class TextColumn {
  #bytes = new Uint8Array(1 << 16);
  #size = 0;
  #ends = new Uint32Array(1 << 10);
  #count = 0;

  push(text: string): void {
    this.pushBytes(
      utf8Bytes(text.length > MAX_BYTES ? text.slice(0, MAX_BYTES).toWellFormed() : text),
    );
  }

  /** UTF-8. */
  pushBytes(text: Uint8Array): void {
    const piece = text.subarray(0, MAX_BYTES);
    while (this.#size + piece.length > this.#bytes.length) this.#bytes = doubled(this.#bytes);
    this.#bytes.set(piece, this.#size);
    this.#size += piece.length;
    if (this.#count === this.#ends.length) {
      const wider = new Uint32Array(this.#count * 2);
      wider.set(this.#ends);
      this.#ends = wider;
    }
    this.#ends[this.#count++] = this.#size;
  }

  /** The columns that `Texts` reads. */
  done(): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
    return {
      bytes: this.#bytes.subarray(0, this.#size),
      ends: this.#ends.subarray(0, this.#count),
    };
  }
}

/** A longer name is an attack on whoever prints it. */
const MAX_BYTES = 4_096;

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(bytes.length * 2);
  wider.set(bytes);
  return wider;
}

/** Bytes with ASCII letters in lower case, and how often each byte is among them. */
interface Lowered {
  readonly bytes: Uint8Array;
  readonly counts: Uint32Array;
}

function lowered(bytes: Uint8Array): Lowered {
  const lower = new Uint8Array(bytes.length);
  const counts = new Uint32Array(256);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    const low = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    lower[at] = low;
    counts[low]! += 1;
  }
  return { bytes: lower, counts };
}

/** Which byte of a word is the rarest: the one to look for. */
function rarestOf(wanted: Uint8Array, counts: Uint32Array): number {
  let rarest = 0;
  for (let at = 1; at < wanted.length; at += 1) {
    if (counts[wanted[at]!]! < counts[wanted[rarest]!]!) rarest = at;
  }
  return rarest;
}

/** Where `wanted` is next, by its byte at `anchor`, which is sought natively. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, anchor: number, from: number): number {
  if (wanted.length === 0) return from < bytes.length ? from : -1;
  const sought = wanted[anchor]!;
  for (let at = bytes.indexOf(sought, from + anchor); at >= 0; at = bytes.indexOf(sought, at + 1)) {
    const start = at - anchor;
    let same = 0;
    while (same < wanted.length && bytes[start + same] === wanted[same]) same += 1;
    if (same === wanted.length) return start;
  }
  return -1;
}
