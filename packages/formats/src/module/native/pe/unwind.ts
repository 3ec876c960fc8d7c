import { type FunctionRanges, RangeColumns } from '../symbols.ts';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';

const X86_64 = 34404;
const AARCH64 = 43620;
/** UNW_FLAG_CHAININFO: the range continues another function. */
const CHAINED = 4;

/**
 * Function ranges of `.pdata` (x64 and ARM64 exception handling ABI). Chained
 * x64 entries are parts of a function and give no start of their own; one that
 * goes on where the function ended makes it longer.
 */
export function readUnwindRanges(file: PeFile): FunctionRanges {
  const table = file.header.directories[DIRECTORY.exceptions];
  if (table === undefined || table.rva === 0) return new RangeColumns();
  if (file.header.machine === X86_64) return x64(file, table.rva, table.size);
  if (file.header.machine === AARCH64) return arm64(file, table.rva, table.size);
  return new RangeColumns();
}

function x64(file: PeFile, rva: number, size: number): FunctionRanges {
  const at = file.offset(rva);
  const count = Math.min(Math.floor(size / 12), Math.floor((file.cursor.length - at) / 12));
  const ranges = new RangeColumns();
  for (let index = 0; index < count; index += 1) {
    const row = at + index * 12;
    const start = file.cursor.u32(row);
    const end = file.cursor.u32(row + 4);
    if (end <= start) continue;
    const info = file.cursor.u32(row + 8);
    const isChained = (file.cursor.u8(file.offset(info & ~1)) >> 3) & CHAINED;
    if ((info & 1) !== 0) continue;
    if (!isChained) ranges.push(start, end);
    else if (ranges.count > 0 && ranges.end[ranges.count - 1] === start) {
      ranges.end[ranges.count - 1] = end;
    }
  }
  return ranges;
}

function arm64(file: PeFile, rva: number, size: number): FunctionRanges {
  const at = file.offset(rva);
  const count = Math.min(Math.floor(size / 8), Math.floor((file.cursor.length - at) / 8));
  const ranges = new RangeColumns();
  for (let index = 0; index < count; index += 1) {
    const start = file.cursor.u32(at + index * 8);
    const word = file.cursor.u32(at + index * 8 + 4);
    const isPacked = (word & 3) !== 0;
    const length = isPacked
      ? ((word >>> 2) & 0x7ff) * 4
      : (file.cursor.u32(file.offset(word)) & 0x3ffff) * 4;
    if (length > 0) ranges.push(start, start + length);
  }
  return ranges;
}
