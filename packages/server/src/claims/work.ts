import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refused } from '@avow/bytes';
import { type Work, zeroBits } from '../contract/work.ts';

/** A challenge is good for so long. */
const GOOD_MS = 600_000;

/** Remembers which challenges were used. */
export interface WorkPort {
  takeWork(challenge: string, now: number, forgetBefore: number): Promise<boolean>;
}

/**
 * Proof of work for claims that nobody signs: cheap to look at, a second or so to
 * make. A challenge carries its time and a signature, so nothing is kept until
 * it is used, and it is used once.
 */
export class Works {
  readonly bits: number;
  readonly #key: Uint8Array;
  readonly #used: WorkPort;
  readonly #now: () => number;

  constructor(bits: number, key: Uint8Array, used: WorkPort, now: () => number) {
    this.bits = bits;
    this.#key = key;
    this.#used = used;
    this.#now = now;
  }

  challenge(): { readonly challenge: string; readonly bits: number; readonly until: string } {
    const until = this.#now() + GOOD_MS;
    const said = `${until.toString(36)}.${this.bits}.${randomBytes(12).toString('base64url')}`;
    const challenge = `${said}.${this.#signature(said)}`;
    return { challenge, bits: this.bits, until: new Date(until).toISOString() };
  }

  /** Refuses `work.missing` for work that is missing, too little, too late, or done for another claim. */
  async take(work: Work | undefined): Promise<void> {
    if (this.bits === 0) return;
    const refuse = (why: string) => new Refused('work.missing', undefined, why);
    if (work === undefined) throw refuse('a claim without an account proves work (/claims/work)');
    const parts = work.challenge.split('.');
    const said = parts.slice(0, 3).join('.');
    const isOurs = parts.length === 4 && isEqual(parts[3]!, this.#signature(said));
    if (!isOurs) throw refuse('the challenge is not of this server');
    if (Number.parseInt(parts[0]!, 36) < this.#now()) throw refuse('the challenge is out of date');
    if (zeroBits(work) < Number(parts[1])) throw refuse('the nonce proves too little');
    const now = this.#now();
    if (!(await this.#used.takeWork(work.challenge, now, now - 2 * GOOD_MS))) {
      throw refuse('the challenge was used before');
    }
  }

  #signature(said: string): string {
    return createHmac('sha256', this.#key).update(said).digest('base64url').slice(0, 22);
  }
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
