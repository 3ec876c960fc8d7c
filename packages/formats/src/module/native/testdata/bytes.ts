/** Puts numbers and texts where a format wants them: images of tests are written by hand. */
export class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(size: number, little = true) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#little = little;
  }

  u8(at: number, value: number): this {
    this.#view.setUint8(at, value);
    return this;
  }

  u16(at: number, ...values: readonly number[]): this {
    values.forEach((value, index) => this.#view.setUint16(at + index * 2, value, this.#little));
    return this;
  }

  u32(at: number, ...values: readonly number[]): this {
    values.forEach((value, index) => this.#view.setUint32(at + index * 4, value, this.#little));
    return this;
  }

  u64(at: number, ...values: readonly (number | bigint)[]): this {
    values.forEach((value, index) => {
      this.#view.setBigUint64(at + index * 8, BigInt(value), this.#little);
    });
    return this;
  }

  text(at: number, text: string): this {
    this.bytes.set(Buffer.from(text, 'latin1'), at);
    return this;
  }

  put(at: number, bytes: ArrayLike<number>): this {
    this.bytes.set(bytes, at);
    return this;
  }
}

/** Little-endian bytes of a signed 32-bit number, as displacements are written. */
export function le32(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
}
