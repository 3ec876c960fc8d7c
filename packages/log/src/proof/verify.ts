import { EMPTY_ROOT, HASH_SIZE, isSameHash, nodeHash } from '../tree/hash.ts';
import { isSubtree, type Span } from '../tree/subtree.ts';

/** Hashes from the leaf's side up. No proof in a tree of 2^64 entries has more than two a level. */
export type ProofPath = readonly Uint8Array[];

/**
 * True when the subtree over `span` with `hash` is part of the tree of `size`
 * entries with `root` (Merkle Tree Certificates draft, 4.3.3).
 *
 * The one verifier: a span that starts at 0 is a consistency proof, a span of
 * one entry an inclusion proof.
 */
export function isSubtreeProven(
  span: Span,
  size: bigint,
  proof: ProofPath,
  hash: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!isSubtree(span) || span.end > size || !isHash(root)) return false;
  let fn = span.start;
  let sn = span.end - 1n;
  let tn = size - 1n;
  const up = () => {
    fn >>= 1n;
    sn >>= 1n;
    tn >>= 1n;
  };
  if (sn === tn) while (fn !== sn) up();
  else while (fn !== sn && (sn & 1n) === 1n) up();

  let from = 0;
  let subtree = hash;
  if (fn !== sn) {
    const first = proof[from++];
    if (first === undefined) return false;
    subtree = first;
  }
  let tree = subtree;
  for (const sibling of proof.slice(from)) {
    if (tn === 0n) return false;
    if ((sn & 1n) === 1n || sn === tn) {
      if (fn < sn) subtree = nodeHash(sibling, subtree);
      tree = nodeHash(sibling, tree);
      while ((sn & 1n) === 0n) up();
    } else {
      tree = nodeHash(tree, sibling);
    }
    up();
  }
  return tn === 0n && isSameHash(subtree, hash) && isSameHash(tree, root);
}

/** True when the entry with `leaf` is number `index` of the tree. */
export function isIncluded(
  index: bigint,
  leaf: Uint8Array,
  size: bigint,
  root: Uint8Array,
  proof: ProofPath,
): boolean {
  return isSubtreeProven({ start: index, end: index + 1n }, size, proof, leaf, root);
}

/** A tree's size and root: what a checkpoint states. */
export interface TreeHead {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** True when `older` is the beginning of `newer`. Every tree begins with nothing. */
export function isConsistent(older: TreeHead, newer: TreeHead, proof: ProofPath): boolean {
  if (older.size > newer.size || older.size < 0n) return false;
  if (older.size === 0n) {
    const isEmptyToo = newer.size > 0n || isSameHash(newer.root, EMPTY_ROOT);
    return (
      proof.length === 0 && isSameHash(older.root, EMPTY_ROOT) && isEmptyToo && isHash(newer.root)
    );
  }
  const span = { start: 0n, end: older.size };
  return isSubtreeProven(span, newer.size, proof, older.root, newer.root);
}

/** Hashes of another length come from malformed input; equal ones would prove nothing. */
function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_SIZE;
}
