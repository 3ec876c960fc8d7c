import { EMPTY_ROOT, nodeHash } from './hash.ts';

/**
 * The right edge of a growing tree: one hash for each full subtree.
 *
 * Enough to append and to know the root, at 64 hashes at most; the tree's
 * other nodes are handed out as they come to be and are not kept.
 */
export class CompactRange {
  #size: bigint;
  /** Roots of the full subtrees, widest first: one for each bit set in the size. */
  readonly #roots: Uint8Array[];

  constructor(size = 0n, roots: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#roots = [...roots];
  }

  get size(): bigint {
    return this.#size;
  }

  get roots(): readonly Uint8Array[] {
    return this.#roots;
  }

  /** Appends a leaf hash; `whenFull` is told each node that this completes, from the leaf up. */
  append(leaf: Uint8Array, whenFull?: (level: number, index: bigint, hash: Uint8Array) => void) {
    let hash = leaf;
    let level = 0;
    let index = this.#size;
    whenFull?.(0, index, hash);
    while ((index & 1n) === 1n) {
      hash = nodeHash(this.#roots.pop()!, hash);
      index >>= 1n;
      level++;
      whenFull?.(level, index, hash);
    }
    this.#roots.push(hash);
    this.#size++;
  }

  root(): Uint8Array {
    let root = this.#roots.at(-1);
    if (root === undefined) return EMPTY_ROOT;
    for (let at = this.#roots.length - 2; at >= 0; at--) root = nodeHash(this.#roots[at]!, root);
    return root;
  }

  copy(): CompactRange {
    return new CompactRange(this.#size, this.#roots);
  }
}
