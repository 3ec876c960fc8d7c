import type { MappedRange, NativeImage } from '../image.ts';
import type { Joins } from '../joins.ts';
import { Decoded, decode } from './length.ts';

/** Compilers align functions to this. */
const ALIGNMENT = 16;

/**
 * RVAs where functions probably start, for files that have no unwind tables:
 * aligned code after an end (RET, JMP, UD2, HLT) or the padding behind one, that no jump of
 * the module goes to. Functions that only pointers reach are found by this alone.
 */
export function guessStarts(image: NativeImage, range: MappedRange, joins: Joins): number[] {
  const { bytes } = image;
  const end = range.offset + range.fileSize;
  const toRva = range.rva - range.offset;
  const out = new Decoded();
  const starts: number[] = [];
  let isAfterEnd = true;
  for (let at = range.offset; at < end; ) {
    const length = decode(bytes, at, end, image.bits === 64, out);
    const isPadding = length > 0 && isNothing(bytes, at, out);
    if (isAfterEnd && !isPadding && length > 0) {
      if ((at + toRva) % ALIGNMENT === 0 && !joins.has(at)) starts.push(at + toRva);
    }
    isAfterEnd = isPadding ? isAfterEnd : length > 0 && endsFlow(bytes, out);
    at += Math.max(1, length);
  }
  return starts;
}

/** INT3, NOP in every length, XCHG AX, AX. */
function isNothing(bytes: Uint8Array, at: number, { map, opcode }: Decoded): boolean {
  if (map === 1) return opcode === 0xcc || (opcode === 0x90 && bytes[at] !== 0xf3);
  return map === 2 && opcode === 0x1f;
}

function endsFlow(bytes: Uint8Array, { map, opcode, modrmAt }: Decoded): boolean {
  if (map === 2) return opcode === 0x0b;
  if (map !== 1) return false;
  if (opcode === 0xff) return ((bytes[modrmAt]! >> 3) & 7) === 4;
  return (
    opcode === 0xc3 || opcode === 0xc2 || opcode === 0xe9 || opcode === 0xeb || opcode === 0xf4
  );
}
