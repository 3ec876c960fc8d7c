import { type NativeImage, offsetOf, rangeAt } from '@avow/formats/native';
import type { Exact } from '../match/asked.ts';

/** What an image has at its addresses when it is loaded, before anything ran. */
export class ImageMemory {
  readonly #image: NativeImage;
  readonly #view: DataView;
  readonly #base: number;
  readonly #first: number;

  constructor(image: NativeImage) {
    const { bytes } = image;
    this.#image = image;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#base = Number(image.base);
    this.#first = image.ranges[0]?.rva ?? 0;
  }

  /** RVA of a virtual address that is mapped; headers are, and so count. */
  rvaOf(value: Exact): number | undefined {
    if (typeof value === 'bigint') return undefined;
    const rva = value - this.#base;
    return rva >= this.#first && rangeAt(this.#image, rva) !== undefined ? rva : undefined;
  }

  /**
   * Whether a constant is taken for an address. In code that may be loaded
   * anywhere, from address 0 on, small constants are no addresses.
   */
  isAddress(value: Exact): boolean {
    return this.#base > 0 && this.rvaOf(value) !== undefined;
  }

  u32(rva: number): number | undefined {
    const offset = offsetOf(this.#image, rva);
    if (offset === undefined || offset + 4 > this.#view.byteLength) return undefined;
    return this.#view.getUint32(offset, this.#image.littleEndian);
  }

  i32(rva: number): number | undefined {
    const value = this.u32(rva);
    return value === undefined ? undefined : value | 0;
  }

  /** RVA that the pointer at an RVA points to; undefined where it is none. */
  pointer(rva: number): number | undefined {
    const low = this.u32(rva);
    if (low === undefined) return undefined;
    if (this.#image.bits === 32) return this.rvaOf(low);
    const high = this.u32(rva + 4);
    return high === undefined ? undefined : this.rvaOf(high * 2 ** 32 + low);
  }

  /** Up to `size` bytes at an RVA, not beyond its range. */
  bytes(rva: number, size: number): Uint8Array | undefined {
    const range = rangeAt(this.#image, rva);
    if (range === undefined) return undefined;
    const within = rva - range.rva;
    if (within >= range.fileSize) return undefined;
    const offset = range.offset + within;
    const { bytes } = this.#image;
    return bytes.subarray(offset, Math.min(offset + size, range.offset + range.fileSize));
  }
}
