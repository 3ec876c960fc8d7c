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
