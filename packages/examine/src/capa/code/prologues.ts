import type { NativeImage } from '@avow/formats/native';
import { rangesOf } from './ranges.ts';

/**
 * Whether a compiler's first instructions of a function stand here: `push ebp;
 * mov ebp, esp` in either encoding, with or without `mov edi, edi` before it,
 * the same in 64 bits, or `endbr`.
 */
export function isPrologue(bytes: Uint8Array, at: number): boolean {
  switch (bytes[at]) {
    case 0x55:
      if (bytes[at + 1] === 0x48) return isFrame(bytes, at + 2);
      return isFrame(bytes, at + 1);
    case 0x8b:
      return bytes[at + 1] === 0xff && bytes[at + 2] === 0x55;
    case 0xf3:
      return bytes[at + 1] === 0x0f && bytes[at + 2] === 0x1e;
    default:
      return false;
  }
}

/** MOV EBP, ESP. */
function isFrame(bytes: Uint8Array, at: number): boolean {
  const [opcode, modrm] = [bytes[at], bytes[at + 1]];
  return (opcode === 0x8b && modrm === 0xec) || (opcode === 0x89 && modrm === 0xe5);
}

/** RVAs of executable bytes that look like the start of a function: some are reached by computed pointers alone. */
export function prologuesIn(image: NativeImage): number[] {
  const found: number[] = [];
  for (const { rva, offset, fileSize } of rangesOf(image, true)) {
    for (let at = offset; at < offset + fileSize; at += 1) {
      if (isPrologue(image.bytes, at)) found.push(rva + at - offset);
    }
  }
  return found;
}
