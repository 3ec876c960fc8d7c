/**
 * One script as a flat tree: what every parser is turned into and all that
 * the analysis reads, so that two parsers give the same findings.
 *
 * Nodes are numbered in preorder, so the subtree of `n` is `n … end(n) - 1`,
 * its first child is `n + 1` and the next sibling of a child `c` is `next[c]`
 * while that is below `next[n]`. Columns of typed arrays, because a product
 * has millions of nodes. Types (TypeScript, Flow), parentheses and
 * type-only wrappers (`as`, `satisfies`, `!`) are not in the tree: their inner
 * expression takes the wrapper's role.
 */
export interface ScriptTree {
  /** The text that offsets count in, UTF-16 code units from 0. */
  readonly text: string;
  readonly count: number;
  /** A `Kind`. */
  readonly kind: Uint8Array;
  /** A `Role`: what the node is to its parent. */
  readonly role: Uint8Array;
  /** Bits of `Flag`. */
  readonly flags: Uint16Array;
  /** Preorder number of the parent; -1 for the root. */
  readonly parent: Int32Array;
  /** First node after the subtree. */
  readonly next: Int32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Index into `names`: identifier, property name, string value, operator, template piece; -1 where none. */
  readonly name: Int32Array;
  readonly names: readonly string[];
}
