import { Refused } from '@avow/bytes';
import type { ElfReader } from './header.ts';
import { number64 } from './symbols.ts';

/** One relocation table, as columns. `address` is a VA (an offset in the section for object files). */
export interface Relocations {
  readonly count: number;
  readonly address: Float64Array;
  readonly type: Uint32Array;
  readonly symbol: Uint32Array;
  /** 0 for tables without addends. */
  readonly addend: Float64Array;
}

/** gABI chapter 4, "Relocation". Refuses `elf.relocations` when the table passes the end. */
export function readRelocations(
  read: ElfReader,
  at: number,
  size: number,
  hasAddend: boolean,
): Relocations {
  const wide = read.bits === 64;
  const step = (wide ? 16 : 8) + (hasAddend ? (wide ? 8 : 4) : 0);
  if (at + size > read.file.length) {
    throw new Refused('elf.relocations', at, `${size} bytes of relocations pass the end`);
  }
  const count = Math.floor(size / step);
  const { bytes } = read.file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const address = new Float64Array(count);
  const type = new Uint32Array(count);
  const symbol = new Uint32Array(count);
  const addend = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const row = at + index * step;
    address[index] = wide ? number64(view, row, read.littleEndian) : read.u32(row);
    if (wide) {
      // r_info of 64-bit MIPS is laid out otherwise; its imports are not resolved.
      const low = view.getUint32(row + (read.littleEndian ? 8 : 12), read.littleEndian);
      symbol[index] = view.getUint32(row + (read.littleEndian ? 12 : 8), read.littleEndian);
      type[index] = low;
      if (hasAddend) addend[index] = signed64(view, row + 16, read.littleEndian);
    } else {
      const info = read.u32(row + 4);
      symbol[index] = info >>> 8;
      type[index] = info & 0xff;
      if (hasAddend) addend[index] = read.u32(row + 8) | 0;
    }
  }
  return { count, address, type, symbol, addend };
}

/** Digits above 2^53 are lost. */
function signed64(view: DataView, at: number, little: boolean): number {
  const low = view.getUint32(little ? at : at + 4, little);
  return view.getInt32(little ? at + 4 : at, little) * 4294967296 + low;
}

/** Types that make the loader write a symbol's address into a slot, by machine. */
export const SLOT_TYPES: Readonly<Record<number, ReadonlySet<number>>> = {
  /** R_386_32, R_386_GLOB_DAT, R_386_JMP_SLOT. */
  3: new Set([1, 6, 7]),
  /** R_X86_64_64, GLOB_DAT, JUMP_SLOT. */
  62: new Set([1, 6, 7]),
  /** R_ARM_ABS32, GLOB_DAT, JUMP_SLOT. */
  40: new Set([2, 21, 22]),
  /** R_AARCH64_ABS64, GLOB_DAT, JUMP_SLOT. */
  183: new Set([257, 1025, 1026]),
};

/** Types that write base + addend, by machine: R_386_RELATIVE and so on. */
export const RELATIVE_TYPES: Readonly<Record<number, number>> = { 3: 8, 62: 8, 40: 23, 183: 1027 };
