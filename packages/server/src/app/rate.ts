/** How dear a request is. */
export type Price = 'read' | 'write' | 'costly';

/** Limits how much one account or place asks. */
export interface RatePort {
  /** Seconds to wait; 0 when it may go on. */
  take(who: string, price: Price): Promise<number>;
}

/** Accounts and places that are kept at once; the one unseen for longest goes first. */
const MAX_KEPT = 100_000;

interface Bucket {
  left: number;
  at: number;
}

/**
 * A bucket for each caller and price that fills by a minute's worth in a minute,
 * in the memory of one server: behind several, each lets through its share.
 */
export class MemoryRates implements RatePort {
  readonly #perMinute: Readonly<Record<Price, number>>;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: Readonly<Record<Price, number>>, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  async take(who: string, price: Price): Promise<number> {
    const most = this.#perMinute[price];
    const key = `${price} ${who}`;
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { left: most, at: now };
    // A clock that was set back fills nothing and empties nothing.
    const passed = Math.max(0, now - bucket.at);
    const left = Math.min(most, bucket.left + (passed * most) / 60_000);
    const isEnough = left >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: isEnough ? left - 1 : left, at: now });
    if (this.#buckets.size > MAX_KEPT) this.#buckets.delete(this.#buckets.keys().next().value!);
    return isEnough ? 0 : Math.ceil(((1 - left) * 60) / most);
  }
}
