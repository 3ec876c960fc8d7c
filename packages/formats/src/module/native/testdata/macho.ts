import { Writer } from './bytes.ts';

/** File offsets of the written Mach-O, which are RVAs too: __TEXT starts at its base. */
export const MACHO = {
  base: 0x100000000,
  code: 0x400,
  stub: 0x440,
  text: 0x480,
  slots: 0x600,
  binds: 0x680,
  starts: 0x6c0,
  exports: 0x6d0,
  size: 0x800,
} as const;

const ARM64 = 0x0100000c;

/** A thin arm64 image that binds one import by opcodes and calls it through a stub, with `text` as x0. */
export function machoOf(name = '_getenv', text = 'HOME'): Uint8Array<ArrayBuffer> {
  const file = new Writer(MACHO.size);
  file.u32(0, 0xfeedfacf, ARM64, 0, 6, 4, 72 * 2 + 48 + 16);
  const segment = (at: number, title: string, offset: number, size: number, flags: number): void => {
    file.u32(at, 0x19, 72).text(at + 8, title);
    file.u64(at + 24, MACHO.base + offset, size, offset, size).u32(at + 56, 7, flags);
  };
  segment(32, '__TEXT', 0, 0x600, 5);
  segment(104, '__DATA', 0x600, 0x200, 3);
  file.u32(176, 0x80000022, 48).u32(176 + 16, MACHO.binds, name.length + 12);
  file.u32(224, 0x26, 16, MACHO.starts, 4);
  file.put(MACHO.binds, [0x11, 0x40]).text(MACHO.binds + 2, name);
  file.put(MACHO.binds + 3 + name.length, [0x51, 0x71, 0x00, 0x90, 0x00]);
  // The root has one edge, `_run`, to a node at 8: three bytes, no flags, the code's address.
  file.u32(176 + 40, MACHO.exports, 13).put(MACHO.exports, [0x00, 0x01]).text(MACHO.exports + 2, '_run');
  file.put(MACHO.exports + 7, [0x08, 0x03, 0x00, 0x80, 0x08, 0x00]);
  file.put(MACHO.starts, [0x80, 0x08, 0x40, 0x00]);
  // adr x0, text; bl stub; ret
  file.u32(MACHO.code, adr(0, MACHO.text - MACHO.code));
  file.u32(MACHO.code + 4, 0x94000000 | ((MACHO.stub - MACHO.code - 4) / 4), 0xd65f03c0);
  // nop; ldr x16, slot; br x16
  const literal = (MACHO.slots - MACHO.stub - 4) / 4;
  file.u32(MACHO.stub, 0xd503201f, (0x58000010 | (literal << 5)) >>> 0, 0xd61f0200);
  return file.text(MACHO.text, text).bytes;
}

/** Where the parts of a Mach-O with chained fixups are. */
export const CHAINED = {
  call: 0x404,
  message: 0x40c,
  slots: 0x600,
  selector: 0x610,
  constant: 0x620,
  fixups: 0x680,
} as const;

/** `DYLD_CHAINED_PTR_*` by number, with the bytes that a link counts in. */
const STEPS: Readonly<Record<number, number>> = { 1: 8, 2: 4, 6: 4, 7: 4, 9: 8, 10: 4, 12: 8 };

/**
 * A thin image whose pointers are chained in a format: it calls `_getenv` with
 * a text, and sends `stringForType:` with a constant of Core Foundation. In the
 * formats of arm64e its pointers and stubs are signed. `isInline` where the code
 * loads the selector itself.
 */
export function chainedMachoOf(format: number, isInline = false): Uint8Array<ArrayBuffer> {
  const isSigned = format !== 2 && format !== 6;
  const file = new Writer(MACHO.size);
  file.u32(0, 0xfeedfacf, ARM64, isSigned ? 2 : 0, 6, 4, 2 * 232 + 32);
  const section = (at: number, segment: string, name: string, from: number, size: number): void => {
    file.text(at, name).text(at + 16, segment);
    file.u64(at + 32, MACHO.base + from, size).u32(at + 48, from);
    if (segment === '__TEXT') file.u32(at + 64, 0x80000400);
  };
  file.u32(32, 0x19, 232).text(40, '__TEXT');
  file.u64(56, MACHO.base, 0x600, 0, 0x600).u32(88, 5, 5, 2);
  section(104, '__TEXT', '__text', 0x400, 0x60);
  section(184, '__TEXT', '__objc_stubs', 0x460, 0x20);
  file.u32(264, 0x19, 232).text(272, '__DATA');
  file.u64(288, MACHO.base + 0x600, 0x200, 0x600, 0x200).u32(320, 3, 3, 2);
  section(336, '__DATA', '__objc_selrefs', CHAINED.selector, 8);
  section(416, '__DATA', '__cfstring', CHAINED.constant, 32);
  file.u32(496, 0x80000034, 16, CHAINED.fixups, 0x80).u32(512, 0x26, 16, 0x700, 4);
  file.put(0x700, [0x80, 0x08, 0x40, 0x20]);
  // Fixups: header, starts of one segment, two imports, their names.
  const at = CHAINED.fixups;
  file.u32(at, 0, 32, 72, 80, 2, 1).u32(at + 32, 2, 0, 16);
  file.u32(at + 48, 24).u16(at + 52, 0x1000, format).u64(at + 56, 0x600).u16(at + 68, 1, 0);
  file.u32(at + 72, 1, 1 | (8 << 9)).text(at + 80, '_getenv').text(at + 88, '_objc_msgSend');
  const link = (offset: number, value: bigint, next: number): void => {
    const distance = BigInt(next === 0 ? 0 : (next - offset) / STEPS[format]!) << 51n;
    file.u64(offset, value | distance);
  };
  const bind = isSigned ? (1n << 63n) | (1n << 62n) | (0x1234n << 32n) : 1n << 63n;
  const isAddress = format === 1 || format === 2 || format === 10;
  const rebase = (offset: number): bigint => {
    const target = BigInt(offset) + (isAddress ? BigInt(MACHO.base) : 0n);
    // Signed, it has the offset alone, whatever the format.
    return format === 9 ? (1n << 63n) | (0x5678n << 32n) | BigInt(offset) : target;
  };
  link(0x600, bind, 0x608);
  link(0x608, bind | 1n, 0x610);
  link(0x610, rebase(0x4a0), 0x630);
  link(0x630, rebase(0x4c0), 0);
  file.u64(0x638, 4);
  // adr x0, text; bl stub; adr x2, constant; bl message; ret
  const branch = (from: number, to: number): number => (0x94000000 | ((to - from) / 4)) >>> 0;
  file.u32(0x400, adr(0, 0x480 - 0x400), branch(0x404, 0x440));
  const load = (register: number, offset: number): number[] => [
    (0x90000000 | register) >>> 0,
    (0xf9400000 | ((offset / 8) << 10) | (register << 5) | register) >>> 0,
  ];
  const jump = (slot: number): number[] =>
    isSigned
      ? // adrp x17, 0; add x17, x17, #slot; ldr x16, [x17]; braa x16, x17
        [0x90000011, (0x91000231 | (slot << 10)) >>> 0, 0xf9400230, 0xd71f0a11]
      : [...load(16, slot), 0xd61f0200];
  const send = isInline
    ? [...load(1, CHAINED.selector), branch(0x414, 0x468)]
    : [branch(0x40c, 0x460)];
  file.u32(0x408, adr(2, CHAINED.constant - 0x408), ...send, 0xd65f03c0);
  file.u32(0x440, ...jump(0x600));
  const nop = 0xd503201f;
  file.u32(0x460, ...(isInline ? [nop, nop] : load(1, CHAINED.selector)), ...jump(0x608));
  return file.text(0x480, 'HOME').text(0x4a0, 'stringForType:').text(0x4c0, 'text').bytes;
}

function adr(register: number, distance: number): number {
  return (0x10000000 | ((distance & 3) << 29) | (((distance >> 2) & 0x7ffff) << 5) | register) >>> 0;
}

/** A fat file of slices, each at a multiple of 0x1000. */
export function fatOf(...slices: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const pages = slices.map((slice) => Math.ceil(slice.length / 0x1000));
  const file = new Writer(0x1000 * pages.reduce((all, one) => all + one, 1), false);
  file.u32(0, 0xcafebabe, slices.length);
  let page = 1;
  slices.forEach((slice, index) => {
    const offset = 0x1000 * page;
    page += pages[index]!;
    file.u32(8 + 20 * index, ARM64 - index, 0, offset, slice.length, 12).put(offset, slice);
  });
  return file.bytes;
}
