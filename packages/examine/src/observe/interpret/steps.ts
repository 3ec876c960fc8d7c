import { Stuck } from './values.ts';

/** Steps that the calls of one script may take in all, and one of them: decrypting one text takes some 20,000. */
const SCRIPT_STEPS = 2_000_000;
const CALL_STEPS = 200_000;

/**
 * Besides, steps for turning a table, by the script's size: 150 for each
 * character is what the hardest preset of a common obfuscator takes (75 KB
 * with encrypted texts: 11 million steps, under half a second).
 */
const TABLE_STEPS_OF_CHARACTER = 400;
const MIN_TABLE_STEPS = 3_000_000;
const MAX_TABLE_STEPS = 60_000_000;

/** The work that working out may cost. */
export class Steps {
  #left = SCRIPT_STEPS;
  #limit = 0;
  #hasTable = false;

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** One more. Throws `Stuck` when there is none. */
  take(): void {
    this.#left -= 1;
    if (this.#left <= this.#limit) throw new Stuck();
  }

  /** A call that folding asks for begins. */
  begin(): void {
    this.#limit = Math.max(0, this.#left - CALL_STEPS);
  }

  /**
   * Turns a table. The first of a script may cost much; when it could be
   * turned, what is left serves to decode its texts.
   */
  turn<T>(characters: number, work: () => T | undefined): T | undefined {
    const left = this.#left;
    const limit = this.#limit;
    if (!this.#hasTable) {
      this.#hasTable = true;
      const steps = Math.max(MIN_TABLE_STEPS, characters * TABLE_STEPS_OF_CHARACTER);
      this.#left = Math.min(MAX_TABLE_STEPS, steps);
      this.#limit = 0;
    }
    const turned = work();
    this.#left = turned === undefined ? left : Math.max(left, this.#left);
    this.#limit = limit;
    if (turned !== undefined) this.begin();
    return turned;
  }
}
