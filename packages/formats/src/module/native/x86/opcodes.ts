/**
 * Opcode maps of x86 and x86-64: what follows each opcode.
 *
 * Source: Intel SDM volume 2 (June 2025), appendix A; AMD APM volume 3 for
 * SSE4a.
 */

/** What follows an opcode. */
export const NONE = 0;
export const MODRM = 1;
export const IMM8 = 2;
/** 2 bytes with a 66 prefix, else 4. */
export const IMMZ = 4;
export const IMM16 = 8;
/** Always 4 bytes in 64-bit code: relative branches ignore 66 there. */
export const REL32 = 16;
/** MOV r, imm: 8 bytes with REX.W. */
export const IMMV = 32;
/** MOV with an absolute address: as wide as an address. */
export const MOFFS = 64;
export const INVALID = 128;

function rangesOf(
  size: number,
  fallback: number,
  rows: readonly [number, number, number][],
): Uint8Array {
  const table = new Uint8Array(size).fill(fallback);
  for (const [from, to, value] of rows) table.fill(value, from, to + 1);
  return table;
}

/** The eight arithmetic rows 00–3F: four ModRM forms, AL with imm8, eAX with immz. */
const ARITHMETIC = [0, 8, 16, 24, 32, 40, 48, 56].flatMap((at): [number, number, number][] => [
  [at, at + 3, MODRM],
  [at + 4, at + 4, IMM8],
  [at + 5, at + 5, IMMZ],
]);

const ONE_BYTE_ROWS: readonly [number, number, number][] = [
  ...ARITHMETIC,
  [0x63, 0x63, MODRM],
  [0x68, 0x68, IMMZ],
  [0x69, 0x69, MODRM | IMMZ],
  [0x6a, 0x6a, IMM8],
  [0x6b, 0x6b, MODRM | IMM8],
  [0x70, 0x7f, IMM8],
  [0x80, 0x80, MODRM | IMM8],
  [0x81, 0x81, MODRM | IMMZ],
  [0x83, 0x83, MODRM | IMM8],
  [0x84, 0x8f, MODRM],
  [0xa0, 0xa3, MOFFS],
  [0xa8, 0xa8, IMM8],
  [0xa9, 0xa9, IMMZ],
  [0xb0, 0xb7, IMM8],
  [0xb8, 0xbf, IMMV],
  [0xc0, 0xc1, MODRM | IMM8],
  [0xc2, 0xc2, IMM16],
  [0xc6, 0xc6, MODRM | IMM8],
  [0xc7, 0xc7, MODRM | IMMZ],
  [0xc8, 0xc8, IMM16 | IMM8],
  [0xca, 0xca, IMM16],
  [0xcd, 0xcd, IMM8],
  [0xd0, 0xd3, MODRM],
  [0xd8, 0xdf, MODRM],
  [0xe0, 0xe7, IMM8],
  [0xe8, 0xe9, REL32],
  [0xeb, 0xeb, IMM8],
  [0xf6, 0xf7, MODRM],
  [0xfe, 0xff, MODRM],
];

export const ONE_BYTE_64 = rangesOf(256, NONE, [
  ...ONE_BYTE_ROWS,
  ...[0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f].map(
    (at): [number, number, number] => [at, at, INVALID],
  ),
  [0x60, 0x62, INVALID],
  [0x82, 0x82, INVALID],
  [0x9a, 0x9a, INVALID],
  [0xce, 0xce, INVALID],
  [0xd4, 0xd6, INVALID],
  [0xea, 0xea, INVALID],
]);

export const ONE_BYTE_32 = rangesOf(256, NONE, [
  ...ONE_BYTE_ROWS,
  [0x62, 0x62, MODRM],
  [0x82, 0x82, MODRM | IMM8],
  [0x9a, 0x9a, IMMZ | IMM16],
  [0xc4, 0xc5, MODRM],
  [0xd4, 0xd5, IMM8],
  [0xea, 0xea, IMMZ | IMM16],
]);

export const TWO_BYTE = rangesOf(256, MODRM, [
  [0x04, 0x04, INVALID],
  [0x05, 0x09, NONE],
  [0x0a, 0x0a, INVALID],
  [0x0b, 0x0b, NONE],
  [0x0c, 0x0c, INVALID],
  [0x0e, 0x0e, NONE],
  [0x0f, 0x0f, MODRM | IMM8],
  [0x24, 0x27, INVALID],
  [0x30, 0x37, NONE],
  [0x39, 0x39, INVALID],
  [0x3b, 0x3f, INVALID],
  [0x70, 0x73, MODRM | IMM8],
  [0x77, 0x77, NONE],
  [0x80, 0x8f, REL32],
  [0xa0, 0xa2, NONE],
  [0xa4, 0xa4, MODRM | IMM8],
  [0xa6, 0xa7, MODRM],
  [0xa8, 0xaa, NONE],
  [0xac, 0xac, MODRM | IMM8],
  [0xba, 0xba, MODRM | IMM8],
  [0xc2, 0xc2, MODRM | IMM8],
  [0xc4, 0xc6, MODRM | IMM8],
  [0xc8, 0xcf, NONE],
]);

/** VEX and EVEX map 1, where immediates stand as in the two-byte map. */
export const VEX_MAP1_IMM8 = rangesOf(256, 0, [
  [0x70, 0x73, 1],
  [0xc2, 0xc2, 1],
  [0xc4, 0xc6, 1],
]);
