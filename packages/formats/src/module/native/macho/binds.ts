import { Refused } from '@avow/bytes';
import type { NativeImport } from '../image.ts';
import { nameAt } from '../text.ts';
import type { MachoFile } from './file.ts';
import { Stream } from './leb.ts';

/** A bind that repeats more often than this fills no real segment. */
const MAX_BINDS = 4_000_000;

/**
 * Imports by dyld's bind opcodes (LC_DYLD_INFO, <mach-o/loader.h>): the
 * ordinary, weak and lazy streams.
 */
export function bindsOf(file: MachoFile, at: number, size: number): NativeImport[] {
  if (size === 0) return [];
  const stream = new Stream(file.cursor, at, size);
  const imports: NativeImport[] = [];
  const step = file.header.bits / 8;
  let name = '';
  let ordinal = 0;
  let rva = 0;
  const bind = (): void => {
    if (imports.length >= MAX_BINDS) throw new Refused('macho.binds', stream.at, 'too many binds');
    imports.push({ name, library: file.library(ordinal), slot: rva });
  };
  while (!stream.isDone) {
    const byte = stream.byte();
    const value = byte & 15;
    switch (byte & 0xf0) {
      case 0x00:
        break;
      case 0x10:
        ordinal = value;
        break;
      case 0x20:
        ordinal = stream.uleb();
        break;
      case 0x30:
        ordinal = value === 0 ? 0 : value - 16;
        break;
      case 0x40:
        name = stream.text();
        break;
      case 0x50:
        break;
      case 0x60:
        stream.sleb();
        break;
      case 0x70:
        rva = file.segmentRva(value) + stream.uleb();
        break;
      case 0x80:
        rva += stream.step();
        break;
      case 0x90:
        bind();
        rva += step;
        break;
      case 0xa0:
        bind();
        rva += step + stream.step();
        break;
      case 0xb0:
        bind();
        rva += step * (value + 1);
        break;
      case 0xc0: {
        const count = stream.uleb();
        const skip = stream.step();
        for (let index = 0; index < count; index += 1) {
          bind();
          rva += step + skip;
        }
        break;
      }
      default:
        throw new Refused('macho.binds', stream.at - 1, `opcode 0x${byte.toString(16)}`);
    }
  }
  return imports;
}

/** Pointer formats that bind in their top bit, with the width of the step field. */
const ARM64E_FORMATS = new Set([1, 7, 9, 10, 12]);
const POINTER_64 = new Set([2, 6]);
const PAGE_NONE = 0xffff;

/** Imports by chained fixups (<mach-o/fixup-chains.h>). Refuses `macho.fixups` for what it does not know. */
export function chainedImportsOf(file: MachoFile, at: number, size: number): NativeImport[] {
  const { cursor } = file;
  cursor.need(at, size);
  const names = chainedNames(file, at, size);
  const startsAt = at + cursor.u32(at + 4);
  const segmentCount = cursor.u32(startsAt);
  cursor.need(startsAt + 4, segmentCount * 4);
  const imports: NativeImport[] = [];
  if (segmentCount > file.segments.length) {
    throw new Refused('macho.fixups', startsAt, `chains for ${segmentCount} segments`);
  }
  for (let segment = 0; segment < segmentCount; segment += 1) {
    const offset = cursor.u32(startsAt + 4 + segment * 4);
    if (offset !== 0) walkSegment(file, startsAt + offset, names, imports);
  }
  const bound = new Set(imports.map((one) => one.name));
  for (const one of names) if (!bound.has(one.name)) imports.push({ ...one, slot: undefined });
  return imports;
}

interface ChainedName {
  readonly name: string;
  readonly library: string | undefined;
}

function chainedNames(file: MachoFile, at: number, size: number): ChainedName[] {
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

function walkSegment(
  file: MachoFile,
  at: number,
  names: readonly ChainedName[],
  imports: NativeImport[],
): void {
  const { cursor } = file;
  const pageSize = cursor.u16(at + 4);
  const format = cursor.u16(at + 6);
  const rva = cursor.size64(at + 8);
  const pages = cursor.u16(at + 20);
  if (!ARM64E_FORMATS.has(format) && !POINTER_64.has(format)) {
    throw new Refused('macho.fixups', at + 6, `pointer format ${format}`);
  }
  for (let page = 0; page < pages; page += 1) {
    const start = cursor.u16(at + 22 + page * 2);
    if (start === PAGE_NONE) continue;
    walkChain(file, rva + page * pageSize + start, pageSize, format, names, imports);
  }
}

function walkChain(
  file: MachoFile,
  start: number,
  pageSize: number,
  format: number,
  names: readonly ChainedName[],
  imports: NativeImport[],
): void {
  const isArm64e = ARM64E_FORMATS.has(format);
  let rva = start;
  // A chain stays within a page, so it has at most a link every four bytes.
  for (let links = 0; links <= pageSize / 4; links += 1) {
    if (imports.length >= MAX_BINDS) throw new Refused('macho.binds', rva, 'too many binds');
    const value = file.cursor.u64(file.offset(rva));
    const isBind = isArm64e ? ((value >> 62n) & 1n) === 1n : value >> 63n === 1n;
    if (isBind) {
      const mask = isArm64e ? (format === 12 ? 0xffffffn : 0xffffn) : 0xffffffn;
      const name = names[Number(value & mask)];
      if (name !== undefined) imports.push({ ...name, slot: rva });
    }
    const next = Number(isArm64e ? (value >> 51n) & 0x7ffn : (value >> 51n) & 0xfffn);
    if (next === 0) return;
    rva += next * (isArm64e && format !== 7 && format !== 10 ? 8 : 4);
  }
}
