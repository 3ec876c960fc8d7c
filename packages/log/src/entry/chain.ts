import type { Digest } from '@avow/bytes';
import { type ChainedEntry, entryDigest, entryIn, isChained } from './entry.ts';

/** The newest entry of one chain. */
export interface ChainHead {
  readonly index: bigint;
  readonly entry: ChainedEntry;
  readonly digest: Digest;
}

/** What is wrong with an entry's place in its chain. */
export interface ChainFault {
  readonly kind: 'duplicate' | 'gap' | 'prev';
  /** For people: what stands where, and what was expected. */
  readonly message: string;
}

/** A chain: the entries of one type, maker, product and channel. */
export function chainOf(
  entry: Pick<ChainedEntry, 'type' | 'maker' | 'product' | 'channel'>,
): string {
  return JSON.stringify([entry.type, entry.maker, entry.product, entry.channel]);
}

/**
 * What is wrong when `entry` follows `head` in one chain; nothing when it is
 * the next: number one higher, `prev` the digest of the head's bytes.
 */
export function chainFaults(
  head: ChainHead | undefined,
  entry: ChainedEntry,
): readonly ChainFault[] {
  if (head === undefined) {
    if (entry.prev === undefined) return [];
    return [{ kind: 'prev', message: `${nameOf(entry)} names a previous entry, but is the first` }];
  }
  const faults: ChainFault[] = [];
  const expected = head.entry.number + 1;
  if (entry.number <= head.entry.number) {
    const message = `${nameOf(entry)} stands again after ${head.entry.number}`;
    faults.push({ kind: 'duplicate', message });
  } else if (entry.number > expected) {
    faults.push({ kind: 'gap', message: `${nameOf(entry)} follows ${head.entry.number}` });
  }
  if (entry.prev !== head.digest) {
    const message = `${nameOf(entry)} names ${entry.prev ?? 'nothing'} as previous, not ${head.digest}`;
    faults.push({ kind: 'prev', message });
  }
  return faults;
}

/** Follows a log and keeps each chain's head. Other bytes than entries are passed over. */
export class ChainHeads {
  readonly #heads: Map<string, ChainHead>;
  #size: bigint;

  constructor(size = 0n, heads: Iterable<readonly [string, ChainHead]> = []) {
    this.#size = size;
    this.#heads = new Map(heads);
  }

  /** Entries followed so far: the next one's index. */
  get size(): bigint {
    return this.#size;
  }

  heads(): Iterable<readonly [string, ChainHead]> {
    return this.#heads;
  }

  headOf(
    chain: Pick<ChainedEntry, 'type' | 'maker' | 'product' | 'channel'>,
  ): ChainHead | undefined {
    return this.#heads.get(chainOf(chain));
  }

  /** The heads of a product's chains on one channel, by any maker. */
  latest(product: string, channel: string): readonly ChainHead[] {
    return [...this.#heads.values()].filter(
      ({ entry }) => entry.product === product && entry.channel === channel,
    );
  }

  /** Takes the next entry of the log; gives the faults of its place in its chain. */
  follow(bytes: Uint8Array): readonly ChainFault[] {
    const index = this.#size++;
    const entry = entryIn(bytes);
    if (entry === undefined || !isChained(entry)) return [];
    const chain = chainOf(entry);
    const head = this.#heads.get(chain);
    const faults = chainFaults(head, entry);
    // A duplicate does not become the head: what came first was what everyone got.
    if (!faults.some(({ kind }) => kind === 'duplicate')) {
      this.#heads.set(chain, { index, entry, digest: entryDigest(bytes) });
    }
    return faults;
  }
}

function nameOf({ type, product, channel, number }: ChainedEntry): string {
  return `${type} ${number} of ${product} on ${channel}`;
}
