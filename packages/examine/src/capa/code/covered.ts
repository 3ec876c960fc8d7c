import type { NativeImage } from '@avow/formats/native';

/** Bytes of address space that are kept track of. */
const MAX_SPAN = 1 << 28;

/** Which bytes of the image some function has: a bit each, by RVA. */
export class Covered {
  readonly #bits: Uint8Array;
  readonly #first: number;
  readonly #end: number;

  constructor({ ranges }: NativeImage) {
    const code = ranges.filter(({ executable }) => executable);
    this.#first = Math.min(...code.map(({ rva }) => rva), Number.MAX_SAFE_INTEGER);
    this.#end = Math.max(...code.map(({ rva, fileSize }) => rva + fileSize), 0);
    // A file can put its ranges far apart: then nothing is remembered, and starts stand for themselves.
    const size = Math.max(0, this.#end - this.#first);
    this.#bits = new Uint8Array(size > MAX_SPAN ? 0 : (size >> 3) + 1);
  }

  add(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const within = at - this.#first;
      const byte = within >> 3;
      if (within >= 0 && byte < this.#bits.length) this.#bits[byte]! |= 1 << (within & 7);
    }
  }

  has(rva: number): boolean {
    const within = rva - this.#first;
    if (within < 0 || rva >= this.#end) return false;
    return ((this.#bits[within >> 3] ?? 0) & (1 << (within & 7))) !== 0;
  }
}
