/**
 * Which bytes of executable ranges a jump goes to: where values known before
 * may no longer hold. A bit a byte of the file.
 */
export class Joins {
  readonly #bits: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  /** Over file offsets from `start` to before `end`. */
  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
    this.#bits = new Uint8Array(((end - start) >> 3) + 1);
  }

  add(offset: number): void {
    if (offset < this.#start || offset >= this.#end) return;
    const at = offset - this.#start;
    this.#bits[at >> 3]! |= 1 << (at & 7);
  }

  /** The last at or before `offset` and after `limit`; `limit` where there is none. */
  lastBefore(offset: number, limit: number): number {
    for (let at = offset - this.#start; at > limit - this.#start; ) {
      const byte = this.#bits[at >> 3]! & (0xff >> (7 - (at & 7)));
      if (byte !== 0) return Math.max(limit, (at & ~7) + 31 - Math.clz32(byte) + this.#start);
      at = (at & ~7) - 1;
    }
    return limit;
  }

  has(offset: number): boolean {
    const at = offset - this.#start;
    return (this.#bits[at >> 3]! & (1 << (at & 7))) !== 0;
  }
}
