import type { MappedRange, NativeImage } from '../image.ts';
import { offsetOf } from '../image.ts';
import type { Joins } from '../joins.ts';
import { type Calls, SiteKind, type Sites, type Slots } from '../sites.ts';
import { Decoded, decode } from './length.ts';

/**
 * One linear sweep over executable bytes of x86 or x86-64: calls, jumps and
 * loads that reach imports through stubs or slots, system calls, and the
 * targets of direct calls.
 *
 * A linear sweep resynchronises after data within a few instructions; on code
 * that hides behind such data it can miss sites, which is why coverage is
 * stated by functions reached and not by bytes.
 */
export function sweepX86(
  image: NativeImage,
  range: MappedRange,
  slots: Slots,
  sites: Sites,
  calls: Calls,
  joins: Joins,
): void {
  const { bytes } = image;
  const is64 = image.bits === 64;
  const out = new Decoded();
  const stubs = new Stubs(image, slots);
  const end = range.offset + range.fileSize;
  const toRva = range.rva - range.offset;
  let at = range.offset;
  while (at < end) {
    const length = decode(bytes, at, end, is64, out);
    if (length === 0) {
      at += 1;
      continue;
    }
    const { opcode, map } = out;
    if (map === 1) {
      if (opcode === 0xe8 || opcode === 0xe9) {
        const target = at + toRva + length + read32(bytes, out.immAt);
        const index = stubs.at(target);
        if (index >= 0) {
          sites.push(at + toRva, index, opcode === 0xe8 ? SiteKind.call : SiteKind.jump);
        } else if (opcode === 0xe9) {
          joins.add(target - toRva);
        } else if (target !== at + toRva + length) {
          calls.push(at + toRva, target);
        }
      } else if ((opcode >= 0x70 && opcode <= 0x7f) || opcode === 0xeb) {
        joins.add(at + length + ((bytes[out.immAt]! << 24) >> 24));
      } else if (out.modrmAt >= 0 && (bytes[out.modrmAt]! & 0xc7) === 0x05) {
        pointerUse(out, at + toRva, length, image, slots, sites, calls);
      } else if (opcode === 0xcd && bytes[out.immAt] === 0x80 && !is64) {
        sites.push(at + toRva, -1, SiteKind.system);
      }
    } else if (map === 2) {
      if (opcode === 0x05 && is64) sites.push(at + toRva, -1, SiteKind.system);
      else if (opcode >= 0x80 && opcode <= 0x8f) {
        const target = at + length + read32(bytes, out.immAt);
        const index = stubs.at(target + toRva);
        if (index >= 0) sites.push(at + toRva, index, SiteKind.jump);
        else joins.add(target);
      }
    }
    at += length;
  }
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** FF /2, FF /4 and 8B with a bare displacement: relative to the next instruction, or absolute in 32-bit code. */
function pointerUse(
  out: Decoded,
  rva: number,
  length: number,
  image: NativeImage,
  slots: Slots,
  sites: Sites,
  calls: Calls,
): void {
  const { opcode } = out;
  if (opcode !== 0xff && opcode !== 0x8b) return;
  const { bytes } = image;
  const displacement = read32(bytes, out.dispAt);
  const slot =
    image.bits === 64 ? rva + length + displacement : (displacement >>> 0) - Number(image.base);
  const operation = (bytes[out.modrmAt]! >> 3) & 7;
  let index = slots.at(slot);
  if (index < 0) {
    const own = slots.ownAt(slot);
    if (own < 0) return;
    index = slots.namedAt(own);
    if (opcode === 0xff && operation === 2) calls.push(rva, own);
    if (index < 0) return;
  }
  if (opcode === 0x8b) sites.push(rva, index, SiteKind.load);
  else if (operation === 2) sites.push(rva, index, SiteKind.call);
  else if (operation === 4) {
    const kind = isAfterPadding(bytes, out.modrmAt - 1) ? SiteKind.stub : SiteKind.jump;
    sites.push(rva, index, kind);
  }
}

/**
 * Whether nothing runs into an instruction: it stands at the start of a stub,
 * after `endbr`, padding, a return, or the stub before.
 */
function isAfterPadding(bytes: Uint8Array, opcodeAt: number): boolean {
  let at = opcodeAt;
  // The BND prefix, and the REX.W of PE thunks.
  if (bytes[at - 1] === 0xf2 || bytes[at - 1] === 0x48) at -= 1;
  if (bytes[at - 4] === 0xf3 && bytes[at - 3] === 0x0f && bytes[at - 2] === 0x1e) return true;
  const before = bytes[at - 1];
  if (before === 0xcc || before === 0x90 || before === 0xc3 || before === 0x00) return true;
  if (bytes[at - 6] === 0xff && bytes[at - 5] === 0x25) return true;
  // A lazy entry ends in a jump to the first one.
  return bytes[at - 5] === 0xe9 && (at & 15) === 0;
}

/**
 * Which import a stub jumps to, looked up by its address: `jmp [slot]`, with
 * or without `endbr` and the `bnd` prefix before it. No section names are
 * needed, so a stripped file gives the same.
 */
class Stubs {
  readonly #image: NativeImage;
  readonly #slots: Slots;

  constructor(image: NativeImage, slots: Slots) {
    this.#image = image;
    this.#slots = slots;
  }

  /** Index of the import; -1 where the address is no stub. */
  at(rva: number): number {
    const named = this.#slots.namedAt(rva);
    if (named >= 0) return named;
    const { bytes } = this.#image;
    const start = offsetOf(this.#image, rva);
    if (start === undefined || start + 10 > bytes.length) return -1;
    let at = start;
    const is64 = this.#image.bits === 64;
    // endbr64 and endbr32.
    if (bytes[at] === 0xf3 && bytes[at + 1] === 0x0f && bytes[at + 2] === 0x1e) at += 4;
    // The BND prefix, and the REX.W of PE thunks.
    if (bytes[at] === 0xf2 || (bytes[at] === 0x48 && is64)) at += 1;
    if (bytes[at] !== 0xff) return -1;
    if (bytes[at + 1] === 0x25) {
      const displacement = read32(bytes, at + 2);
      const next = rva + (at - start) + 6;
      return this.#slots.at(
        is64 ? next + displacement : (displacement >>> 0) - Number(this.#image.base),
      );
    }
    // 32-bit position-independent stubs: jmp [ebx + d], ebx the start of .got.plt.
    if (!is64 && bytes[at + 1] === 0xa3 && this.#image.globalOffsets !== undefined) {
      return this.#slots.at(this.#image.globalOffsets + read32(bytes, at + 2));
    }
    return -1;
  }
}
