import type { FunctionRanges, NativeSymbols } from './symbols.ts';

/**
 * What ELF, PE and Mach-O have in common: an image of sections at addresses,
 * with imports at slots, symbols and functions.
 *
 * Inside, an address is an RVA: bytes from `base`, a number below 2^53. `base`
 * is the lowest loaded address of an ELF or Mach-O file and the ImageBase of a
 * PE file, so that RVA, VA and file offset translate both ways. Zero is an
 * address everywhere.
 */
export type Architecture = 'x86' | 'x86-64' | 'aarch64' | 'arm' | 'other';

export interface NativeImage {
  readonly format: 'elf' | 'pe' | 'macho';
  readonly architecture: Architecture;
  /** For people: `AArch64`, `RISC-V`, `machine 0x1234`. */
  readonly machine: string;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly bytes: Uint8Array;
  readonly base: bigint;
  /** What a loader maps, in order of address. */
  readonly ranges: readonly MappedRange[];
  readonly sections: readonly Section[];
  readonly imports: readonly NativeImport[];
  readonly symbols: NativeSymbols;
  /** Exports of a PE file that are another library's: `name` stands for `ntdll.RtlAllocateHeap`. */
  readonly forwards?: readonly { readonly name: string; readonly to: string }[];
  /** Known starts of functions, by any table of the file but symbols: unwind tables, entry points. */
  readonly functionRanges: FunctionRanges;
  readonly entryPoints: readonly EntryPoint[];
  /** RVA that 32-bit ELF stubs count slots from (DT_PLTGOT); undefined elsewhere. */
  readonly globalOffsets: number | undefined;
  /** Libraries asked for, in order. */
  readonly libraries: readonly string[];
  /** GNU build id, PDB id and age, or Mach-O UUID, in hex; undefined where there is none. */
  readonly buildId: string | undefined;
  /** Facts worth showing that are not places: signer, version resource, entitlements. */
  readonly facts: readonly Fact[];
  /** What was there and could not be read, without stopping the rest. */
  readonly unread: readonly Unread[];
  /**
   * RVA that the pointer at an RVA has once a loader relocated it; undefined
   * where no pointer into the image stands. What an import fills is none.
   */
  readonly pointerAt: (rva: number) => number | undefined;
}

export interface MappedRange {
  readonly rva: number;
  /** Bytes in memory; those beyond `fileSize` are zero. */
  readonly size: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly executable: boolean;
  readonly writable: boolean;
}

export interface Section {
  readonly name: string;
  readonly rva: number;
  readonly size: number;
  /** Undefined for a section without bytes in the file. */
  readonly offset: number | undefined;
  readonly executable: boolean;
  readonly writable: boolean;
}

export interface NativeImport {
  readonly name: string;
  /** The library, where the format binds a name to one; lower case for PE. */
  readonly library: string | undefined;
  /** RVA of the pointer that the loader fills; several slots may hold one name. */
  readonly slot: number | undefined;
  /** RVA of the symbol where the file itself defines what it imports, as ELF libraries do. */
  readonly own?: number;
}

export interface EntryPoint {
  readonly rva: number;
  readonly what: 'entry' | 'init' | 'fini' | 'tls' | 'export';
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Unread {
  readonly what: string;
  readonly code: string;
  readonly message: string;
  readonly offset: number | undefined;
}

/** The mapped range that holds an RVA; undefined where nothing is mapped. */
export function rangeAt(image: Pick<NativeImage, 'ranges'>, rva: number): MappedRange | undefined {
  const { ranges } = image;
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (rva < range.rva) high = middle - 1;
    else if (rva >= range.rva + range.size) low = middle + 1;
    else return range;
  }
  return undefined;
}

/** File offset of an RVA; undefined where nothing is mapped or memory is zero-filled. */
export function offsetOf(image: Pick<NativeImage, 'ranges'>, rva: number): number | undefined {
  const range = rangeAt(image, rva);
  if (range === undefined) return undefined;
  const within = rva - range.rva;
  return within < range.fileSize ? range.offset + within : undefined;
}

/** RVA of a file offset; the first range in order of address where several map it. */
export function rvaOf(image: Pick<NativeImage, 'ranges'>, offset: number): number | undefined {
  for (const range of image.ranges) {
    if (offset >= range.offset && offset < range.offset + range.fileSize) {
      return range.rva + (offset - range.offset);
    }
  }
  return undefined;
}

export function vaOf(image: Pick<NativeImage, 'base'>, rva: number): bigint {
  return image.base + BigInt(rva);
}

/** RVA of a virtual address; undefined below the base or beyond 2^53. */
export function rvaOfVa(image: Pick<NativeImage, 'base'>, va: bigint): number | undefined {
  const rva = va - image.base;
  return rva >= 0n && rva <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(rva) : undefined;
}

/** The section that holds an RVA, the innermost (smallest) where they overlap. */
export function sectionAt(image: Pick<NativeImage, 'sections'>, rva: number): Section | undefined {
  let found: Section | undefined;
  for (const section of image.sections) {
    const isInside = rva >= section.rva && rva < section.rva + section.size;
    if (isInside && (found === undefined || section.size < found.size)) found = section;
  }
  return found;
}
