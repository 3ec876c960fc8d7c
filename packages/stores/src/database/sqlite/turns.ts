import { Refused } from '@avow/bytes';

/** How long one writer waits for another before it gives up. */
export const BUSY_MS = 10_000;

/** Who comes first writes first; one at a time. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Refuses `database.busy` after `BUSY_MS`. */
  async take(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(busy('a transaction of this process'));
      }, BUSY_MS);
      this.#waiting.push(begin);
    });
  }

  pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

const SQLITE_BUSY = 5;
const MAX_PAUSE_MS = 20;

/**
 * Does `work` once no other process writes. SQLite's own waiting would stop the
 * whole process, so it is asked not to wait, and the pause is made here.
 *
 * Refuses `database.busy` after `BUSY_MS`.
 */
export async function whenFree<T>(work: () => T): Promise<T> {
  const end = performance.now() + BUSY_MS;
  for (let pause = 1; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > end) throw busy('another process');
      // Of random length, so that two processes do not meet again and again.
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
}

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}

function busy(who: string): Refused {
  return new Refused('database.busy', undefined, `${who} has been writing for ${BUSY_MS / 1000} s`);
}
