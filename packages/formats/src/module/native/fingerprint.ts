import { digestOf } from '@avow/bytes';
import type { NativeImage } from './image.ts';
import { offsetOf } from './image.ts';
import { Decoded, decode } from './x86/length.ts';

/** Code beyond this adds nothing to what a function is told by. */
const MAX_BYTES = 65_536;

/** Hex digits: enough that two functions of one module do not meet. */
const DIGITS = 16;

/**
 * What a function's code is, whatever addresses the linker gave it: a digest
 * over its instructions without displacements and immediates. Two builds of the
 * same source by the same compiler give the same. Undefined for machines that
 * are not read.
 */
export function fingerprintOf(image: NativeImage, start: number, end: number): string | undefined {
  const at = offsetOf(image, start);
  if (at === undefined) return undefined;
  const limit = Math.min(at + Math.min(end - start, MAX_BYTES), image.bytes.length);
  switch (image.architecture) {
    case 'x86':
    case 'x86-64':
      return shortDigest(x86Shape(image, at, limit));
    case 'aarch64':
      return shortDigest(aarch64Shape(image.bytes, at, limit));
    case 'arm':
    case 'other':
      return undefined;
    default:
      return image.architecture satisfies never;
  }
}

function shortDigest(shape: Uint8Array): string {
  return digestOf(shape).slice('sha256:'.length, 'sha256:'.length + DIGITS);
}

/** Opcode map, opcode and ModRM of each instruction. */
function x86Shape(image: NativeImage, start: number, end: number): Uint8Array {
  const shape = new Uint8Array((end - start) * 3);
  const out = new Decoded();
  let length = 0;
  for (let at = start; at < end; ) {
    const size = decode(image.bytes, at, end, image.bits === 64, out);
    shape[length++] = size === 0 ? 0xff : out.map;
    shape[length++] = size === 0 ? image.bytes[at]! : out.opcode;
    shape[length++] = size === 0 || out.modrmAt < 0 ? 0 : image.bytes[out.modrmAt]!;
    at += Math.max(1, size);
  }
  return shape.subarray(0, length);
}

/** Instructions with the targets of branches and the addresses of pages cleared. */
function aarch64Shape(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const shape = bytes.slice(start, start + ((end - start) & ~3));
  const view = new DataView(shape.buffer);
  for (let at = 0; at + 4 <= shape.length; at += 4) {
    const word = view.getUint32(at, true);
    const top = word >>> 24;
    if ((top & 0x7c) === 0x14) view.setUint32(at, word & 0xfc000000, true);
    else if ((top & 0x9f) === 0x90 || (top & 0x9f) === 0x10) view.setUint32(at, word & 0x9f00001f);
    else if ((top & 0x7f) === 0x11) view.setUint32(at, word & 0xff8003ff, true);
    else if ((word & 0x3b000000) === 0x39000000) view.setUint32(at, word & 0xffc003ff, true);
  }
  return shape;
}
