import { type FunctionRanges, RangeColumns } from '../symbols.ts';
import type { ElfReader } from './header.ts';

/**
 * Function ranges of `.eh_frame` (LSB 5.0, "Exception Frames"; DWARF 5, 6.4).
 *
 * Only what names the range is read: the pointer encoding of each CIE and the
 * start and length of each FDE. `at` and `size` in bytes from the start of the
 * file, `rva` the section's address. Addresses out of the image are dropped.
 */
export function readUnwindRanges(
  read: ElfReader,
  at: number,
  size: number,
  rva: number,
): FunctionRanges {
  const end = Math.min(read.file.length, at + size);
  const encodings = new Map<number, number>();
  const ranges = new RangeColumns();
  let offset = at;
  while (offset + 8 <= end) {
    const length = read.u32(offset);
    // A length of 0xffffffff announces 64-bit DWARF, which no toolchain puts here.
    if (length === 0 || length === 0xffffffff) break;
    const next = offset + 4 + length;
    if (next > end) break;
    const cieDistance = read.u32(offset + 4);
    if (cieDistance === 0) {
      encodings.set(offset, pointerEncoding(read, offset + 8, next));
    } else {
      const encoding = encodings.get(offset + 4 - cieDistance);
      if (encoding !== undefined) pushRange(ranges, read, offset + 8, next, encoding, rva - at);
    }
    offset = next;
  }
  return ranges;
}

/** DW_EH_PE_*: low four bits the size, next three what it is relative to. */
const ABSOLUTE = 0x00;
const PC_RELATIVE = 0x10;

function pushRange(
  ranges: RangeColumns,
  read: ElfReader,
  at: number,
  end: number,
  encoding: number,
  rvaMinusOffset: number,
): void {
  const size = sizeOf(encoding, read.bits);
  const relation = encoding & 0x70;
  if (size === 0 || at + 2 * size > end || (relation !== PC_RELATIVE && relation !== ABSOLUTE)) {
    return;
  }
  const value = signed(read, at, size, encoding);
  const start = relation === PC_RELATIVE ? value + at + rvaMinusOffset : value;
  const length = unsigned(read, at + size, size);
  if (start > 0 && length > 0 && Number.isSafeInteger(start + length)) {
    ranges.push(start, start + length);
  }
}

function sizeOf(encoding: number, bits: 32 | 64): number {
  switch (encoding & 0x07) {
    case 0:
      return bits / 8;
    case 2:
      return 2;
    case 3:
      return 4;
    case 4:
      return 8;
    default:
      return 0;
  }
}

function unsigned(read: ElfReader, at: number, size: number): number {
  if (size === 2) return read.u16(at);
  if (size === 4) return read.u32(at);
  return Number(read.file.u64(at, read.littleEndian));
}

function signed(read: ElfReader, at: number, size: number, encoding: number): number {
  const value = unsigned(read, at, size);
  if ((encoding & 0x08) === 0 && (encoding & 0x70) === ABSOLUTE) return value;
  if (size === 2) return (value << 16) >> 16;
  if (size === 4) return value | 0;
  return Number(BigInt.asIntN(64, read.file.u64(at, read.littleEndian)));
}

/** The FDE pointer encoding that a CIE's augmentation gives; absolute where it gives none. */
function pointerEncoding(read: ElfReader, at: number, end: number): number {
  const { bytes } = read.file;
  const version = bytes[at];
  let augmentation = '';
  let offset = at + 1;
  while (offset < end && bytes[offset] !== 0) {
    augmentation += String.fromCharCode(bytes[offset]!);
    offset += 1;
  }
  offset += 1;
  if (!augmentation.startsWith('z')) return ABSOLUTE;
  if (version === 4) offset += 2;
  offset = skipLeb(bytes, skipLeb(bytes, offset));
  offset = version === 1 ? offset + 1 : skipLeb(bytes, offset);
  offset = skipLeb(bytes, offset);
  for (const letter of augmentation.slice(1)) {
    if (letter === 'R') return offset < end ? bytes[offset]! : ABSOLUTE;
    if (letter === 'L') offset += 1;
    else if (letter === 'P') offset += 1 + sizeOf(bytes[offset] ?? 0, read.bits);
    else if (letter !== 'S' && letter !== 'B') return ABSOLUTE;
  }
  return ABSOLUTE;
}

function skipLeb(bytes: Uint8Array, at: number): number {
  let offset = at;
  while (offset < bytes.length && (bytes[offset]! & 0x80) !== 0) offset += 1;
  return offset + 1;
}
