import { Refused } from '@avow/bytes';

/** An entry that waits for its number. */
interface Waiting {
  readonly entry: Uint8Array;
  readonly resolve: (index: bigint) => void;
  readonly reject: (error: unknown) => void;
}

/** Entries and bytes that may wait: beyond, callers are told to come back, so memory stays flat. */
const MAX_WAITING = 65_536;
const MAX_WAITING_SIZE = 128 << 20;
/** Entries and bytes of one journal write: the sync is the cost, so a batch may be wide. */
const MAX_BATCH = 1024;
const MAX_BATCH_SIZE = 4 << 20;

/** Entries in the order in which they came, taken in batches. */
export class AppendQueue {
  #waiting: Waiting[] = [];
  #size = 0;

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING || this.#size >= MAX_WAITING_SIZE;
  }

  /** The entry's number, once its batch is journalled. Refuses `log.busy` when too many wait. */
  add(entry: Uint8Array): Promise<bigint> {
    if (this.isFull) {
      return Promise.reject(
        new Refused('log.busy', undefined, `${this.#waiting.length} entries wait; try again`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#size += entry.length;
      this.#waiting.push({ entry, resolve, reject });
    });
  }

  take(): readonly Waiting[] {
    let size = 0;
    let count = 0;
    while (count < Math.min(MAX_BATCH, this.#waiting.length) && size < MAX_BATCH_SIZE) {
      size += this.#waiting[count]!.entry.length;
      count++;
    }
    this.#size -= size;
    return this.#waiting.splice(0, count);
  }

  rejectAll(error: unknown): void {
    this.#size = 0;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
