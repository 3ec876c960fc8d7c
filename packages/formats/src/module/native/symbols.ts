import { nameAt } from './text.ts';

/**
 * Symbols in order of address, as columns: a module has hundreds of thousands,
 * and a name is decoded only for whoever asks.
 */
export interface NativeSymbols {
  readonly count: number;
  readonly rva: Float64Array;
  /** 0 where the format does not tell. */
  readonly size: Float64Array;
  /** `SymbolFlag`s. */
  readonly flags: Uint8Array;
  /** Refuses `native.name` when nothing ends the name. */
  nameOf(index: number): string;
  /** Indices of symbols whose names begin so (ASCII), in order; no name is decoded for it. */
  withPrefix(prefix: string): number[];
}

export const SymbolFlag = { function: 1, exported: 2 } as const;

/** Products of an address and a count above this cannot be sorted as one number. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Symbols at one address that are compared: a file with a million there costs no more. */
const MAX_COMPARED = 64;

/** Collects symbols in any order and gives them sorted. */
export class SymbolColumns {
  readonly #bytes: Uint8Array;
  #count = 0;
  #rva = new Float64Array(256);
  #size = new Float64Array(256);
  #flags = new Uint8Array(256);
  /** File offset of the name, or -1 - index into `#texts`. */
  #name = new Float64Array(256);
  /** Where the name must have ended. */
  #nameEnd = new Float64Array(256);
  readonly #texts: string[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A symbol whose name is in the file, zero-terminated before `nameEnd`. */
  push(rva: number, size: number, flags: number, nameAtOffset: number, nameEnd: number): void {
    if (this.#count === this.#rva.length) this.#grow(this.#count * 2);
    this.#rva[this.#count] = rva;
    this.#size[this.#count] = size;
    this.#flags[this.#count] = flags;
    this.#name[this.#count] = nameAtOffset;
    this.#nameEnd[this.#count] = nameEnd;
    this.#count += 1;
  }

  /** A symbol whose name the file does not hold as it is. */
  pushNamed(rva: number, size: number, flags: number, name: string): void {
    this.#texts.push(name);
    this.push(rva, size, flags, -this.#texts.length, 0);
  }

  /** In order of address; of equal names at one address (two tables) the exported one is kept. */
  done(): NativeSymbols {
    const order = this.#order();
    const kept = new Uint32Array(order.length);
    let count = 0;
    for (const index of order) {
      if (this.#isRepeated(index, kept, count)) continue;
      kept[count++] = index;
    }
    const pick = <Column extends Float64Array | Uint8Array>(from: Column, to: Column): Column => {
      for (let at = 0; at < count; at += 1) to[at] = from[kept[at]!]!;
      return to;
    };
    const name = pick(this.#name, new Float64Array(count));
    const nameEnd = pick(this.#nameEnd, new Float64Array(count));
    const texts = this.#texts;
    const bytes = this.#bytes;
    return {
      count,
      rva: pick(this.#rva, new Float64Array(count)),
      size: pick(this.#size, new Float64Array(count)),
      flags: pick(this.#flags, new Uint8Array(count)),
      nameOf: (index) =>
        name[index]! < 0 ? texts[-name[index]! - 1]! : nameAt(bytes, name[index]!, nameEnd[index]!),
      withPrefix: (prefix) => {
        const found: number[] = [];
        for (let index = 0; index < count; index += 1) {
          const at = name[index]!;
          const isNamed =
            at < 0 ? texts[-at - 1]!.startsWith(prefix) : startsWithAt(bytes, at, prefix);
          if (isNamed) found.push(index);
        }
        return found;
      },
    };
  }

  /** Indices by address, then exported first, then as they came. */
  #order(): Float64Array | number[] {
    const count = this.#count;
    let highest = 0;
    for (let index = 0; index < count; index += 1) {
      highest = Math.max(highest, this.#rva[index]!);
    }
    const scale = 2 * count;
    if ((highest + 1) * scale > MAX_EXACT) {
      return Array.from({ length: count }, (_, index) => index).sort(
        (a, b) => this.#rva[a]! - this.#rva[b]! || this.#rank(a) - this.#rank(b),
      );
    }
    const keys = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      keys[index] = this.#rva[index]! * scale + this.#rank(index);
    }
    keys.sort();
    for (let at = 0; at < count; at += 1) keys[at] = (keys[at]! % scale) % count;
    return keys;
  }

  #rank(index: number): number {
    return (this.#flags[index]! & SymbolFlag.exported) !== 0 ? index : this.#count + index;
  }

  /** Only names from different tables are compared: one table does not repeat itself. */
  #isRepeated(index: number, kept: Uint32Array, count: number): boolean {
    for (let at = count - 1; at >= Math.max(0, count - MAX_COMPARED); at -= 1) {
      const other = kept[at]!;
      if (this.#rva[other] !== this.#rva[index]) return false;
      if (this.#nameEnd[other] !== this.#nameEnd[index] && this.#isSameName(other, index)) {
        return true;
      }
    }
    return false;
  }

  #isSameName(a: number, b: number): boolean {
    let left = this.#name[a]!;
    let right = this.#name[b]!;
    if (left < 0 || right < 0) return false;
    const bytes = this.#bytes;
    while (left < bytes.length && bytes[left] === bytes[right]) {
      if (bytes[left] === 0) return true;
      left += 1;
      right += 1;
    }
    return false;
  }

  #grow(size: number): void {
    const wider = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(size);
      to.set(from);
      return to;
    };
    this.#rva = wider(this.#rva);
    this.#size = wider(this.#size);
    this.#name = wider(this.#name);
    this.#nameEnd = wider(this.#nameEnd);
    const flags = new Uint8Array(size);
    flags.set(this.#flags);
    this.#flags = flags;
  }
}

function startsWithAt(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (bytes[offset + at] !== text.charCodeAt(at)) return false;
  }
  return true;
}

/** Known starts of functions by tables other than symbols, in the order of the table. */
export interface FunctionRanges {
  readonly count: number;
  readonly start: Float64Array;
  /** First byte after; 0 where only the start is known. */
  readonly end: Float64Array;
}

/** Collects function ranges. */
export class RangeColumns implements FunctionRanges {
  count = 0;
  start = new Float64Array(256);
  end = new Float64Array(256);

  push(start: number, end: number): void {
    if (this.count === this.start.length) {
      const size = this.count * 2;
      const [oldStart, oldEnd] = [this.start, this.end];
      this.start = new Float64Array(size);
      this.end = new Float64Array(size);
      this.start.set(oldStart);
      this.end.set(oldEnd);
    }
    this.start[this.count] = start;
    this.end[this.count] = end;
    this.count += 1;
  }
}
