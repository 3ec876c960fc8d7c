import { Refused } from '@avow/bytes';
import type { NativeImport } from '../image.ts';
import { nameAt } from '../text.ts';
import type { MachoFile } from './file.ts';

/** How a link of a chain is laid out (<mach-o/fixup-chains.h>, `DYLD_CHAINED_PTR_*`). */
interface Layout {
  readonly bits: 32 | 64;
  /** Whether pointers may be signed, as arm64e's are. */
  readonly isSigned: boolean;
  /** Bytes that the distance to the next link counts in. */
  readonly step: number;
  /** Bits of the ordinal in a bind. */
  readonly ordinal: number;
}

const ARM64E = { bits: 64, isSigned: true, step: 8, ordinal: 16 } as const;
const PLAIN = { bits: 64, isSigned: false, step: 4, ordinal: 24 } as const;

/**
 * By format: ARM64E, 64, 32, 64_OFFSET, ARM64E_KERNEL, ARM64E_USERLAND,
 * ARM64E_FIRMWARE, ARM64E_USERLAND24. Others are those of kernels and of the
 * system's shared cache, which no product is delivered in.
 */
const LAYOUTS: Readonly<Record<number, Layout>> = {
  1: ARM64E,
  2: PLAIN,
  3: { bits: 32, isSigned: false, step: 4, ordinal: 20 },
  6: PLAIN,
  7: { ...ARM64E, step: 4 },
  9: ARM64E,
  10: { ...ARM64E, step: 4 },
  12: { ...ARM64E, ordinal: 24 },
};

const PAGE_NONE = 0xffff;
/** A page of 32-bit links may have several chains. */
const PAGE_MANY = 0x8000;

export interface BoundName {
  readonly name: string;
  readonly library: string | undefined;
}

/**
 * What a table binds, and how many pointers are left to it: a file that is as
 * it should be fills each of its words once, however often a hostile one says
 * that the same is done again.
 */
export class Bound {
  readonly imports: NativeImport[] = [];
  #left: number;

  constructor(file: MachoFile) {
    this.#left = file.cursor.length / 4;
  }

  /** One more pointer is looked at. Refuses `macho.binds` when there are more than the file has words. */
  count(rva: number): void {
    this.#left -= 1;
    if (this.#left < 0)
      throw new Refused('macho.binds', rva, 'more pointers than the file has words');
  }
}

/** Imports by chained fixups (<mach-o/fixup-chains.h>). Refuses `macho.fixups` for what it does not know. */
export function chainedImportsOf(file: MachoFile, at: number, size: number): NativeImport[] {
  file.cursor.need(at, size);
  const names = chainedNames(file, at, size);
  const found = new Bound(file);
  for (const start of segmentStarts(file, at)) walkSegment(file, start, names, found);
  const { imports } = found;
  const bound = new Set(imports.map((one) => one.name));
  for (const one of names) if (!bound.has(one.name)) imports.push({ ...one, slot: undefined });
  return imports;
}

/** The format of a file's chains: one for all segments, as linkers write it. Undefined where it has none. */
export function chainedFormatOf(file: MachoFile, at: number): number | undefined {
  const first = segmentStarts(file, at)[0];
  return first === undefined ? undefined : file.cursor.u16(first + 6);
}

/** Offsets of `dyld_chained_starts_in_segment`, of the segments that have chains. */
function segmentStarts({ cursor, segments }: MachoFile, at: number): number[] {
  const startsAt = at + cursor.u32(at + 4);
  const count = cursor.u32(startsAt);
  if (count > segments.length) {
    throw new Refused('macho.fixups', startsAt, `chains for ${count} segments`);
  }
  cursor.need(startsAt + 4, count * 4);
  return Array.from({ length: count }, (_, index) => cursor.u32(startsAt + 4 + index * 4))
    .filter((offset) => offset !== 0)
    .map((offset) => startsAt + offset);
}

function chainedNames(file: MachoFile, at: number, size: number): BoundName[] {
  const { cursor } = file;
  const importsAt = at + cursor.u32(at + 8);
  const textAt = at + cursor.u32(at + 12);
  const count = cursor.u32(at + 16);
  const format = cursor.u32(at + 20);
  const step = format === 1 ? 4 : format === 2 ? 8 : format === 3 ? 16 : 0;
  if (step === 0 || count * step > size) {
    throw new Refused('macho.fixups', at + 16, `${count} imports of format ${format}`);
  }
  return Array.from({ length: count }, (_, index) => {
    const row = importsAt + index * step;
    const word = cursor.u32(row);
    const isWide = format === 3;
    const ordinal = isWide ? cursor.u16(row) : word & 0xff;
    const nameOffset = isWide ? cursor.u32(row + 4) : word >>> 9;
    return { name: nameAt(cursor.bytes, textAt + nameOffset), library: file.library(ordinal) };
  });
}

function walkSegment(file: MachoFile, at: number, names: readonly BoundName[], found: Bound): void {
  const { cursor } = file;
  const pageSize = cursor.u16(at + 4);
  const format = cursor.u16(at + 6);
  const rva = cursor.size64(at + 8);
  const pages = cursor.u16(at + 20);
  if (LAYOUTS[format] === undefined) {
    throw new Refused('macho.fixups', at + 6, `pointer format ${format}`);
  }
  for (let page = 0; page < pages; page += 1) {
    for (const start of pageStarts(file, at, page, format)) {
      walkChain(file, rva + page * pageSize + start, format, names, found);
    }
  }
}

/** Where chains start in a page: none, one, or a list that ends in a marked one. */
function pageStarts({ cursor }: MachoFile, at: number, page: number, format: number): number[] {
  const start = cursor.u16(at + 22 + page * 2);
  if (start === PAGE_NONE) return [];
  if (LAYOUTS[format]!.bits === 64 || (start & PAGE_MANY) === 0) return [start];
  const starts: number[] = [];
  for (let index = start & ~PAGE_MANY; ; index += 1) {
    const one = cursor.u16(at + 22 + index * 2);
    starts.push(one & ~PAGE_MANY);
    if ((one & PAGE_MANY) !== 0) return starts;
  }
}

/** Adds what the links of one chain bind. */
export function walkChain(
  file: MachoFile,
  start: number,
  format: number,
  names: readonly BoundName[],
  found: Bound,
): void {
  const { bits, isSigned, step, ordinal } = LAYOUTS[format]!;
  let rva = start;
  for (;;) {
    found.count(rva);
    const at = file.offset(rva);
    const value = bits === 64 ? file.cursor.u64(at) : BigInt(file.cursor.u32(at));
    const isBind = ((value >> (isSigned ? 62n : BigInt(bits - 1))) & 1n) === 1n;
    if (isBind) {
      const name = names[Number(value & ((1n << BigInt(ordinal)) - 1n))];
      if (name !== undefined) found.imports.push({ ...name, slot: rva });
    }
    const next = bits === 32 ? (value >> 26n) & 31n : (value >> 51n) & (isSigned ? 0x7ffn : 0xfffn);
    if (next === 0n) return;
    rva += Number(next) * step;
  }
}

/**
 * Offset from the image, or virtual address, of the target that a link holds;
 * undefined for one that binds. A signed pointer has 32 bits of it, with what
 * it is signed for above.
 */
export function targetOfLink(value: bigint, format: number): number | undefined {
  const { bits, isSigned } = LAYOUTS[format] ?? PLAIN;
  if (bits === 32) return value >> 31n === 1n ? undefined : Number(value & 0x3ff_ffffn);
  if (!isSigned) return value >> 63n === 1n ? undefined : Number(value & 0xf_ffff_ffffn);
  if (((value >> 62n) & 1n) === 1n) return undefined;
  return Number(value & (value >> 63n === 1n ? 0xffff_ffffn : 0x7ff_ffff_ffffn));
}
