import { Refused } from '@avow/bytes';
import { nameAt } from '../text.ts';
import type { ElfReader } from './header.ts';

/** One symbol table (gABI chapter 4, "Symbol Table"), as columns: tables reach a million rows. */
export interface ElfSymbols {
  readonly count: number;
  readonly value: Float64Array;
  readonly size: Float64Array;
  readonly section: Uint16Array;
  readonly info: Uint8Array;
  /** File offset of each name; zero-terminated before `namesEnd`. */
  readonly nameAt: Float64Array;
  readonly namesEnd: number;
  nameOf(index: number): string;
}

export const STT_FUNC = 2;
export const STT_GNU_IFUNC = 10;
export const SHN_UNDEF = 0;

/**
 * @param at Offset of the table, in bytes from the start of the file.
 * @param stringsAt Offset of its string table; `stringsSize` bytes.
 *
 * Values above 2^53 lose their last digits, and no mapped range reaches there.
 * Refuses `elf.symbols` when the table passes the end of the file.
 */
export function readSymbols(
  read: ElfReader,
  at: number,
  count: number,
  stringsAt: number,
  stringsSize: number,
): ElfSymbols {
  const step = read.bits === 64 ? 24 : 16;
  if (at + count * step > read.file.length) {
    throw new Refused('elf.symbols', at, `${count} symbols pass the end of the file`);
  }
  const value = new Float64Array(count);
  const size = new Float64Array(count);
  const section = new Uint16Array(count);
  const info = new Uint8Array(count);
  const names = new Float64Array(count);
  const wide = read.bits === 64;
  const little = read.littleEndian;
  const { bytes } = read.file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < count; index += 1) {
    const row = at + index * step;
    names[index] = stringsAt + view.getUint32(row, little);
    value[index] = wide ? number64(view, row + 8, little) : view.getUint32(row + 4, little);
    size[index] = wide ? number64(view, row + 16, little) : view.getUint32(row + 8, little);
    info[index] = bytes[row + (wide ? 4 : 12)]!;
    section[index] = view.getUint16(row + (wide ? 6 : 14), little);
  }
  const end = Math.min(read.file.length, stringsAt + stringsSize);
  return {
    count,
    value,
    size,
    section,
    info,
    nameAt: names,
    namesEnd: end,
    nameOf: (index) => nameAt(bytes, names[index]!, end),
  };
}

/** Digits above 2^53 are lost. */
export function number64(view: DataView, at: number, little: boolean): number {
  const first = view.getUint32(at, little);
  const second = view.getUint32(at + 4, little);
  return little ? first + second * 4294967296 : first * 4294967296 + second;
}

/**
 * How many symbols the dynamic table holds, from its hash table, since no tag
 * tells: `nchain` of DT_HASH, or the end of the last chain of DT_GNU_HASH.
 */
export function countByHash(
  read: ElfReader,
  hashAt: number | undefined,
  gnuHashAt: number | undefined,
  hashWord: 4 | 8 = 4,
): number {
  // On S/390 and Alpha its words have 64 bits where the file has (their ABI supplements).
  if (hashAt !== undefined) {
    return hashWord === 8 ? read.file.size64(hashAt + 8, read.littleEndian) : read.u32(hashAt + 4);
  }
  if (gnuHashAt === undefined) return 0;
  const buckets = read.u32(gnuHashAt);
  const first = read.u32(gnuHashAt + 4);
  const words = read.u32(gnuHashAt + 8);
  const bucketsAt = gnuHashAt + 16 + words * (read.bits / 8);
  read.file.need(bucketsAt, buckets * 4);
  let last = 0;
  for (let index = 0; index < buckets; index += 1) {
    last = Math.max(last, read.u32(bucketsAt + index * 4));
  }
  if (last < first) return first;
  const chainsAt = bucketsAt + buckets * 4;
  while ((read.u32(chainsAt + (last - first) * 4) & 1) === 0) last += 1;
  return last + 1;
}
