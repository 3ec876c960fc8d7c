import { Refused } from './refused.ts';

/**
 * Bounds-checked reading of numbers and pieces at given offsets.
 *
 * Offsets are in bytes from the start of `bytes`. Every read past the end
 * refuses `<format>.truncated` at the offset asked for; nothing is allocated
 * before its size is checked against what remains.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** The first part of this cursor's refusal codes: `zip`, `elf`. */
  readonly format: string;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, format: string) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.format = format;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Refuses `<format>.truncated` unless `size` bytes are there at `offset`. */
  need(offset: number, size: number): void {
    if (!(offset >= 0 && size >= 0 && offset + size <= this.length)) {
      throw new Refused(
        `${this.format}.truncated`,
        offset,
        `${size} bytes wanted at offset ${offset} of ${this.length}`,
      );
    }
  }

  u8(offset: number): number {
    this.need(offset, 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number, littleEndian = true): number {
    this.need(offset, 2);
    return this.#view.getUint16(offset, littleEndian);
  }

  u32(offset: number, littleEndian = true): number {
    this.need(offset, 4);
    return this.#view.getUint32(offset, littleEndian);
  }

  u64(offset: number, littleEndian = true): bigint {
    this.need(offset, 8);
    return this.#view.getBigUint64(offset, littleEndian);
  }

  /** A 64-bit value used as an offset or size. Refuses `<format>.too-large` from 2^53. */
  size64(offset: number, littleEndian = true): number {
    const value = this.u64(offset, littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new Refused(`${this.format}.too-large`, offset, `0x${value.toString(16)}`);
    }
    return Number(value);
  }

  /** A view of `size` bytes; nothing is copied. */
  piece(offset: number, size: number): Uint8Array {
    this.need(offset, size);
    return this.bytes.subarray(offset, offset + size);
  }
}
