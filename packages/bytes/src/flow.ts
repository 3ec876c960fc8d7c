/**
 * Bytes that come one after another, from memory or out of a decompressor.
 *
 * Readers of sequential formats take from it what they need, so that the whole
 * of an unpacked archive is never in memory at once.
 */
export class ByteFlow {
  /** Bytes taken so far: the offset of the next one. */
  offset = 0;
  #left: Uint8Array;
  readonly #parts: AsyncIterator<Uint8Array> | undefined;

  constructor(source: Uint8Array | AsyncIterator<Uint8Array>) {
    this.#left = source instanceof Uint8Array ? source : new Uint8Array(0);
    this.#parts = source instanceof Uint8Array ? undefined : source;
  }

  /**
   * The next `size` bytes; fewer only where the flow ends.
   *
   * A view where they lie in one piece. The caller holds `size` against its
   * limits first: a flow does not know how much is to come.
   */
  async take(size: number): Promise<Uint8Array> {
    const taken = this.#left.length >= size ? this.#cut(size) : await this.#gather(size);
    this.offset += taken.length;
    return taken;
  }

  /** The next bytes as `take` gives them, which stay to be taken. */
  async peek(size: number): Promise<Uint8Array> {
    if (this.#left.length < size) {
      const head = await this.#gather(size);
      this.#left = joined([head, this.#left], head.length + this.#left.length);
    }
    return this.#left.subarray(0, size);
  }

  /** Steps over `size` bytes; returns how many there were. */
  async skip(size: number): Promise<number> {
    let skipped = Math.min(size, this.#left.length);
    this.#cut(skipped);
    while (skipped < size && (await this.#more())) {
      const step = Math.min(size - skipped, this.#left.length);
      this.#cut(step);
      skipped += step;
    }
    this.offset += skipped;
    return skipped;
  }

  /** Lets go of the source before its end. */
  async close(): Promise<void> {
    await this.#parts?.return?.();
  }

  #cut(size: number): Uint8Array {
    const cut = this.#left.subarray(0, size);
    this.#left = this.#left.subarray(size);
    return cut;
  }

  async #more(): Promise<boolean> {
    const next = await this.#parts?.next();
    if (next === undefined || next.done === true) return false;
    this.#left = next.value;
    return true;
  }

  async #gather(size: number): Promise<Uint8Array> {
    if (this.#parts === undefined) return this.#cut(size);
    // Memory is taken as it is written, so a size that lies takes none; and a large file is copied once.
    const whole = new Uint8Array(size);
    let filled = 0;
    do {
      const piece = this.#cut(Math.min(size - filled, this.#left.length));
      whole.set(piece, filled);
      filled += piece.length;
    } while (filled < size && (await this.#more()));
    return whole.subarray(0, filled);
  }
}

/** The pieces one after another in one array. */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
