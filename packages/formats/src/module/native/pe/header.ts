import { Cursor, Refused } from '@avow/bytes';
import type { Architecture, MappedRange, Section } from '../image.ts';

/**
 * PE and PE32+ headers (Microsoft PE format, 2024; sections "COFF File Header"
 * to "Section Table"). Offsets in bytes from the start of the file.
 */
export interface PeHeader {
  readonly machine: number;
  readonly isPlus: boolean;
  readonly timestamp: number;
  readonly characteristics: number;
  readonly entry: number;
  readonly base: bigint;
  readonly imageSize: number;
  readonly headersSize: number;
  readonly directories: readonly Directory[];
  readonly sections: readonly PeSection[];
}

export interface Directory {
  readonly rva: number;
  readonly size: number;
}

export interface PeSection {
  readonly name: string;
  readonly rva: number;
  readonly virtualSize: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly flags: number;
}

export const DIRECTORY = {
  exports: 0,
  imports: 1,
  resources: 2,
  exceptions: 3,
  certificates: 4,
  debug: 6,
  tls: 9,
  delayImports: 13,
  clr: 14,
} as const;

const MACHINES: Readonly<Record<number, readonly [Architecture, string]>> = {
  332: ['x86', 'x86'],
  452: ['arm', 'ARM Thumb-2'],
  512: ['other', 'Itanium'],
  34404: ['x86-64', 'x86-64'],
  43620: ['aarch64', 'AArch64'],
};

export function machineOf(machine: number): readonly [Architecture, string] {
  return MACHINES[machine] ?? ['other', `machine 0x${machine.toString(16)}`];
}

/** The loader's own limit on sections. */
const MAX_SECTIONS = 96;
const MAX_DIRECTORIES = 16;

/** Refuses `pe.magic`, `pe.signature`, `pe.optional-header`, `pe.sections`, `pe.truncated`. */
export function readPeHeader(bytes: Uint8Array): PeHeader {
  const file = new Cursor(bytes, 'pe');
  if (file.u16(0) !== 0x5a4d) throw new Refused('pe.magic', 0, `0x${file.u16(0).toString(16)}`);
  const at = file.u32(0x3c);
  if (file.u32(at) !== 0x4550) {
    throw new Refused('pe.signature', at, `0x${file.u32(at).toString(16)} is not PE\\0\\0`);
  }
  const optionalAt = at + 24;
  const magic = file.u16(optionalAt);
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new Refused('pe.optional-header', optionalAt, `magic 0x${magic.toString(16)}`);
  }
  const isPlus = magic === 0x20b;
  const directoriesAt = optionalAt + (isPlus ? 112 : 96);
  const directoryCount = Math.min(MAX_DIRECTORIES, file.u32(directoriesAt - 4));
  const sectionCount = file.u16(at + 6);
  if (sectionCount > MAX_SECTIONS) {
    throw new Refused('pe.sections', at + 6, `${sectionCount} sections; a loader takes 96`);
  }
  const sectionsAt = optionalAt + file.u16(at + 20);
  return {
    machine: file.u16(at + 4),
    isPlus,
    timestamp: file.u32(at + 8),
    characteristics: file.u16(at + 22),
    entry: file.u32(optionalAt + 16),
    base: isPlus ? file.u64(optionalAt + 24) : BigInt(file.u32(optionalAt + 28)),
    imageSize: file.u32(optionalAt + 56),
    headersSize: file.u32(optionalAt + 60),
    directories: Array.from({ length: directoryCount }, (_, index) => ({
      rva: file.u32(directoriesAt + index * 8),
      size: file.u32(directoriesAt + index * 8 + 4),
    })),
    sections: Array.from({ length: sectionCount }, (_, index) =>
      readSection(file, sectionsAt + index * 40),
    ),
  };
}

function readSection(file: Cursor, at: number): PeSection {
  const name = file.piece(at, 8);
  let text = '';
  for (const byte of name) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return {
    name: text,
    virtualSize: file.u32(at + 8),
    rva: file.u32(at + 12),
    fileSize: file.u32(at + 16),
    offset: file.u32(at + 20),
    flags: file.u32(at + 36),
  };
}

const EXECUTE = 0x20000000;
const WRITE = 0x80000000;

/**
 * The loader rounds a section's file offset down to 512 (PE format,
 * "PointerToRawData"); not where sections are aligned below a page, as in
 * drivers, which lie in the file as in memory.
 */
function rawOffset(section: PeSection): number {
  return section.offset === section.rva ? section.offset : (section.offset & ~0x1ff) >>> 0;
}

/** What the loader maps: the headers, then each section. */
export function mappedRanges(header: PeHeader, length: number): MappedRange[] {
  const headers: MappedRange = {
    rva: 0,
    size: header.headersSize,
    offset: 0,
    fileSize: Math.min(header.headersSize, length),
    executable: false,
    writable: false,
  };
  const sections = header.sections.map((section) => {
    const offset = rawOffset(section);
    const size = Math.max(section.virtualSize, section.virtualSize === 0 ? section.fileSize : 0);
    return {
      rva: section.rva,
      size,
      offset,
      fileSize: Math.max(0, Math.min(section.fileSize, size, length - offset)),
      executable: (section.flags & EXECUTE) !== 0,
      writable: (section.flags & WRITE) !== 0,
    };
  });
  return [headers, ...sections].filter((range) => range.size > 0).sort((a, b) => a.rva - b.rva);
}

export function sectionsOf(header: PeHeader, length: number): Section[] {
  return header.sections.map((section) => ({
    name: section.name,
    rva: section.rva,
    size: section.virtualSize || section.fileSize,
    offset: section.fileSize > 0 && section.offset < length ? rawOffset(section) : undefined,
    executable: (section.flags & EXECUTE) !== 0,
    writable: (section.flags & WRITE) !== 0,
  }));
}
