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

  has(offset: number): boolean {
    const at = offset - this.#start;
    return (this.#bits[at >> 3]! & (1 << (at & 7))) !== 0;
  }
}
