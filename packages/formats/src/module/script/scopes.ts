import { collectScopes } from './scopes/collect.ts';
import { ScopeKind, type Scopes } from './scopes/kinds.ts';
import { resolveNames } from './scopes/resolve.ts';
import type { ScriptTree } from './tree.ts';

export { BindingKind, ScopeKind, type Scopes } from './scopes/kinds.ts';
export { dropLentScopes } from './scopes/resolve.ts';

/** Scopes of a tree; linear in its nodes. */
export function scopesOf(tree: ScriptTree): Scopes {
  return resolveNames(tree, collectScopes(tree));
}

export function declarationsOf(scopes: Scopes, binding: number): Int32Array {
  const from = scopes.declarationsFrom;
  return scopes.declarations.subarray(from[binding], from[binding + 1]);
}

export function referencesOf(scopes: Scopes, binding: number): Int32Array {
  const from = scopes.referencesFrom;
  return scopes.references.subarray(from[binding], from[binding + 1]);
}

/** The innermost scope that `node` lies in (a node that opens a scope lies in that scope). */
export function scopeAt(tree: ScriptTree, scopes: Scopes, node: number): number {
  const { scopeNode, scopeParent } = scopes;
  let low = 0;
  let high = scopes.scopeCount;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (scopeNode[middle]! <= node) low = middle;
    else high = middle;
  }
  let scope = low;
  while (tree.next[scopeNode[scope]!]! <= node) scope = scopeParent[scope]!;
  return scope;
}

/**
 * Whether what this reference means may differ at run time from its binding:
 * a `with` or a direct `eval` stands between the two.
 */
export function isDynamic(tree: ScriptTree, scopes: Scopes, reference: number): boolean {
  const binding = scopes.bindingOf[reference]!;
  const home = binding < 0 ? -1 : scopes.bindingScope[binding]!;
  let scope = scopeAt(tree, scopes, reference);
  while (scope !== home && scope >= 0) {
    if (scopes.scopeKind[scope] === ScopeKind.With || scopes.scopeHasEval[scope] === 1) return true;
    scope = scopes.scopeParent[scope]!;
  }
  return false;
}
