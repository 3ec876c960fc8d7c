import { le32, Writer } from './bytes.ts';

/** Where the parts of the written ELF are: file offsets, which are RVAs too. */
export const ELF = {
  programHeaders: 0x40,
  dynamic: 0x100,
  symbols: 0x200,
  strings: 0x300,
  hash: 0x400,
  relocations: 0x480,
  slots: 0x600,
  stub: 0x700,
  code: 0x800,
  text: 0x900,
  sections: 0xa00,
  size: 0x1000,
} as const;

export interface ElfShape {
  /** Lowest loaded address; 0 by default: a position-independent file. */
  readonly base?: number;
  readonly imports?: readonly string[];
  /** Bytes at `ELF.code`. */
  readonly code?: readonly number[];
  readonly machine?: number;
  /** Texts from `ELF.text` on, zero-terminated, one after another. */
  readonly texts?: readonly string[];
}

/**
 * A 64-bit little-endian ELF with one loaded segment, a dynamic table, imports
 * bound by JUMP_SLOT at `ELF.slots`, a stub for the first at `ELF.stub`, and
 * sections `.text` and a name table.
 */
export function elfOf(shape: ElfShape = {}): Uint8Array<ArrayBuffer> {
  const { base = 0, imports = ['getenv'], machine = 62, texts = ['HOME'] } = shape;
  const code = shape.code ?? callFirstImport();
  const file = new Writer(ELF.size);
  file.put(0, [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.u16(16, 3, machine).u32(20, 1).u64(24, base + ELF.code, ELF.programHeaders, ELF.sections);
  file.u16(52, 64, 56, 2, 64, 3, 2);
  const header = (at: number, type: number, offset: number, size: number): void => {
    file.u32(at, type, 7).u64(at + 8, offset, base + offset, base + offset, size, size, 1);
  };
  header(ELF.programHeaders, 1, 0, ELF.size);
  header(ELF.programHeaders + 56, 2, ELF.dynamic, 0x100);
  const strings = ['', ...imports];
  let at = ELF.strings;
  const offsets = strings.map((text) => {
    const offset = at - ELF.strings;
    file.text(at, text);
    at += text.length + 1;
    return offset;
  });
  imports.forEach((_, index) => {
    file.u32(ELF.symbols + 24 * (index + 1), offsets[index + 1]!).u8(ELF.symbols + 24 * (index + 1) + 4, 0x12);
    file.u64(ELF.relocations + 24 * index, base + ELF.slots + 8 * index, (BigInt(index + 1) << 32n) | slotType(machine), 0);
  });
  file.u32(ELF.hash, 1, imports.length + 1);
  const tags: [number, number][] = [
    [4, base + ELF.hash],
    [5, base + ELF.strings],
    [6, base + ELF.symbols],
    [10, at - ELF.strings],
    [11, 24],
    [23, base + ELF.relocations],
    [2, 24 * imports.length],
    [20, 7],
    [0, 0],
  ];
  tags.forEach(([tag, value], index) => file.u64(ELF.dynamic + 16 * index, tag, value));
  file.put(ELF.stub, [0xff, 0x25, ...le32(ELF.slots - (ELF.stub + 6))]);
  file.put(ELF.code, code);
  let textAt: number = ELF.text;
  for (const text of texts) {
    file.text(textAt, text);
    textAt += text.length + 1;
  }
  const section = (index: number, name: number, type: number, flags: number, offset: number, size: number): void => {
    const row = ELF.sections + 64 * index;
    file.u32(row, name, type).u64(row + 8, flags, base + offset, offset, size);
  };
  section(1, 1, 1, 6, ELF.stub, ELF.text - ELF.stub);
  section(2, 7, 3, 0, ELF.sections + 0x100, 0x20);
  file.text(ELF.sections + 0x101, '.text\0.shstrtab');
  return file.bytes;
}

function slotType(machine: number): bigint {
  return machine === 183 ? 1026n : 7n;
}

/** `lea rdi, [text]; call stub; ret`. */
export function callFirstImport(): number[] {
  return [
    ...[0x48, 0x8d, 0x3d, ...le32(ELF.text - (ELF.code + 7))],
    ...[0xe8, ...le32(ELF.stub - (ELF.code + 12))],
    0xc3,
  ];
}
