import type { MappedRange, NativeImage } from './image.ts';
import type { Calls } from './sites.ts';
import { SymbolFlag } from './symbols.ts';

/**
 * Where functions start, from every evidence the file holds, as sorted
 * columns. `end` is the known end, or the next start, or the end of the range.
 */
export interface Functions {
  readonly count: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into the image's symbols; -1 for the nameless. */
  readonly symbol: Int32Array;
}

/**
 * Functions lie in `ranges`, the executable ones; `guesses` are starts too. Targets of direct calls are starts where they fall outside every known range.
 */
export function findFunctions(
  image: NativeImage,
  ranges: readonly MappedRange[],
  calls: Pick<Calls, 'count' | 'to'>,
  guesses: readonly number[],
): Functions {
  const known = new Starts(image, ranges);
  const { functionRanges, symbols } = image;
  for (let index = 0; index < functionRanges.count; index += 1) {
    known.push(functionRanges.start[index]!);
  }
  for (let index = 0; index < symbols.count; index += 1) {
    if ((symbols.flags[index]! & SymbolFlag.function) !== 0) known.push(symbols.rva[index]!);
  }
  for (const entry of image.entryPoints) known.push(entry.rva);
  for (const guess of guesses) known.push(guess);
  const functions = known.columns();
  const targets = new Starts(image, ranges);
  for (let call = 0; call < calls.count; call += 1) targets.push(calls.to[call]!);
  let index = -1;
  let isNew = false;
  for (const target of targets.sorted()) {
    while (index + 1 < functions.count && functions.start[index + 1]! <= target) index += 1;
    if (index >= 0 && functions.start[index] === target) continue;
    if (index < 0 || functions.end[index]! <= target || functions.isGuessed[index] === 1) {
      known.push(target);
      isNew = true;
    }
  }
  return isNew ? known.columns() : functions;
}

interface Columns extends Functions {
  /** 1 where the end is the next start, for want of a better one. */
  readonly isGuessed: Uint8Array;
}

/** Starts as they are found, a bit a byte of the code: a module has hundreds of thousands, some of them often. */
class Starts {
  readonly #image: NativeImage;
  /** In order of address. */
  readonly #ranges: readonly MappedRange[];
  readonly #bits: readonly Uint32Array[];

  constructor(image: NativeImage, ranges: readonly MappedRange[]) {
    this.#image = image;
    this.#ranges = ranges.toSorted((a, b) => a.rva - b.rva);
    this.#bits = this.#ranges.map(({ fileSize }) => new Uint32Array((fileSize >> 5) + 1));
  }

  push(rva: number): void {
    const ranges = this.#ranges;
    for (let index = 0; index < ranges.length; index += 1) {
      const within = rva - ranges[index]!.rva;
      if (within < 0 || within >= ranges[index]!.fileSize) continue;
      this.#bits[index]![within >>> 5]! |= 1 << (within & 31);
      return;
    }
  }

  /** Each once, in order of address. */
  sorted(): Float64Array {
    const found: number[] = [];
    this.#bits.forEach((words, index) => {
      const { rva } = this.#ranges[index]!;
      for (let at = 0; at < words.length; at += 1) {
        for (let word = words[at]!; word !== 0; word &= word - 1) {
          found.push(rva + at * 32 + 31 - Math.clz32(word & -word));
        }
      }
    });
    // Sections of a broken file may overlap in memory.
    const sorted = Float64Array.from(found);
    for (let at = 1; at < sorted.length; at += 1) {
      if (sorted[at]! <= sorted[at - 1]!) return Float64Array.from(new Set(sorted.sort()));
    }
    return sorted;
  }

  columns(): Columns {
    const start = this.sorted();
    const count = start.length;
    const end = new Float64Array(count);
    const symbol = new Int32Array(count).fill(-1);
    this.#known({ count, start }, end, symbol);
    const isGuessed = new Uint8Array(count);
    for (let index = 0; index < count; index += 1) {
      const limit = Math.min(
        start[index + 1] ?? Number.POSITIVE_INFINITY,
        this.#rangeEnd(start[index]!),
      );
      isGuessed[index] = end[index] === 0 ? 1 : 0;
      end[index] = end[index] === 0 ? limit : Math.min(end[index]!, limit);
    }
    return { count, start, end, symbol, isGuessed };
  }

  /** Ends and names where a table tells: unwind ranges before symbols, exported names first. */
  #known(starts: Pick<Functions, 'count' | 'start'>, end: Float64Array, symbol: Int32Array): void {
    const { symbols, functionRanges } = this.#image;
    let index = 0;
    for (let position = 0; position < symbols.count; position += 1) {
      if ((symbols.flags[position]! & SymbolFlag.function) === 0) continue;
      const rva = symbols.rva[position]!;
      while (index < starts.count && starts.start[index]! < rva) index += 1;
      if (starts.start[index] !== rva) continue;
      if (symbol[index]! < 0) symbol[index] = position;
      if (symbols.size[position]! > 0) end[index] = rva + symbols.size[position]!;
    }
    for (let row = 0; row < functionRanges.count; row += 1) {
      if (functionRanges.end[row] === 0) continue;
      const found = indexAt(starts, functionRanges.start[row]!);
      if (found >= 0 && starts.start[found] === functionRanges.start[row]) {
        end[found] = functionRanges.end[row]!;
      }
    }
  }

  /** End of the executable bytes that hold an RVA; the RVA itself where none do. */
  #rangeEnd(rva: number): number {
    for (const range of this.#ranges) {
      if (rva >= range.rva && rva < range.rva + range.fileSize) return range.rva + range.fileSize;
    }
    return rva;
  }
}

/** Index of the function whose start is the last at or before an RVA; -1 before the first. */
export function indexAt(functions: Pick<Functions, 'count' | 'start'>, rva: number): number {
  let low = 0;
  let high = functions.count - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (functions.start[middle]! <= rva) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

/** The function that holds an RVA; -1 between functions. */
export function functionAt(functions: Functions, rva: number): number {
  const index = indexAt(functions, rva);
  return index >= 0 && rva < functions.end[index]! ? index : -1;
}
