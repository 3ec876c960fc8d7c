import type { Joins } from '../joins.ts';
import { branchesToRegister, pageOf } from './sweep.ts';

/**
 * Values that x0 to x30 hold at a site, where they follow from the block alone
 * (Arm ARM, DDI 0487, C4.1): ADRP, ADR, ADD immediate, MOVZ, MOVN, MOVK, MOV.
 */
export interface AArch64Call {
  /** File offset of the instruction. */
  readonly at: number;
  /** RVA or constant by register; NaN where unknown. Index 31 is the zero register. */
  readonly registers: Float64Array;
}

/** What a walk over one function needs. */
export interface AArch64Walk {
  readonly view: DataView;
  /** File offsets of the function, and what makes an RVA of one. */
  readonly start: number;
  readonly end: number;
  readonly toRva: number;
  readonly joins: Joins;
  /** File offsets of the instructions that are asked for, in order. */
  readonly sites: readonly number[];
}

export function walkFunction(
  { view, start, end, toRva, joins, sites }: AArch64Walk,
  visit: (call: AArch64Call, index: number) => void,
): void {
  const registers = new Float64Array(32).fill(Number.NaN);
  registers[31] = 0;
  let at = start;
  for (let index = 0; index < sites.length; index += 1) {
    const site = sites[index]!;
    // Nothing before the last jump target matters.
    const join = joins.lastBefore(site, at);
    if (join > at && (join - start) % 4 === 0) {
      at = join;
      registers.fill(Number.NaN, 0, 31);
    }
    for (; at < site && at + 4 <= end; at += 4) {
      if (joins.has(at)) registers.fill(Number.NaN, 0, 31);
      track(view.getUint32(at, true), at + toRva, registers);
      registers[31] = 0;
    }
    if (joins.has(site)) registers.fill(Number.NaN, 0, 31);
    visit({ at: site, registers }, index);
  }
}

function track(word: number, rva: number, registers: Float64Array): void {
  const to = word & 31;
  const from = (word >>> 5) & 31;
  const top = word >>> 24;
  if ((top & 0x9f) === 0x90) {
    registers[to] = pageOf(word, rva);
  } else if ((top & 0x9f) === 0x10) {
    registers[to] = rva + ((((word << 8) >> 11) & ~3) | ((word >>> 29) & 3));
  } else if ((word & 0x7f800000) === 0x11000000) {
    // Register 31 is the stack pointer here.
    const value = ((word >>> 10) & 0xfff) * ((word & 0x00400000) !== 0 ? 4096 : 1);
    registers[to] = from === 31 ? Number.NaN : registers[from]! + value;
  } else if ((word & 0x7f800000) === 0x52800000) {
    registers[to] = ((word >>> 5) & 0xffff) * 2 ** (((word >>> 21) & 3) * 16);
  } else if ((word & 0x7f800000) === 0x12800000) {
    registers[to] = -1 - ((word >>> 5) & 0xffff) * 2 ** (((word >>> 21) & 3) * 16);
  } else if ((word & 0x7f800000) === 0x72800000) {
    registers[to] = keepHalf(registers[to]!, (word >>> 5) & 0xffff, (word >>> 21) & 3);
  } else if ((word & 0x7fe0ffe0) === 0x2a0003e0) {
    registers[to] = registers[(word >>> 16) & 31]!;
  } else if ((top & 0xfc) === 0x94 || branchesToRegister(word)) {
    registers.fill(Number.NaN, 0, 19);
  } else if (writesItsLowRegister(top)) {
    registers[to] = Number.NaN;
    // Pairs and exclusive loads write a second register.
    if ((top & 0x3a) === 0x28) registers[(word >>> 10) & 31] = Number.NaN;
  }
}

/** MOVK: one 16-bit half of the value is replaced. */
function keepHalf(value: number, half: number, index: number): number {
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER) || index > 2) return Number.NaN;
  const scale = 2 ** (index * 16);
  const old = Math.floor(value / scale) % 65_536;
  return value + (half - old) * scale;
}

/** False for branches and for stores of one register, which write none. */
function writesItsLowRegister(top: number): boolean {
  return (top & 0x1c) !== 0x14;
}
