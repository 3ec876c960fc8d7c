import { Kind, type Role } from './kinds.ts';

/**
 * One script as a flat tree: what every parser is turned into and all that
 * the analysis reads, so that two parsers give the same findings.
 *
 * Nodes are numbered in preorder, children in the order of their places in the
 * text, so the subtree of `n` is `n … next[n] - 1`, its first child is `n + 1`
 * and the next sibling of a child `c` is `next[c]` while that is below `next[n]`.
 * Columns of typed arrays, because a product has millions of nodes. Types
 * (TypeScript, Flow), parentheses and type-only wrappers (`as`, `satisfies`,
 * `!`) are not in the tree: their inner expression takes the wrapper's role
 * and keeps its own place.
 */
export interface ScriptTree {
  /** The text that offsets count in, UTF-16 code units from 0. */
  readonly text: string;
  /** `module` only when it was parsed as one. `commonjs` may `return` at the top, and its top is a function's. */
  readonly goal: 'module' | 'commonjs' | 'script';
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
  /**
   * No text twice; starts with `WORDS`. Trees may share one array, which grows
   * when later trees are read; what it holds never changes.
   */
  readonly names: readonly string[];
  /** Valid only until the same parser lends the next tree (`lendWithOxc`). */
  readonly isLent: boolean;
}

/** First child, or -1. */
export function firstChild(tree: ScriptTree, node: number): number {
  return tree.next[node]! > node + 1 ? node + 1 : -1;
}

/** The sibling after `node`, or -1. */
export function nextSibling(tree: ScriptTree, node: number): number {
  const parent = tree.parent[node]!;
  const next = tree.next[node]!;
  return parent >= 0 && next < tree.next[parent]! ? next : -1;
}

/** First child in a role, or -1. */
export function child(tree: ScriptTree, node: number, role: Role): number {
  const { next, role: roles } = tree;
  const end = next[node]!;
  for (let at = node + 1; at < end; at = next[at]!) if (roles[at] === role) return at;
  return -1;
}

/** Children in a role, or all, in the order of the text. */
export function children(tree: ScriptTree, node: number, role?: Role): number[] {
  const { next, role: roles } = tree;
  const end = next[node]!;
  const found: number[] = [];
  for (let at = node + 1; at < end; at = next[at]!) {
    if (role === undefined || roles[at] === role) found.push(at);
  }
  return found;
}

/** From the parent to the root. */
export function* ancestors(tree: ScriptTree, node: number): Generator<number, void, void> {
  for (let at = tree.parent[node]!; at >= 0; at = tree.parent[at]!) yield at;
}

/** Whether `node` is a function: what starts a scope of `var` and `return`. */
export function isFunction(tree: ScriptTree, node: number): boolean {
  const kind = tree.kind[node];
  return (
    kind === Kind.FunctionDeclaration || kind === Kind.FunctionExpression || kind === Kind.Arrow
  );
}

/** The nearest function around `node` (not itself), or -1. */
export function enclosingFunction(tree: ScriptTree, node: number): number {
  let at = tree.parent[node]!;
  while (at >= 0 && !isFunction(tree, at)) at = tree.parent[at]!;
  return at;
}

/** The node's name, operator, string value or cooked piece; undefined where none. */
export function nameOf(tree: ScriptTree, node: number): string | undefined {
  const name = tree.name[node]!;
  return name < 0 ? undefined : tree.names[name];
}

/** The operator of unary, update, binary, logical and assignment nodes. */
export const operatorOf = nameOf;

/** The value of a `String`, or a template without expressions; else undefined. */
export function stringValue(tree: ScriptTree, node: number): string | undefined {
  const kind = tree.kind[node];
  if (kind === Kind.String) return nameOf(tree, node);
  if (kind === Kind.Template && tree.next[node] === node + 2) return nameOf(tree, node + 1);
  return undefined;
}

/** The node as written. */
export function textOf(tree: ScriptTree, node: number): string {
  return tree.text.slice(tree.start[node], tree.end[node]);
}

/** The value of a `Number` (ECMAScript 2026, 12.9.3, with the legacy octals of B.1.1). */
export function numberValue(tree: ScriptTree, node: number): number {
  const text = textOf(tree, node).replaceAll('_', '');
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return Number(text);
}

/** The digits of a `BigInt`, in base 10. */
export function bigintValue(tree: ScriptTree, node: number): bigint {
  return BigInt(textOf(tree, node).replaceAll('_', '').slice(0, -1));
}

/** Pattern and flags of a `RegExp`, as written. */
export function regexpParts(
  tree: ScriptTree,
  node: number,
): { readonly pattern: string; readonly flags: string } {
  const text = textOf(tree, node);
  const close = text.lastIndexOf('/');
  return { pattern: text.slice(1, close), flags: text.slice(close + 1) };
}

/** A `TemplateElement` as `String.raw` sees it: as written, line ends made `\n`. */
export function rawPiece(tree: ScriptTree, node: number): string {
  return textOf(tree, node).replace(/\r\n?/g, '\n');
}
