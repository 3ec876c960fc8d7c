import { type NativeImage, offsetOf, rangeAt } from './image.ts';

/** What a pointer is read with. */
type PointerParts = Pick<NativeImage, 'bytes' | 'ranges' | 'base' | 'bits' | 'littleEndian'>;

/** Pointers that stand in the file as virtual addresses: PE, and ELF and Mach-O without fixups in place. */
export function absolutePointer(parts: PointerParts): NativeImage['pointerAt'] {
  const base = Number(parts.base);
  return (rva) => {
    const value = valueAt(parts, rva);
    if (value === undefined || value === 0n) return undefined;
    const target = Number(value) - base;
    return rangeAt(parts, target) === undefined ? undefined : target;
  };
}

/**
 * Pointers in chained fixups (<mach-o/fixup-chains.h>): a target is a virtual
 * address or an offset from the image, by its format; no image is as large as
 * its base, so the two are told apart. What binds is no pointer here.
 *
 * @param targetOf What a link holds; undefined where it binds.
 */
export function chainedPointer(
  parts: PointerParts,
  targetOf: (link: bigint) => number | undefined,
): NativeImage['pointerAt'] {
  const base = Number(parts.base);
  return (rva) => {
    const value = valueAt(parts, rva);
    const low = value === undefined || value === 0n ? undefined : targetOf(value);
    if (low === undefined) return undefined;
    const target = low >= base ? low - base : low;
    return rangeAt(parts, target) === undefined ? undefined : target;
  };
}

function valueAt(
  { bytes, ranges, bits, littleEndian }: PointerParts,
  rva: number,
): bigint | undefined {
  const offset = offsetOf({ ranges }, rva);
  if (offset === undefined || offset + bits / 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bits === 64
    ? view.getBigUint64(offset, littleEndian)
    : BigInt(view.getUint32(offset, littleEndian));
}
