/**
 * Work that one script may cost, in steps and not in time, so that the result
 * is the same on any machine. Ordinary bundles of 10 MB spend under a fifth.
 */
export const FOLLOW_STEPS = 2_000_000;
export const FOLD_STEPS = 2_000_000;

/** Characters of one folded text: above it is data, not a name. */
export const MAX_TEXT = 1 << 16;

/** Items of a folded list: obfuscators' string tables have thousands. */
export const MAX_ITEMS = 1 << 15;

/** Expressions within expressions that are folded. */
export const MAX_FOLD_DEPTH = 60;

/** Code within evaluated code within evaluated code … */
export const MAX_EVALUATED_DEPTH = 3;

/** Different uses of other files' exports that one module may have. */
export const MAX_USES = 20_000;

/** Places of uses of other files' exports that one module may list, where they come to something. */
export const MAX_LINKS = 20_000;

/** Counts steps down; once spent, stays spent. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** False when there is nothing left. */
  take(steps = 1): boolean {
    this.#left -= steps;
    return this.#left > 0;
  }
}
