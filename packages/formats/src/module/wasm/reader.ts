import { latin1Text, Refused, utf8Text } from '@avow/bytes';

/** Names in a module; longer is an attack on whoever prints them. */
const MAX_NAME_BYTES = 65_536;

/**
 * Reads the binary format's numbers and names one after another (WebAssembly
 * Core 3.0, 5.2). Offsets are from the start of the module.
 */
export class WasmReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    if (end > bytes.length) this.#refuse(end - bytes.length);
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  #refuse(size: number): never {
    throw new Refused(
      'wasm.truncated',
      this.at,
      `${size} bytes wanted, ${this.end - this.at} left`,
    );
  }

  u8(): number {
    if (this.at >= this.end) this.#refuse(1);
    return this.bytes[this.at++]!;
  }

  /** LEB128, at most 32 bits. Refuses `wasm.leb`. */
  u32(): number {
    const { bytes, at } = this;
    if (at + 3 <= this.end) {
      const first = bytes[at]!;
      const second = bytes[at + 1]!;
      if (first < 0x80) {
        this.at = at + 1;
        return first;
      }
      if (second < 0x80) {
        this.at = at + 2;
        return (first & 0x7f) | (second << 7);
      }
      const third = bytes[at + 2]!;
      if (third < 0x80) {
        this.at = at + 3;
        return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
      }
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new Refused('wasm.leb', this.at, 'a number of more than 32 bits');
  }

  /** Skips a signed or unsigned LEB128 of any width up to ten bytes. */
  skipLeb(): void {
    for (let count = 0; count < 10; count += 1) if (this.u8() < 0x80) return;
    throw new Refused('wasm.leb', this.at, 'a number of more than ten bytes');
  }

  /** Signed LEB128 as a number; digits above 2^53 are lost. */
  s64(): number {
    const { bytes, at } = this;
    if (at + 3 <= this.end) {
      const low = bytes[at]! | (bytes[at + 1]! << 8);
      if ((low & 0x8080) === 0x80) {
        this.at = at + 2;
        return (((low & 0x7f) | ((low & 0x7f00) >> 1)) << 18) >> 18;
      }
      if ((low & 0x8080) === 0x8080 && bytes[at + 2]! < 0x80) {
        this.at = at + 3;
        const bits = (low & 0x7f) | ((low & 0x7f00) >> 1) | (bytes[at + 2]! << 14);
        return (bits << 11) >> 11;
      }
    }
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? value - scale : value;
    }
    throw new Refused('wasm.leb', this.at, 'a number of more than ten bytes');
  }

  skip(size: number): void {
    if (this.at + size > this.end) this.#refuse(size);
    this.at += size;
  }

  name(): string {
    const size = this.u32();
    if (size > MAX_NAME_BYTES) throw new Refused('wasm.name', this.at, `a name of ${size} bytes`);
    const start = this.at;
    this.skip(size);
    const piece = this.bytes.subarray(start, this.at);
    return utf8Text(piece) ?? latin1Text(piece);
  }

  /** A vector's count, held against the bytes that remain: each item takes `least` at the least. */
  count(least = 1): number {
    const count = this.u32();
    if (count * least > this.end - this.at) {
      throw new Refused('wasm.count', this.at, `${count} items in ${this.end - this.at} bytes`);
    }
    return count;
  }
}
