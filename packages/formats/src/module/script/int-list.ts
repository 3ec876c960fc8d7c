/** A list of 32-bit integers that keeps its memory when cleared. */
export class IntList {
  items = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) this.#grow();
    this.items[this.length++] = value;
  }

  pop(): number {
    this.length -= 1;
    return this.items[this.length]!;
  }

  clear(): void {
    this.length = 0;
  }

  /** A copy of what is in it, of exactly that size. */
  copy(): Int32Array {
    return this.items.slice(0, this.length);
  }

  #grow(): void {
    const items = new Int32Array(this.items.length * 2);
    items.set(this.items);
    this.items = items;
  }
}
