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
 * Pointers in chained fixups (<mach-o/fixup-chains.h>) of plain formats: the low
 * 36 bits are the target, an address or an offset from the image. A value with
 * a top bit set is a bind, or signed as only system files for arm64e are, and
 * is no pointer here.
 */
export function chainedPointer(parts: PointerParts): NativeImage['pointerAt'] {
  const base = Number(parts.base);
  return (rva) => {
    const value = valueAt(parts, rva);
    if (value === undefined || value === 0n || value >> 62n !== 0n) return undefined;
    const low = Number(value & 0xf_ffff_ffffn);
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
