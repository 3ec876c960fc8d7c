import type { NativeImage } from './image.ts';

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
 * @param called RVAs that direct calls go to (`count` of `values`): starts
 * where they fall outside every known range.
 */
export function findFunctions(
  image: NativeImage,
  called: { readonly count: number; readonly values: Float64Array },
): Functions {
  const starts = new Map<number, { end: number; symbol: number }>();
  const ranges = [...image.functionRanges].sort((a, b) => a.start - b.start);
  for (const range of ranges) {
    starts.set(range.start, { end: range.end ?? -1, symbol: -1 });
  }
  image.symbols.forEach((symbol, index) => {
    if (!symbol.isFunction || !isExecutable(image, symbol.rva)) return;
    const known = starts.get(symbol.rva);
    if (known === undefined) {
      starts.set(symbol.rva, {
        end: symbol.size > 0 ? symbol.rva + symbol.size : -1,
        symbol: index,
      });
    } else if (known.symbol < 0) {
      known.symbol = index;
    }
  });
  for (const { rva } of image.entryPoints) {
    if (!starts.has(rva) && isExecutable(image, rva)) starts.set(rva, { end: -1, symbol: -1 });
  }
  addCalled(image, called, starts);
  return columns(image, starts);
}

function addCalled(
  image: NativeImage,
  called: { readonly count: number; readonly values: Float64Array },
  starts: Map<number, { end: number; symbol: number }>,
): void {
  const covered = columns(image, starts);
  for (const rva of new Set(called.values.subarray(0, called.count))) {
    if (starts.has(rva) || !isExecutable(image, rva)) continue;
    const index = indexAt(covered, rva);
    const isInside = index >= 0 && (starts.get(covered.start[index]!)?.end ?? -1) > rva;
    if (!isInside) starts.set(rva, { end: -1, symbol: -1 });
  }
}

function isExecutable(image: NativeImage, rva: number): boolean {
  for (const range of image.ranges) {
    if (rva >= range.rva && rva < range.rva + range.fileSize) return range.executable;
  }
  return false;
}

function columns(
  image: NativeImage,
  starts: ReadonlyMap<number, { readonly end: number; readonly symbol: number }>,
): Functions {
  const start = Float64Array.from(starts.keys()).sort();
  const end = new Float64Array(start.length);
  const symbol = new Int32Array(start.length);
  for (let index = 0; index < start.length; index += 1) {
    const one = starts.get(start[index]!)!;
    const limit = Math.min(
      start[index + 1] ?? Number.POSITIVE_INFINITY,
      rangeEnd(image, start[index]!),
    );
    end[index] = one.end > start[index]! ? Math.min(one.end, limit) : limit;
    symbol[index] = one.symbol;
  }
  return { count: start.length, start, end, symbol };
}

function rangeEnd(image: NativeImage, rva: number): number {
  for (const range of image.ranges) {
    if (rva >= range.rva && rva < range.rva + range.fileSize) return range.rva + range.fileSize;
  }
  return rva;
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
