import { type MappedRange, type NativeImage, rangeAt } from '../image.ts';
import type { Joins } from '../joins.ts';
import type { Calls } from '../sites.ts';
import { JumpTables } from './jump-tables.ts';
import { Decoded, decode } from './length.ts';

/** Compilers align functions to this. */
const ALIGNMENT = 16;

/** Words of data that are looked through for pointers to code: 64 MB of them. */
const MAX_WORDS = 8_000_000;

/**
 * RVAs where functions probably start, for files that have no unwind tables.
 *
 * Sure of themselves are targets of calls, code that pointers name, and aligned
 * code behind padding that no jump of the module and no table of a switch goes
 * to. Jumps from one of these functions into another go to a start as well: a
 * tail call, or the part of a function that the compiler moved away as unlikely.
 */
export function guessStarts(
  image: NativeImage,
  range: MappedRange,
  joins: Joins,
  calls: Calls,
): number[] {
  const guesses = new Guesses(image, range, joins);
  guesses.sweep();
  guesses.addCalls(calls);
  guesses.addPointers();
  guesses.addJumps();
  return guesses.starts();
}

/** What stands before an instruction. */
const Before = { flow: 0, call: 1, end: 2 } as const;

class Guesses {
  readonly #image: NativeImage;
  readonly #range: MappedRange;
  readonly #joins: Joins;
  readonly #toRva: number;
  readonly #end: number;
  /** By byte of the range: 1 a start, 2 where one is likely, 3 where nothing need run into. */
  readonly #marks: Uint8Array;
  readonly #jumps: { from: number[]; to: number[] } = { from: [], to: [] };
  readonly #taken: number[] = [];
  readonly #tables: JumpTables;

  constructor(image: NativeImage, range: MappedRange, joins: Joins) {
    this.#image = image;
    this.#range = range;
    this.#joins = joins;
    this.#toRva = range.rva - range.offset;
    this.#end = range.offset + range.fileSize;
    this.#marks = new Uint8Array(range.fileSize);
    this.#tables = new JumpTables(image, range);
  }

  /** One pass over the code: candidates, jumps, addresses that are taken, tables. */
  sweep(): void {
    const { bytes, bits } = this.#image;
    const out = new Decoded();
    let before: number = Before.end;
    let isPadded = false;
    for (let at = this.#range.offset; at < this.#end; ) {
      const length = decode(bytes, at, this.#end, bits === 64, out);
      if (length > 0 && isNothing(bytes, at, out)) {
        isPadded = true;
        at += length;
        continue;
      }
      if (before !== Before.flow && length > 0) {
        const isAligned = (at + this.#toRva) % ALIGNMENT === 0;
        const isLikely = isAligned && (isPadded || startsFrame(bytes, at));
        this.#marks[at - this.#range.offset] = isLikely ? 2 : 3;
      }
      isPadded = false;
      before = length === 0 ? Before.end : this.#follow(at, length, out);
      at += Math.max(1, length);
    }
    this.#tables.read();
    for (let at = 0; at < this.#marks.length; at += 1) {
      if (this.#marks[at] !== 2) continue;
      const isJoin = this.#joins.has(at + this.#range.offset) || this.#tables.has(at);
      if (!isJoin) this.#marks[at] = 1;
    }
  }

  /** Takes what one instruction says of others; what stands before the next one. */
  #follow(at: number, length: number, { map, opcode, modrmAt, immAt, dispAt }: Decoded): number {
    const { bytes } = this.#image;
    const next = at + length;
    if (map === 2) {
      if (opcode >= 0x80 && opcode <= 0x8f) this.#jump(at, next + read32(bytes, immAt));
      return opcode === 0x0b ? Before.end : Before.flow;
    }
    if (map !== 1) return Before.flow;
    if (opcode >= 0x70 && opcode <= 0x7f) this.#jump(at, next + signed8(bytes[immAt]!));
    else if (opcode === 0xeb) this.#jump(at, next + signed8(bytes[immAt]!));
    else if (opcode === 0xe9) this.#jump(at, next + read32(bytes, immAt));
    else if (opcode === 0x8d && (bytes[modrmAt]! & 0xc7) === 0x05 && this.#image.bits === 64) {
      const rva = next + this.#toRva + read32(bytes, dispAt);
      if (this.#isInside(rva)) this.#taken.push(rva - this.#toRva);
      else this.#tables.addRelative(rva);
    } else if (opcode === 0xff) {
      const operation = (bytes[modrmAt]! >> 3) & 7;
      if (operation === 2) return Before.call;
      if (operation !== 4) return Before.flow;
      // jmp [index * width + table]
      if ((bytes[modrmAt]! & 0xc7) === 4 && (bytes[modrmAt + 1]! & 7) === 5) {
        this.#tables.addAbsolute((read32(bytes, dispAt) >>> 0) - Number(this.#image.base));
      }
      return Before.end;
    }
    if (opcode === 0xe8) return Before.call;
    const isEnd =
      opcode === 0xc3 || opcode === 0xc2 || opcode === 0xe9 || opcode === 0xeb || opcode === 0xf4;
    return isEnd ? Before.end : Before.flow;
  }

  #jump(from: number, to: number): void {
    this.#jumps.from.push(from);
    this.#jumps.to.push(to);
  }

  #isInside(rva: number): boolean {
    return rva >= this.#range.rva && rva < this.#range.rva + this.#range.fileSize;
  }

  addCalls(calls: Calls): void {
    for (let call = 0; call < calls.count; call += 1) {
      if (this.#isInside(calls.to[call]!)) this.#marks[calls.to[call]! - this.#range.rva] = 1;
    }
  }

  /** Addresses of code that code takes, and pointers in data. */
  addPointers(): void {
    for (const at of this.#taken) this.#addPointer(at - this.#range.offset);
    const word = this.#image.bits / 8;
    const isRelocated = this.#image.base === 0n;
    // No more words than the file has, whatever sizes its sections claim.
    let left = Math.min(MAX_WORDS, this.#image.bytes.length / word);
    for (const { rva, size, offset, executable } of this.#image.sections) {
      if (executable || offset === undefined || rangeAt(this.#image, rva) === undefined) continue;
      const first = Math.ceil(rva / word) * word;
      for (let at = first; at + word <= rva + size && left > 0; at += word) {
        left -= 1;
        const to = this.#image.pointerAt(at);
        if (to === undefined || !this.#isInside(to)) continue;
        // A number may look like an address where addresses stand in the file as they are.
        const within = to - this.#range.rva;
        if (isRelocated || this.#marks[within] === 2) this.#addPointer(within);
      }
    }
  }

  /** A label that code jumps to by a table has a pointer too; a start is aligned, or behind an end. */
  #addPointer(within: number): void {
    if (this.#tables.has(within)) return;
    const rva = within + this.#range.rva;
    if (rva % ALIGNMENT === 0 || this.#marks[within] === 2 || this.#isBehindEnd(within)) {
      this.#marks[within] = 1;
    }
  }

  #isBehindEnd(within: number): boolean {
    const { bytes } = this.#image;
    const at = within + this.#range.offset;
    return bytes[at - 1] === 0xc3 || bytes[at - 1] === 0xcc || bytes[at - 5] === 0xe9;
  }

  /** Jumps between functions, by the starts that are known so far. */
  addJumps(): void {
    const { from, to } = this.#jumps;
    const owner = this.#owners();
    const base = this.#range.offset;
    const moved = new Map<number, number>();
    for (let jump = 0; jump < from.length; jump += 1) {
      const target = to[jump]! - base;
      if (target < 0 || target >= this.#marks.length || this.#marks[target] === 1) continue;
      const source = owner(from[jump]! - base);
      if (source === owner(target)) continue;
      if (this.#marks[target] === 2) this.#marks[target] = 1;
      else if (!moved.has(target)) moved.set(target, source);
    }
    // Parts that were moved away stand together; several jumps of one function go into its part.
    let last = -1;
    for (const [target, source] of [...moved].sort((a, b) => a[0] - b[0])) {
      if (source !== last && this.#marks[target] === 3) this.#marks[target] = 1;
      last = source;
    }
  }

  /** The start that an offset of the range belongs to. */
  #owners(): (within: number) => number {
    const starts = Uint32Array.from(this.#offsets());
    return (within) => {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (starts[middle]! <= within) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    };
  }

  #offsets(): number[] {
    const found: number[] = [];
    for (let at = this.#marks.indexOf(1); at >= 0; at = this.#marks.indexOf(1, at + 1)) {
      found.push(at);
    }
    return found;
  }

  starts(): number[] {
    return this.#offsets().map((within) => within + this.#range.rva);
  }
}

/** INT3, NOP in every length, XCHG AX, AX, and zeros. */
function isNothing(bytes: Uint8Array, at: number, { map, opcode }: Decoded): boolean {
  if (map === 1) {
    if (opcode === 0) return bytes[at] === 0 && bytes[at + 1] === 0;
    return opcode === 0xcc || (opcode === 0x90 && bytes[at] !== 0xf3);
  }
  return map === 2 && opcode === 0x1f;
}

/** ENDBR64, PUSH of a register that is kept, SUB RSP: what a function may begin with and a block hardly. */
function startsFrame(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at]!;
  if (first === 0xf3) return bytes[at + 1] === 0x0f && bytes[at + 2] === 0x1e;
  if (first === 0x55 || first === 0x53) return true;
  if (first === 0x41) return bytes[at + 1]! >= 0x54 && bytes[at + 1]! <= 0x57;
  return (
    first === 0x48 && (bytes[at + 1] === 0x83 || bytes[at + 1] === 0x81) && bytes[at + 2] === 0xec
  );
}

function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
