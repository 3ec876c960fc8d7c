import { randomUUID } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { ObjectStore } from '../objects/index.ts';

/** Another writer may begin when the last was not heard of for so long. */
const LEASE_MS = 30_000;
/** Signs of life in that time. */
const BEATS = 3;

interface LeaseText {
  /** One more with each writer. */
  readonly epoch: number;
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Number of the first entry that this epoch journalled. */
  readonly from?: string;
}

/**
 * Who may write, as an object. Its times only keep a second writer from
 * beginning for nothing; what keeps two from harm is the epoch, which is asked
 * for after each write that is to be acknowledged (`hold`).
 */
export class Lease {
  readonly #objects: ObjectStore;
  readonly #name: string;
  readonly #clock: () => number;
  #present: LeaseText;
  #bytes: Uint8Array;
  /** What the writer before us had begun with. */
  readonly before: LeaseText | undefined;
  #heart: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    objects: ObjectStore,
    name: string,
    clock: () => number,
    present: LeaseText,
    before: LeaseText | undefined,
  ) {
    this.#objects = objects;
    this.#name = name;
    this.#clock = clock;
    this.#present = present;
    this.#bytes = bytesOf(present);
    this.before = before;
  }

  /** Refuses `log.locked` while another has it. */
  static async take(
    objects: ObjectStore,
    name: string,
    clock: () => number = Date.now,
  ): Promise<Lease> {
    const bytes = await objects.get(name);
    const before = bytes && textOf(bytes);
    const now = clock();
    // A lease that ends later than one of ours could is of a clock that was set back since.
    if (before !== undefined && before.until > now && before.until <= now + LEASE_MS) {
      throw locked(`another writer has it until ${new Date(before.until).toISOString()}`);
    }
    const epoch = (before?.epoch ?? 0) + 1;
    const present = { epoch, holder: randomUUID(), until: now + LEASE_MS };
    const lease = new Lease(objects, name, clock, present, before);
    if (!(await objects.replace(name, bytes, lease.#bytes))) {
      throw locked('another writer took it at this moment');
    }
    lease.#heart = setInterval(() => {
      // A beat that failed is not the end: `hold` tells whether another took over.
      lease.#change({}).catch(() => {});
    }, LEASE_MS / BEATS).unref();
    return lease;
  }

  get epoch(): number {
    return this.#present.epoch;
  }

  /** Refuses `log.locked` when another writer has begun since. Whatever was written before is seen by that one. */
  async hold(): Promise<void> {
    const bytes = await this.#objects.get(this.#name);
    const epoch = bytes && textOf(bytes).epoch;
    if (epoch !== this.epoch) throw locked(`writer ${epoch} has begun, this is ${this.epoch}`);
  }

  /** Says where this writer begins: what earlier ones journal from there on does not count. */
  async begin(first: bigint): Promise<void> {
    if (this.#present.from === undefined) await this.#change({ from: `${first}` });
  }

  async release(): Promise<void> {
    clearInterval(this.#heart);
    await this.#change({ until: 0 }).catch((error) => {
      if (!(error instanceof Refused) || error.code !== 'log.locked') throw error;
    });
  }

  #change(change: Partial<LeaseText>): Promise<void> {
    const turn = this.#turn
      .catch(() => {})
      .then(async () => {
        const next = { ...this.#present, until: this.#clock() + LEASE_MS, ...change };
        const bytes = bytesOf(next);
        if (!(await this.#objects.replace(this.#name, this.#bytes, bytes))) {
          throw locked('another writer took over');
        }
        this.#present = next;
        this.#bytes = bytes;
      });
    this.#turn = turn;
    return turn;
  }
}

function locked(found: string): Refused {
  return new Refused('log.locked', undefined, found);
}

function bytesOf(text: LeaseText): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(text)}\n`);
}

function textOf(bytes: Uint8Array): LeaseText {
  return JSON.parse(new TextDecoder().decode(bytes)) as LeaseText;
}
