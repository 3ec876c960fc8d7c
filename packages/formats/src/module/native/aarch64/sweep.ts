import { type MappedRange, type NativeImage, offsetOf, type Section } from '../image.ts';
import type { Joins } from '../joins.ts';
import { type Calls, SiteKind, type Sites, type Slots } from '../sites.ts';

/**
 * One sweep over AArch64 code, a word at a time (Arm ARM, DDI 0487, C4.1):
 * BL and B to stubs, loads of slots by ADRP and LDR and the BLR or BR that
 * follows, SVC, and the targets of direct calls. Instructions are
 * little-endian whatever the data's byte order is.
 */
export function sweepAArch64(
  image: NativeImage,
  range: MappedRange,
  slots: Slots,
  sites: Sites,
  calls: Calls,
  joins: Joins,
): void {
  const { bytes } = image;
  const stubs = new Stubs(image, slots);
  const toRva = range.rva - range.offset;
  const start = range.offset + ((4 - (range.rva & 3)) & 3);
  const end = start + ((range.offset + range.fileSize - start) & ~3);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Address that ADRP, or ADRP and ADD, left in each register; NaN where another value stands. */
  const pages = new Float64Array(32).fill(Number.NaN);
  /** Import whose pointer stands in each register; -1 where none does. */
  const pointers = new Int32Array(32).fill(-1);
  for (let at = start; at < end; at += 4) {
    const word = view.getUint32(at, true);
    const rva = at + toRva;
    const top = word >>> 24;
    if ((top & 0x7c) === 0x14) {
      const target = rva + ((word << 6) >> 4);
      const isCall = (word & 0x80000000) !== 0;
      const index = stubs.at(target);
      if (index >= 0) sites.push(rva, index, isCall ? SiteKind.call : SiteKind.jump);
      else if (isCall) calls.push(rva, target);
      else joins.add(target - toRva);
      if (isCall) forget(pages, pointers, LAST_VOLATILE);
    } else if ((top & 0xff) === 0x54 || (top & 0x7e) === 0x34) {
      joins.add(at + (((word << 8) >> 13) << 2));
    } else if ((top & 0x7e) === 0x36) {
      joins.add(at + (((word << 13) >> 18) << 2));
    } else if ((top & 0x9f) === 0x90) {
      const register = word & 31;
      pages[register] = pageOf(word, rva);
      pointers[register] = -1;
    } else if ((word & 0xffc00000) >>> 0 === 0xf9400000) {
      const register = word & 31;
      const slot = pages[(word >>> 5) & 31]! + ((word >>> 10) & 0xfff) * 8;
      const index = Number.isNaN(slot) ? -1 : slots.at(slot);
      pointers[register] = index;
      pages[register] = Number.NaN;
      if (index >= 0) {
        const isStub = isStubUse(word) && jumpFollows(view, at, end);
        sites.push(rva, index, isStub ? SiteKind.stub : SiteKind.load);
      }
    } else if (top === 0x58) {
      // LDR literal: what Apple's linker makes of a page and an offset that are near.
      const register = word & 31;
      // Into x16 it is a stub, whose callers are the sites.
      const isStub = register === 16 || register === 17;
      const index = isStub ? -1 : slots.at(rva + (((word << 8) >> 13) << 2));
      pointers[register] = index;
      pages[register] = Number.NaN;
      if (index >= 0) sites.push(rva, index, SiteKind.load);
    } else if (branchesToRegister(word)) {
      const index = pointers[(word >>> 5) & 31]!;
      const isCall = (word & 0x00200000) !== 0;
      const kind = isCall ? SiteKind.call : isStubUse(word) ? SiteKind.stub : SiteKind.jump;
      if (index >= 0) sites.push(rva, index, kind);
      if (isCall) forget(pages, pointers, LAST_VOLATILE);
    } else if ((word & 0xfffffc1f) >>> 0 === RET) {
      forget(pages, pointers, LAST);
    } else if ((word & 0xffe0001f) >>> 0 === 0xd4000001) {
      sites.push(rva, -1, SiteKind.system);
    } else if (!isStore(word)) {
      // Most data-processing instructions write the register of their low five bits.
      pointers[word & 31] = -1;
      pages[word & 31] =
        (word & 0xff800000) >>> 0 === ADD ? pages[(word >>> 5) & 31]! + addedBy(word) : Number.NaN;
    }
  }
}

/** ADD of an immediate to a 64-bit register. */
const ADD = 0x91000000;

function addedBy(word: number): number {
  return ((word >>> 10) & 0xfff) * ((word & 0x00400000) !== 0 ? 4096 : 1);
}

/** BR and BLR, and those of signed pointers, as arm64e has them: BRAA, BLRAB and their kind. RET is none. */
export function branchesToRegister(word: number): boolean {
  const isPlain = (word & 0xffdffc1f) >>> 0 === 0xd61f0000;
  return isPlain || (word & 0xfedff800) >>> 0 === 0xd61f0800;
}

/** Stubs go by x16 alone, the register that the linker may use: LDR x, [x16] and BR x16 or x17. */
function isStubUse(word: number): boolean {
  const base = (word >>> 5) & 31;
  return base === 16 || base === 17;
}

/** A stub's load has its jump behind it, or one instruction later; else x16 is a register as any other. */
function jumpFollows(view: DataView, at: number, end: number): boolean {
  for (let next = at + 4; next <= at + 8 && next < end; next += 4) {
    const word = view.getUint32(next, true);
    if (branchesToRegister(word)) return isStubUse(word);
  }
  return false;
}

/** STR of one register or STP of two: their low register is what is stored (C4.1.94, "Loads and Stores"). */
function isStore(word: number): boolean {
  const isOne = (word & 0x3ac00000) >>> 0 === 0x38000000;
  return isOne || (word & 0x3a400000) >>> 0 === 0x28000000;
}

/** AAPCS64: x0 to x18 may be changed by a call. */
const LAST_VOLATILE = 18;

/** What stands behind a return is reached from elsewhere, mostly with other values. */
const LAST = 31;

const RET = 0xd65f0000;

function forget(pages: Float64Array, pointers: Int32Array, last: number): void {
  for (let register = 0; register <= last; register += 1) {
    pages[register] = Number.NaN;
    pointers[register] = -1;
  }
}

/** ADRP: a signed count of pages from the instruction's page. */
export function pageOf(word: number, rva: number): number {
  const pages = (((word << 8) >> 11) & ~3) | ((word >>> 29) & 3) | 0;
  return Math.floor(rva / 4096) * 4096 + pages * 4096;
}

/**
 * Stubs: [BTI] ADRP x16; LDR x17 (or x16), [x16, #d]; [ADD]; BR, or a literal
 * load; for arm64e ADRP x17; ADD x17; LDR x16, [x17]; BRAA. In `__objc_stubs`
 * what sends a message: ADRP x1; LDR x1, [x1, #d] of its selector.
 */
class Stubs {
  readonly #image: NativeImage;
  readonly #slots: Slots;
  readonly #view: DataView;
  readonly #messages: Section | undefined;

  constructor(image: NativeImage, slots: Slots) {
    this.#image = image;
    this.#messages = image.sections.find(({ name }) => name.endsWith(',__objc_stubs'));
    this.#slots = slots;
    this.#view = new DataView(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength);
  }

  /** Only there: everywhere else a block may begin with a load of a selector. */
  #isMessageStub(rva: number): boolean {
    const stubs = this.#messages;
    return stubs !== undefined && rva >= stubs.rva && rva < stubs.rva + stubs.size;
  }

  /** Index of the import; -1 where the address is no stub. */
  at(rva: number): number {
    const named = this.#slots.namedAt(rva);
    if (named >= 0) return named;
    let at = offsetOf(this.#image, rva);
    if (at === undefined || at + 16 > this.#view.byteLength) return -1;
    let here = rva;
    let word = this.#view.getUint32(at, true);
    // BTI c, or the NOP before a literal load.
    if (word === 0xd503245f || word === 0xd503201f) {
      at += 4;
      here += 4;
      word = this.#view.getUint32(at, true);
    }
    if ((word & 0xff00001f) >>> 0 === 0x58000010) {
      // LDR x16, literal; BR x16: how Apple's linker writes lazy stubs for arm64.
      return this.#slots.at(here + (((word << 8) >> 13) << 2));
    }
    if ((word & 0x9f000000) >>> 0 !== 0x90000000) return -1;
    const next = this.#view.getUint32(at + 4, true);
    const page = pageOf(word, here);
    switch (word & 31) {
      case 16:
        if ((next & 0xffc003e0) >>> 0 !== 0xf9400200) return -1;
        return this.#slots.at(page + ((next >>> 10) & 0xfff) * 8);
      case 17:
        if ((next & 0xffc003ff) >>> 0 !== 0x91000231) return -1;
        if (this.#view.getUint32(at + 8, true) !== 0xf9400230) return -1;
        return this.#slots.at(page + ((next >>> 10) & 0xfff));
      case 1:
        if (!this.#isMessageStub(rva) || (next & 0xffc003ff) >>> 0 !== 0xf9400021) return -1;
        return this.#slots.at(page + ((next >>> 10) & 0xfff) * 8);
      default:
        return -1;
    }
  }
}
