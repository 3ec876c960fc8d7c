import type { Joins } from '../joins.ts';
import { Decoded, decode } from './length.ts';

/**
 * Values that registers hold at a call, where they follow from the block alone.
 *
 * Straight-line constant propagation from the function's start, forgetting
 * everything at each jump target and, after a call, what the calling
 * convention lets the callee change. Only moves, address computations and
 * clearing by XOR are followed; every other write forgets its register.
 */
export interface X86Call {
  /** File offset of the call instruction. */
  readonly at: number;
  /** RVA or constant by register number (0 rax … 15 r15); NaN where unknown. */
  readonly registers: Float64Array;
  /** Last constants stored at the stack's top, by 4-byte slot from esp; 32-bit calls only. */
  readonly pushed: readonly number[];
}

const VOLATILE_SYSV = [0, 1, 2, 6, 7, 8, 9, 10, 11];
const VOLATILE_WIN64 = [0, 1, 2, 8, 9, 10, 11];

/** One-byte opcodes with ModRM that write no register: TEST, CMP, PUSH and the like. */
const WRITES_NONE = new Set([0x38, 0x39, 0x3a, 0x3b, 0x84, 0x85]);

/** What a walk over one function needs. */
export interface X86Walk {
  readonly bytes: Uint8Array;
  /** File offsets of the function, and what makes an RVA of one. */
  readonly start: number;
  readonly end: number;
  readonly toRva: number;
  readonly is64: boolean;
  readonly isWindows: boolean;
  readonly joins: Joins;
  /** File offsets of the calls that are asked for, in order. */
  readonly sites: readonly number[];
}

export function walkFunction(walk: X86Walk, visit: (call: X86Call, index: number) => void): void {
  const state = new Walker(walk);
  for (let index = 0; index < walk.sites.length; index += 1) {
    const site = walk.sites[index]!;
    // Nothing before the last jump target matters; if that is no instruction, all is walked.
    const join = walk.joins.lastBefore(site, state.at);
    const isThere =
      (join > state.at && state.walkFrom(join, site)) || state.walkFrom(walk.start, site);
    visit(
      { at: site, registers: isThere ? state.registers : UNKNOWN, pushed: state.pushed },
      index,
    );
  }
}

const UNKNOWN = new Float64Array(16).fill(Number.NaN);

class Walker {
  readonly registers = new Float64Array(16).fill(Number.NaN);
  pushed: number[] = [];
  /** File offset of the next instruction. */
  at: number;
  readonly #walk: X86Walk;
  readonly #out = new Decoded();

  constructor(walk: X86Walk) {
    this.#walk = walk;
    this.at = walk.start;
  }

  /** Goes on to `site`; false where that is not where an instruction begins. */
  walkFrom(from: number, site: number): boolean {
    const { bytes, end, toRva, is64, isWindows, joins } = this.#walk;
    const { registers } = this;
    const out = this.#out;
    if (from > this.at || this.at > site) {
      this.at = from;
      this.#forget();
    }
    while (this.at < site) {
      const { at } = this;
      if (joins.has(at)) this.#forget();
      const length = decode(bytes, at, end, is64, out);
      if (length === 0) {
        this.at += 1;
        registers.fill(Number.NaN);
        continue;
      }
      if (!is64) this.pushed = trackPush(bytes, out, registers, this.pushed);
      track(bytes, out, at + toRva + length, registers, is64, isWindows);
      this.at += length;
    }
    if (this.at === site && joins.has(site)) this.#forget();
    return this.at === site;
  }

  #forget(): void {
    this.registers.fill(Number.NaN);
    this.pushed = [];
  }
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** 32-bit arguments go by the stack: PUSH imm, PUSH r, MOV [esp+d], imm. */
function trackPush(
  bytes: Uint8Array,
  out: Decoded,
  registers: Float64Array,
  pushed: number[],
): number[] {
  const { opcode, map } = out;
  if (map !== 1) return pushed;
  if (opcode === 0x68) return [read32(bytes, out.immAt) >>> 0, ...pushed].slice(0, 8);
  if (opcode === 0x6a) return [(bytes[out.immAt]! << 24) >> 24, ...pushed].slice(0, 8);
  if (opcode >= 0x50 && opcode <= 0x57) return [registers[opcode & 7]!, ...pushed].slice(0, 8);
  if (opcode === 0xe8 || (opcode === 0xff && ((bytes[out.modrmAt]! >> 3) & 7) === 2)) return [];
  const isStackStore = (opcode === 0xc7 || opcode === 0x89) && (bytes[out.modrmAt]! & 7) === 4;
  if (!isStackStore || (bytes[out.modrmAt]! & 0xc0) === 0xc0 || bytes[out.modrmAt + 1] !== 0x24) {
    return pushed;
  }
  const mod = bytes[out.modrmAt]! >> 6;
  const slot = (mod === 0 ? 0 : mod === 1 ? bytes[out.dispAt]! : read32(bytes, out.dispAt)) / 4;
  if (!Number.isInteger(slot) || slot < 0 || slot > 7) return pushed;
  const next = [...pushed];
  while (next.length <= slot) next.push(Number.NaN);
  next[slot] =
    opcode === 0xc7 ? read32(bytes, out.immAt) >>> 0 : registers[(bytes[out.modrmAt]! >> 3) & 7]!;
  return next;
}

function track(
  bytes: Uint8Array,
  out: Decoded,
  next: number,
  registers: Float64Array,
  is64: boolean,
  isWindows: boolean,
): void {
  const { opcode, map, rex } = out;
  const modrm = out.modrmAt >= 0 ? bytes[out.modrmAt]! : 0;
  const reg = ((modrm >> 3) & 7) | ((rex & 4) << 1);
  const rm = (modrm & 7) | ((rex & 1) << 3);
  const isDirect = modrm >= 0xc0;
  if (map === 1) {
    if (opcode === 0x8d) {
      const isRelative = is64 && (modrm & 0xc7) === 0x05;
      registers[reg] = isRelative ? next + read32(bytes, out.dispAt) : Number.NaN;
      return;
    }
    if (opcode === 0x89) {
      if (isDirect) registers[rm] = registers[reg]!;
      return;
    }
    if (opcode === 0x8b) {
      registers[reg] = isDirect ? registers[rm]! : Number.NaN;
      return;
    }
    if (opcode === 0x31 || opcode === 0x33) {
      registers[opcode === 0x31 ? rm : reg] = isDirect && reg === rm ? 0 : Number.NaN;
      return;
    }
    if (opcode >= 0xb8 && opcode <= 0xbf) {
      const target = (opcode & 7) | ((rex & 1) << 3);
      const low = read32(bytes, out.immAt) >>> 0;
      registers[target] =
        (rex & 8) !== 0 ? low + (read32(bytes, out.immAt + 4) >>> 0) * 4294967296 : low;
      return;
    }
    if (opcode === 0xc7 && isDirect) {
      registers[rm] = read32(bytes, out.immAt);
      return;
    }
    if (opcode === 0xe8 || (opcode === 0xff && ((modrm >> 3) & 7) === 2)) {
      for (const one of isWindows ? VOLATILE_WIN64 : VOLATILE_SYSV) registers[one] = Number.NaN;
      return;
    }
    if (opcode >= 0x58 && opcode <= 0x5f) {
      registers[(opcode & 7) | ((rex & 1) << 3)] = Number.NaN;
      return;
    }
    if (out.modrmAt < 0) {
      forgetImplicit(opcode, registers);
      return;
    }
    if (WRITES_NONE.has(opcode) || (opcode >= 0x80 && opcode <= 0x83 && ((modrm >> 3) & 7) === 7)) {
      return;
    }
    if (opcode === 0xf6 || opcode === 0xf7) {
      registers[0] = Number.NaN;
      registers[2] = Number.NaN;
    }
  }
  if (map === 2 && out.modrmAt < 0) {
    // CPUID, RDTSC, SYSCALL and their kind.
    for (const one of [0, 1, 2, 3, 11]) registers[one] = Number.NaN;
    return;
  }
  registers[reg] = Number.NaN;
  if (isDirect) registers[rm] = Number.NaN;
}

/** What opcodes without ModRM write: the accumulator, string registers, XCHG's operands. */
function forgetImplicit(opcode: number, registers: Float64Array): void {
  if (opcode >= 0x91 && opcode <= 0x97) registers[opcode & 7] = Number.NaN;
  const isJumpOrPush = (opcode >= 0x50 && opcode <= 0x57) || (opcode >= 0x68 && opcode <= 0x7f);
  if (isJumpOrPush || opcode === 0xeb || opcode === 0xe9 || opcode === 0x90) return;
  for (const one of [0, 1, 2, 6, 7]) registers[one] = Number.NaN;
}
