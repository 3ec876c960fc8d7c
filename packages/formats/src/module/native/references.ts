import { pageOf } from './aarch64/sweep.ts';
import { type NativeImage, offsetOf } from './image.ts';
import { Decoded, decode } from './x86/length.ts';

/** How an instruction names an address. */
export const ReferenceKind = {
  /** Its address is computed or pushed. */
  address: 0,
  /** What stands there is read. */
  load: 1,
  /** It is called or jumped to. */
  call: 2,
  /** No address: a number, as the length beside a text is. */
  constant: 3,
} as const;

/** `rva` of the instruction, `to` the RVA that it names, or the number. */
export type VisitReference = (rva: number, kind: number, to: number) => void;

/** Code beyond this in one function is generated or broken; what it names is not listed. */
const MAX_BYTES = 1 << 20;

/**
 * Addresses of the module that the code from `start` to before `end` names,
 * instruction by instruction: by distance from the instruction, by pages
 * (AArch64), as constants where the code is not position-independent. Registers
 * are not followed. Nothing for machines that are not swept.
 */
export function visitReferences(
  image: NativeImage,
  start: number,
  end: number,
  visit: VisitReference,
): void {
  const offset = offsetOf(image, start);
  if (offset === undefined) return;
  const limit = Math.min(offset + Math.min(end - start, MAX_BYTES), image.bytes.length);
  switch (image.architecture) {
    case 'x86':
    case 'x86-64':
      visitX86(image, offset, limit, start - offset, visit);
      return;
    case 'aarch64':
      visitAArch64(image, offset, limit, start - offset, visit);
      return;
    case 'arm':
    case 'other':
      return;
    default:
      image.architecture satisfies never;
  }
}

function visitX86(
  image: NativeImage,
  start: number,
  end: number,
  toRva: number,
  visit: VisitReference,
): void {
  const { bytes } = image;
  const is64 = image.bits === 64;
  const base = Number(image.base);
  const isAbsolute = base > 0 && !is64;
  const out = new Decoded();
  for (let at = start; at < end; at += Math.max(1, out.length)) {
    if (decode(bytes, at, end, is64, out) === 0) continue;
    const { map, opcode, modrmAt } = out;
    const next = at + out.length + toRva;
    if (map === 1 && (opcode === 0xe8 || opcode === 0xe9)) {
      visit(at + toRva, ReferenceKind.call, next + read32(bytes, out.immAt));
      continue;
    }
    if (modrmAt >= 0 && (bytes[modrmAt]! & 0xc7) === 0x05) {
      const displacement = read32(bytes, out.dispAt);
      const to = is64 ? next + displacement : (displacement >>> 0) - base;
      const isAddress = map === 1 && opcode === 0x8d;
      visit(at + toRva, isAddress ? ReferenceKind.address : ReferenceKind.load, to);
    }
    if (is64 && map === 1 && opcode >= 0xb8 && opcode <= 0xbf && (out.rex & 8) === 0) {
      visit(at + toRva, ReferenceKind.constant, read32(bytes, out.immAt) >>> 0);
    }
    if (isAbsolute && takesConstant(map, opcode)) {
      visit(at + toRva, ReferenceKind.address, (read32(bytes, out.immAt) >>> 0) - base);
    }
  }
}

/** PUSH imm32, MOV r, imm32, MOV [m], imm32: where 32-bit code writes addresses down. */
function takesConstant(map: number, opcode: number): boolean {
  if (map !== 1) return false;
  return opcode === 0x68 || (opcode >= 0xb8 && opcode <= 0xbf) || opcode === 0xc7;
}

function visitAArch64(
  image: NativeImage,
  start: number,
  end: number,
  toRva: number,
  visit: VisitReference,
): void {
  const { bytes } = image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pages = new Float64Array(32).fill(Number.NaN);
  for (let at = start; at + 4 <= end; at += 4) {
    const word = view.getUint32(at, true);
    const rva = at + toRva;
    const top = word >>> 24;
    const page = pages[(word >>> 5) & 31]!;
    if ((top & 0x7c) === 0x14) {
      visit(rva, ReferenceKind.call, rva + ((word << 6) >> 4));
    } else if (top === 0x58) {
      visit(rva, ReferenceKind.load, rva + (((word << 8) >> 13) << 2));
    } else if ((top & 0x9f) === 0x90) {
      pages[word & 31] = pageOf(word, rva);
    } else if ((top & 0x9f) === 0x10) {
      const distance = (((word << 8) >> 11) & ~3) | ((word >>> 29) & 3);
      visit(rva, ReferenceKind.address, rva + distance);
    } else if ((word & 0x7fe00000) === 0x52800000) {
      visit(rva, ReferenceKind.constant, (word >>> 5) & 0xffff);
    } else if ((word & 0x7f800000) === 0x11000000) {
      const added = ((word >>> 10) & 0xfff) * ((word & 0x00400000) !== 0 ? 4096 : 1);
      if (!Number.isNaN(page)) visit(rva, ReferenceKind.address, page + added);
    } else if (isLoad(word) && !Number.isNaN(page)) {
      // The offset counts in units of what is loaded: 8 bytes, or 16 for a vector.
      const unit = (word & 0x04000000) !== 0 && word >>> 30 === 0 ? 16 : 8;
      visit(rva, ReferenceKind.load, page + ((word >>> 10) & 0xfff) * unit);
    }
    if (writesRegister(word)) pages[word & 31] = Number.NaN;
  }
}

/** Data processing but ADRP, and loads: what their low register had is gone. */
function writesRegister(word: number): boolean {
  const top = word >>> 24;
  if ((top & 0x9f) === 0x90) return false;
  const isData = (top & 0x1c) === 0x10 || (top & 0x0e) === 0x0a;
  return isData || isLoad(word);
}

/** LDR with an unsigned offset, of 64 bits or a vector of 64 or 128. */
function isLoad(word: number): boolean {
  const kind = (word & 0xffc00000) >>> 0;
  return kind === 0xf9400000 || kind === 0xfd400000 || kind === 0x3dc00000;
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
