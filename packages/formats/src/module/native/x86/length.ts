import {
  IMM8,
  IMM16,
  IMMV,
  IMMZ,
  INVALID,
  MODRM,
  MOFFS,
  NONE,
  ONE_BYTE_32,
  ONE_BYTE_64,
  REL32,
  TWO_BYTE,
  VEX_MAP1_IMM8,
} from './opcodes.ts';

/**
 * Lengths of x86 and x86-64 instructions, by table.
 *
 * Source: Intel SDM volume 2 (June 2025), appendix A, opcode maps; AMD APM
 * volume 3 for XOP and SSE4a. Only the length is decided: prefixes, opcode map,
 * ModRM with SIB and displacement, immediate. An opcode that no manual defines
 * gives length 0, and the sweep steps one byte.
 */

/**
 * Where the parts of the last decoded instruction stand: one object for a
 * whole sweep, so that decoding allocates nothing.
 */
export class Decoded {
  /** Bytes; 0 when the opcode is not defined or passes the end. */
  length = 0;
  /** Offset of the first opcode byte after prefixes. */
  opcodeAt = 0;
  /** 1: one byte; 2: 0F; 3: 0F 38; 4: 0F 3A; 5: VEX, EVEX or XOP. */
  map = 0;
  opcode = 0;
  rex = 0;
  has66 = false;
  /** Offset of ModRM; -1 where there is none. */
  modrmAt = -1;
  /** Offset of the displacement; its size follows from ModRM. */
  dispAt = 0;
  immAt = 0;
}

/** Intel SDM: an instruction is at most 15 bytes. */
const MAX_LENGTH = 15;

/** For the opcodes that most code is made of: 1 + bytes of the immediate, 16 more with ModRM; 0 for all others. */
const FAST = Uint8Array.from(ONE_BYTE_64, (what, opcode) => {
  const isElsewhere =
    (what & ~(MODRM | IMM8 | IMMZ | REL32 | IMMV)) !== 0 ||
    (opcode & 0xf0) === 0x40 ||
    [0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x8f, 0xf0, 0xf2, 0xf3, 0xf6, 0xf7].includes(opcode) ||
    (opcode >= 0x62 && opcode <= 0x67) ||
    opcode === 0xc4 ||
    opcode === 0xc5;
  if (isElsewhere) return 0;
  const immediate = ((what & IMM8) === 0 ? 0 : 1) + ((what & (IMMZ | REL32 | IMMV)) === 0 ? 0 : 4);
  return (1 + immediate) | ((what & MODRM) === 0 ? 0 : 16);
});

/** The same of two-byte opcodes after 0F, without prefixes that change their length. */
const FAST_TWO = Uint8Array.from(TWO_BYTE, (what, opcode) => {
  const isElsewhere = (what & ~(MODRM | IMM8 | REL32)) !== 0;
  if (isElsewhere || opcode === 0x38 || opcode === 0x3a || opcode === 0x78) return 0;
  const immediate = ((what & IMM8) === 0 ? 0 : 1) + ((what & REL32) === 0 ? 0 : 4);
  return (1 + immediate) | ((what & MODRM) === 0 ? 0 : 16);
});

/** Bytes of ModRM, SIB and displacement by ModRM, 64-bit addresses; 8 more where SIB decides. */
const MODRM_SIZE = Uint8Array.from({ length: 256 }, (_, modrm) => {
  const mod = modrm >> 6;
  const rm = modrm & 7;
  if (mod === 3) return 1;
  const displacement = mod === 1 ? 1 : mod === 2 || rm === 5 ? 4 : 0;
  return rm === 4 ? 2 + displacement + (mod === 0 ? 8 : 0) : 1 + displacement;
});

/** Decodes the instruction at `at`, before `end`. Returns its length, also in `out`. */
export function decode(
  code: Uint8Array,
  at: number,
  end: number,
  is64: boolean,
  out: Decoded,
): number {
  if (is64 && at + MAX_LENGTH <= end) {
    const length = decodeCommon(code, at, out);
    if (length > 0) return length;
  }
  return decodeAny(code, at, end, is64, out);
}

/** 64-bit code without prefixes but REX; 0 for what `decodeAny` has to look at. */
function decodeCommon(code: Uint8Array, at: number, out: Decoded): number {
  let offset = at;
  let opcode = code[offset]!;
  let rex = 0;
  if ((opcode & 0xf0) === 0x40) {
    rex = opcode;
    offset += 1;
    opcode = code[offset]!;
  }
  let map = 1;
  let what: number;
  out.opcodeAt = offset;
  if (opcode === 0x0f) {
    offset += 1;
    opcode = code[offset]!;
    map = 2;
    what = FAST_TWO[opcode]!;
  } else {
    what = FAST[opcode]!;
    // MOV r, imm of eight bytes.
    if ((rex & 8) !== 0 && opcode >= 0xb8 && opcode <= 0xbf) what = 9;
  }
  if (what === 0) return 0;
  offset += 1;
  if ((what & 16) === 0) {
    out.modrmAt = -1;
  } else {
    const modrm = code[offset]!;
    const size = MODRM_SIZE[modrm]!;
    out.modrmAt = offset;
    if (size < 8) {
      out.dispAt = offset + ((modrm & 7) === 4 && modrm < 0xc0 ? 2 : 1);
      offset += size;
    } else {
      out.dispAt = offset + 2;
      offset += (code[offset + 1]! & 7) === 5 ? 6 : 2;
    }
  }
  out.immAt = offset;
  out.map = map;
  out.opcode = opcode;
  out.rex = rex;
  out.has66 = false;
  out.length = offset + (what & 15) - 1 - at;
  return out.length;
}

function decodeAny(code: Uint8Array, at: number, end: number, is64: boolean, out: Decoded): number {
  let offset = at;
  let has66 = false;
  let has67 = false;
  let hasF2 = false;
  let rex = 0;
  out.length = 0;
  out.modrmAt = -1;
  for (; ; offset += 1) {
    if (offset >= end || offset - at >= MAX_LENGTH) return 0;
    const byte = code[offset]!;
    if (is64 && byte >= 0x40 && byte <= 0x4f) {
      rex = byte;
      continue;
    }
    if (byte === 0x66) has66 = true;
    else if (byte === 0x67) has67 = true;
    else if (byte === 0xf2) hasF2 = true;
    else if (
      byte !== 0xf3 &&
      byte !== 0xf0 &&
      byte !== 0x2e &&
      byte !== 0x36 &&
      byte !== 0x3e &&
      byte !== 0x26 &&
      byte !== 0x64 &&
      byte !== 0x65
    ) {
      break;
    }
    // A REX before another prefix is ignored.
    rex = 0;
  }
  let opcode = code[offset]!;
  out.opcodeAt = offset;
  out.rex = rex;
  out.has66 = has66;
  let map = 1;
  let what: number;
  offset += 1;
  const vex = vexSize(code, offset, end, opcode, is64);
  if (vex > 0) {
    const mapNumber = vexMap(code, offset, opcode);
    offset += vex;
    if (offset >= end) return 0;
    opcode = code[offset]!;
    offset += 1;
    map = 5;
    what = vexOperands(mapNumber, opcode, code[out.opcodeAt]!);
    if (what === INVALID) return 0;
  } else if (opcode === 0x0f) {
    if (offset >= end) return 0;
    opcode = code[offset]!;
    offset += 1;
    if (opcode === 0x38 || opcode === 0x3a) {
      map = opcode === 0x38 ? 3 : 4;
      what = opcode === 0x38 ? MODRM : MODRM | IMM8;
      if (offset >= end) return 0;
      opcode = code[offset]!;
      offset += 1;
    } else {
      map = 2;
      what = TWO_BYTE[opcode]!;
      // SSE4a EXTRQ and INSERTQ with immediates.
      if (opcode === 0x78 && (has66 || hasF2)) what |= IMM16;
    }
  } else {
    what = is64 ? ONE_BYTE_64[opcode]! : ONE_BYTE_32[opcode]!;
  }
  if (what === INVALID) return 0;
  out.map = map;
  out.opcode = opcode;
  if ((what & MODRM) !== 0) {
    if (offset >= end) return 0;
    out.modrmAt = offset;
    const modrm = code[offset]!;
    offset += 1;
    if (map === 1 && (opcode === 0xf6 || opcode === 0xf7) && (modrm & 0x38) <= 8) {
      what |= opcode === 0xf6 ? IMM8 : IMMZ;
    }
    const mod = modrm >> 6;
    out.dispAt = offset;
    if (mod !== 3) {
      if (has67 && !is64) {
        offset += mod === 1 ? 1 : mod === 2 || (modrm & 7) === 6 ? 2 : 0;
      } else {
        const rm = modrm & 7;
        let base = rm;
        if (rm === 4) {
          if (offset >= end) return 0;
          base = code[offset]! & 7;
          offset += 1;
          out.dispAt = offset;
        }
        if (mod === 1) offset += 1;
        else if (mod === 2 || base === 5) offset += 4;
      }
    }
  }
  out.immAt = offset;
  if (what > MODRM) offset += immediateSize(what, rex, has66, has67, is64);
  if (offset > end || offset - at > MAX_LENGTH) return 0;
  out.length = offset - at;
  return out.length;
}

function immediateSize(
  what: number,
  rex: number,
  has66: boolean,
  has67: boolean,
  is64: boolean,
): number {
  let size = 0;
  if ((what & IMM8) !== 0) size += 1;
  if ((what & IMM16) !== 0) size += 2;
  if ((what & IMMZ) !== 0) size += has66 && (rex & 8) === 0 ? 2 : 4;
  if ((what & REL32) !== 0) size += has66 && !is64 ? 2 : 4;
  if ((what & IMMV) !== 0) size += (rex & 8) !== 0 ? 8 : has66 ? 2 : 4;
  if ((what & MOFFS) !== 0) size += is64 ? (has67 ? 4 : 8) : has67 ? 2 : 4;
  return size;
}

/** Bytes of a VEX, EVEX or XOP prefix after its first byte; 0 when it is none. */
function vexSize(code: Uint8Array, at: number, end: number, opcode: number, is64: boolean): number {
  if (opcode !== 0xc5 && opcode !== 0xc4 && opcode !== 0x62 && opcode !== 0x8f) return 0;
  if (at >= end) return 0;
  const next = code[at]!;
  if (opcode === 0x8f) return (next & 0x1f) >= 8 && (next & 0x1f) <= 10 ? 2 : 0;
  // In 32-bit code these bytes are LES, LDS and BOUND unless the ModRM would be a register.
  if (!is64 && next < 0xc0) return 0;
  return opcode === 0xc5 ? 1 : opcode === 0xc4 ? 2 : 3;
}

function vexMap(code: Uint8Array, at: number, opcode: number): number {
  if (opcode === 0xc5) return 1;
  return opcode === 0x62 ? code[at]! & 7 : code[at]! & 0x1f;
}

/** What follows the opcode of a VEX, EVEX or XOP instruction. */
function vexOperands(map: number, opcode: number, prefix: number): number {
  switch (map) {
    case 1:
      if (opcode === 0x77 && prefix !== 0x62) return NONE;
      return VEX_MAP1_IMM8[opcode] === 1 ? MODRM | IMM8 : MODRM;
    case 2:
    case 5:
    case 6:
    case 9:
      return MODRM;
    case 3:
    case 8:
      return MODRM | IMM8;
    case 10:
      return MODRM | REL32;
    default:
      return INVALID;
  }
}
