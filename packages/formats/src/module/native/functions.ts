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
  const targets = calls.to.slice(0, calls.count).sort();
  let last = Number.NaN;
  for (const target of targets) {
    if (target === last) continue;
    last = target;
    const index = indexAt(functions, target);
    if (index < 0 || (functions.start[index] !== target && functions.end[index]! <= target)) {
      known.push(target);
    } else if (functions.isGuessed[index] === 1 && functions.start[index] !== target) {
      known.push(target);
    }
  }
  return known.columns();
}

interface Columns extends Functions {
  /** 1 where the end is the next start, for want of a better one. */
  readonly isGuessed: Uint8Array;
}

/** Starts as they are found, sorted into columns at the end: a module has hundreds of thousands. */
class Starts {
  readonly #image: NativeImage;
  readonly #ranges: readonly MappedRange[];
  readonly #starts: number[] = [];

  constructor(image: NativeImage, ranges: readonly MappedRange[]) {
    this.#image = image;
    this.#ranges = ranges;
  }

  push(rva: number): void {
    if (this.#rangeEnd(rva) > rva) this.#starts.push(rva);
  }

  columns(): Columns {
    const all = Float64Array.from(this.#starts).sort();
    let count = 0;
    for (const start of all) if (count === 0 || all[count - 1] !== start) all[count++] = start;
    const start = all.subarray(0, count);
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
