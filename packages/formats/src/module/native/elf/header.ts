import { Cursor, Refused } from '@avow/bytes';
import type { Architecture } from '../image.ts';

/**
 * ELF file, section and program headers.
 *
 * Source: System V gABI 4.3 draft (chapters 4 and 5); machine numbers from the
 * gABI registry. Offsets in bytes from the start of the file. Counts are held
 * against the file's size before anything is allocated; the extended counts of
 * section 0 (`e_shnum` 0, `e_shstrndx` and `e_phnum` 0xffff) are honoured.
 */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly type: number;
  readonly machine: number;
  readonly entry: bigint;
  readonly sectionNames: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
}

export interface ElfSection {
  readonly nameAt: number;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
}

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: bigint;
  readonly fileSize: number;
  readonly memorySize: number;
}

export const ET_REL = 1;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_NOTE = 4;
export const SHT_SYMTAB = 2;
export const SHT_RELA = 4;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;
export const SHT_DYNSYM = 11;
export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const SHF_EXECINSTR = 4;

const MACHINES: Readonly<Record<number, readonly [Architecture, string]>> = {
  2: ['other', 'SPARC'],
  3: ['x86', 'x86'],
  8: ['other', 'MIPS'],
  20: ['other', 'PowerPC'],
  21: ['other', 'PowerPC 64'],
  22: ['other', 'S/390'],
  40: ['arm', 'ARM'],
  62: ['x86-64', 'x86-64'],
  183: ['aarch64', 'AArch64'],
  243: ['other', 'RISC-V'],
  258: ['other', 'LoongArch'],
};

export function machineOf(machine: number): readonly [Architecture, string] {
  return MACHINES[machine] ?? ['other', `machine 0x${machine.toString(16)}`];
}

/** Refuses `elf.magic`, `elf.class`, `elf.byte-order`, `elf.header-size`, `elf.table`, `elf.truncated`. */
export function readElfHeader(bytes: Uint8Array): ElfHeader {
  const file = new Cursor(bytes, 'elf');
  if (file.u32(0, false) !== 0x7f454c46) {
    throw new Refused('elf.magic', 0, `0x${file.u32(0, false).toString(16)}`);
  }
  const fileClass = file.u8(4);
  if (fileClass !== 1 && fileClass !== 2) throw new Refused('elf.class', 4, `class ${fileClass}`);
  const order = file.u8(5);
  if (order !== 1 && order !== 2) throw new Refused('elf.byte-order', 5, `byte order ${order}`);
  const read = new ElfReader(file, fileClass === 2 ? 64 : 32, order === 1);
  return read.header();
}

/** Reads numbers of one class and byte order. */
export class ElfReader {
  readonly file: Cursor;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;

  constructor(file: Cursor, bits: 32 | 64, littleEndian: boolean) {
    this.file = file;
    this.bits = bits;
    this.littleEndian = littleEndian;
  }

  u16(offset: number): number {
    return this.file.u16(offset, this.littleEndian);
  }

  u32(offset: number): number {
    return this.file.u32(offset, this.littleEndian);
  }

  /** An address: 4 or 8 bytes by class. */
  address(offset: number): bigint {
    return this.bits === 64
      ? this.file.u64(offset, this.littleEndian)
      : BigInt(this.file.u32(offset, this.littleEndian));
  }

  /** An offset or size: 4 or 8 bytes by class, below 2^53 or refused. */
  size(offset: number): number {
    return this.bits === 64
      ? this.file.size64(offset, this.littleEndian)
      : this.file.u32(offset, this.littleEndian);
  }

  header(): ElfHeader {
    const wide = this.bits === 64;
    const sectionsAt = this.size(wide ? 40 : 32);
    const segmentsAt = this.size(wide ? 32 : 28);
    const at = wide ? 54 : 42;
    const sectionSize = this.u16(at + 4);
    const first = sectionsAt === 0 ? undefined : this.#section(sectionsAt, sectionSize);
    const sectionCount = this.u16(at + 6) || (first?.size ?? 0);
    const names = this.u16(at + 8);
    const segmentCount = this.u16(at + 2) === 0xffff ? (first?.info ?? 0) : this.u16(at + 2);
    return {
      bits: this.bits,
      littleEndian: this.littleEndian,
      type: this.u16(16),
      machine: this.u16(18),
      entry: this.address(24),
      sectionNames: names === 0xffff ? (first?.link ?? 0) : names,
      sections: this.#table('section', sectionsAt, sectionCount, sectionSize, (offset) =>
        this.#section(offset, sectionSize),
      ),
      segments: this.#table('program', segmentsAt, segmentCount, this.u16(at), (offset) =>
        this.#segment(offset, this.u16(at)),
      ),
    };
  }

  #table<Row>(
    what: string,
    at: number,
    count: number,
    size: number,
    read: (offset: number) => Row,
  ): Row[] {
    if (at === 0 || count === 0) return [];
    if (at + count * size > this.file.length) {
      throw new Refused('elf.table', at, `${count} ${what} headers of ${size} bytes pass the end`);
    }
    return Array.from({ length: count }, (_, index) => read(at + index * size));
  }

  #section(at: number, size: number): ElfSection {
    const wide = this.bits === 64;
    if (size < (wide ? 64 : 40)) throw new Refused('elf.header-size', at, `${size} bytes`);
    return {
      nameAt: this.u32(at),
      type: this.u32(at + 4),
      flags: this.u32(wide && !this.littleEndian ? at + 12 : at + 8),
      address: this.address(at + (wide ? 16 : 12)),
      offset: this.size(at + (wide ? 24 : 16)),
      size: this.size(at + (wide ? 32 : 20)),
      link: this.u32(at + (wide ? 40 : 24)),
      info: this.u32(at + (wide ? 44 : 28)),
      entrySize: this.size(at + (wide ? 56 : 36)),
    };
  }

  #segment(at: number, size: number): ElfSegment {
    const wide = this.bits === 64;
    if (size < (wide ? 56 : 32)) throw new Refused('elf.header-size', at, `${size} bytes`);
    return {
      type: this.u32(at),
      flags: this.u32(at + (wide ? 4 : 24)),
      offset: this.size(at + (wide ? 8 : 4)),
      address: this.address(at + (wide ? 16 : 8)),
      fileSize: this.size(at + (wide ? 32 : 16)),
      memorySize: this.size(at + (wide ? 40 : 20)),
    };
  }
}
