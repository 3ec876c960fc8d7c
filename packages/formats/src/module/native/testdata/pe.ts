import { le32, Writer } from './bytes.ts';

/** RVAs of the written PE, each section one page; file offsets are lower. */
export const PE = { text: 0x1000, data: 0x2000, base: 0x140000000, size: 0x800 } as const;

/** File offsets of the two sections. */
const RAW = { text: 0x200, data: 0x400 } as const;

const NAMES = PE.data + 0x100;
export const PE_SLOTS = PE.data + 0x80;
export const PE_TEXT = PE.data + 0x1c0;

export interface PeShape {
  readonly library?: string;
  readonly imports?: readonly string[];
  readonly code?: readonly number[];
  /** Written in UTF-16 at `PE_TEXT`. */
  readonly text?: string;
}

/** A PE32+ library for x86-64 with `.text` and `.data`, whose imports are in `.data`. */
export function peOf(shape: PeShape = {}): Uint8Array<ArrayBuffer> {
  const { library = 'KERNEL32.dll', imports = ['CreateFileW'], text = 'C:\\x' } = shape;
  const file = new Writer(PE.size);
  file.text(0, 'MZ').u32(0x3c, 0x40).text(0x40, 'PE\0\0');
  file.u16(0x44, 0x8664, 2).u16(0x54, 0xf0, 0x2022);
  const optional = 0x58;
  file.u16(optional, 0x20b).u32(optional + 16, PE.text);
  file.u64(optional + 24, PE.base).u32(optional + 32, 0x1000, 0x200);
  file.u32(optional + 56, 0x3000, 0x200).u32(optional + 108, 16);
  file.u32(optional + 112 + 8, PE.data, 40);
  const section = (at: number, name: string, rva: number, raw: number, flags: number): void => {
    file.text(at, name).u32(at + 8, 0x200, rva, 0x200, raw).u32(at + 36, flags);
  };
  section(optional + 0xf0, '.text', PE.text, RAW.text, 0x60000020);
  section(optional + 0xf0 + 40, '.data', PE.data, RAW.data, 0xc0000040);
  const data = (rva: number): number => rva - PE.data + RAW.data;
  file.u32(data(PE.data), PE.data + 0x40, 0, 0, NAMES, PE_SLOTS);
  file.text(data(NAMES), library);
  let at = NAMES + 0x20;
  imports.forEach((name, index) => {
    const isNumber = name.startsWith('#');
    const value = isNumber ? (1n << 63n) | BigInt(name.slice(1)) : BigInt(at);
    file.u64(data(PE.data + 0x40 + 8 * index), value).u64(data(PE_SLOTS + 8 * index), value);
    file.text(data(at + 2), isNumber ? '' : name);
    at += (name.length + 4) & ~1;
  });
  [...text].forEach((char, index) => file.u16(data(PE_TEXT + 2 * index), char.charCodeAt(0)));
  file.put(RAW.text, shape.code ?? callFirstSlot());
  return file.bytes;
}

/** `lea rcx, [text]; mov edx, 0x80000000; call [slot]; ret`. */
export function callFirstSlot(): number[] {
  return [
    ...[0x48, 0x8d, 0x0d, ...le32(PE_TEXT - (PE.text + 7))],
    ...[0xba, 0, 0, 0, 0x80],
    ...[0xff, 0x15, ...le32(PE_SLOTS - (PE.text + 18))],
    0xc3,
  ];
}
