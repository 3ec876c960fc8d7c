import { Cursor, Refused } from '@avow/bytes';
import type { Architecture } from '../image.ts';

/**
 * Mach-O header and load commands (Apple, <mach-o/loader.h>). Offsets in bytes
 * from the start of the slice. A fat file is opened by `readFat` first.
 */
export interface MachoHeader {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly cpu: number;
  readonly commands: readonly LoadCommand[];
}

export interface LoadCommand {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

/** A slice of a fat file (<mach-o/fat.h>), with `lipo`'s name for its architecture. */
export interface Slice {
  readonly architecture: string;
  readonly offset: number;
  readonly size: number;
}

export const LC = {
  segment: 0x1,
  symtab: 0x2,
  dysymtab: 0xb,
  loadDylib: 0xc,
  loadWeakDylib: 0x80000018,
  segment64: 0x19,
  uuid: 0x1b,
  codeSignature: 0x1d,
  reexportDylib: 0x8000001f,
  lazyLoadDylib: 0x20,
  dyldInfo: 0x22,
  dyldInfoOnly: 0x80000022,
  loadUpwardDylib: 0x80000023,
  functionStarts: 0x26,
  main: 0x80000028,
  exportsTrie: 0x80000033,
  chainedFixups: 0x80000034,
} as const;

const FAT_MAGIC = 0xcafebabe;
const FAT_MAGIC_64 = 0xcafebabf;
/** Java class files share the fat magic; their next number is a version above this. */
const MAX_SLICES = 30;
/** More load commands than any linker writes. */
const MAX_COMMANDS = 4096;

const CPUS: Readonly<Record<number, readonly [Architecture, string]>> = {
  7: ['x86', 'i386'],
  12: ['arm', 'armv7'],
  18: ['other', 'ppc'],
  16777223: ['x86-64', 'x86_64'],
  16777228: ['aarch64', 'arm64'],
};

export function machineOf(cpu: number): readonly [Architecture, string] {
  return CPUS[cpu] ?? ['other', `cpu 0x${cpu.toString(16)}`];
}

export function isFat(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const file = new Cursor(bytes, 'macho');
  const magic = file.u32(0, false);
  const count = file.u32(4, false);
  return (magic === FAT_MAGIC || magic === FAT_MAGIC_64) && count > 0 && count <= MAX_SLICES;
}

/** Refuses `macho.slice` for a slice outside the file, over another, or fat itself. */
export function readFat(bytes: Uint8Array): Slice[] {
  const file = new Cursor(bytes, 'macho');
  const wide = file.u32(0, false) === FAT_MAGIC_64;
  const count = file.u32(4, false);
  const slices: Slice[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 8 + index * (wide ? 32 : 20);
    const subtype = file.u32(at + 4, false) & 0xffffff;
    const name = machineOf(file.u32(at, false))[1];
    const offset = wide ? file.size64(at + 8, false) : file.u32(at + 8, false);
    const size = wide ? file.size64(at + 16, false) : file.u32(at + 12, false);
    const overlaps = slices.some(
      (one) => offset < one.offset + one.size && one.offset < offset + size,
    );
    if (offset + size > file.length || overlaps) {
      throw new Refused('macho.slice', at, `${size} bytes at ${offset} of ${file.length}`);
    }
    if (isFat(bytes.subarray(offset, offset + size))) {
      throw new Refused('macho.slice', at, 'a fat file within a fat file');
    }
    slices.push({
      architecture: name === 'arm64' && subtype === 2 ? 'arm64e' : name,
      offset,
      size,
    });
  }
  return slices;
}

/** Refuses `macho.magic`, `macho.commands`, `macho.truncated`. */
export function readMachoHeader(bytes: Uint8Array): MachoHeader {
  const file = new Cursor(bytes, 'macho');
  const magic = file.u32(0);
  const littleEndian = magic === 0xfeedface || magic === 0xfeedfacf;
  const swapped = file.u32(0, false);
  if (!littleEndian && swapped !== 0xfeedface && swapped !== 0xfeedfacf) {
    throw new Refused('macho.magic', 0, `0x${magic.toString(16)}`);
  }
  const wide = (littleEndian ? magic : swapped) === 0xfeedfacf;
  const count = file.u32(16, littleEndian);
  if (count > MAX_COMMANDS) throw new Refused('macho.commands', 16, `${count} load commands`);
  const commands: LoadCommand[] = [];
  let at = wide ? 32 : 28;
  for (let index = 0; index < count; index += 1) {
    const size = file.u32(at + 4, littleEndian);
    if (size < 8) throw new Refused('macho.commands', at, `a load command of ${size} bytes`);
    file.need(at, size);
    commands.push({ type: file.u32(at, littleEndian), at, size });
    at += size;
  }
  return { bits: wide ? 64 : 32, littleEndian, cpu: file.u32(4, littleEndian), commands };
}
