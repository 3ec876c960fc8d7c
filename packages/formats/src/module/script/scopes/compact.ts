import type { IntList } from '../int-list.ts';
import { type Collected, HAS_EVAL } from './collect.ts';
import type { Scopes } from './kinds.ts';

interface Bindings {
  readonly kind: IntList;
  readonly name: IntList;
  readonly scope: IntList;
  readonly ofDeclaration: IntList;
  readonly globals: IntList;
}

/** Copies what was gathered in reused lists into arrays of its own. */
export function compacted(collected: Collected, bindingOf: Int32Array, bindings: Bindings): Scopes {
  const bindingCount = bindings.kind.length;
  const declared = bindings.ofDeclaration;
  const declarations = listsOf(bindingCount, declared.length, (at) => declared.items[at]!);
  const { references } = collected;
  const referring = listsOf(
    bindingCount,
    references.length,
    (at) => bindingOf[references.items[at]!]!,
  );
  const { declarationNode } = collected;
  return {
    bindingOf,
    bindingCount,
    bindingKind: bytesOf(bindings.kind, 0xff),
    bindingName: bindings.name.copy(),
    bindingScope: bindings.scope.copy(),
    globals: bindings.globals.copy(),
    declarationsFrom: declarations.from,
    declarations: declarations.items.map((at) => declarationNode.items[at]!),
    referencesFrom: referring.from,
    references: referring.items.map((at) => references.items[at]!),
    scopeCount: collected.scopeKind.length,
    scopeKind: bytesOf(collected.scopeKind, 0xff),
    scopeNode: collected.scopeNode.copy(),
    scopeParent: collected.scopeParent.copy(),
    scopeHasEval: bytesOf(collected.scopeMarks, HAS_EVAL),
  };
}

/** Sorts `0 … count - 1` by binding, keeping their order: counts, sums, places. */
function listsOf(
  bindingCount: number,
  count: number,
  bindingAt: (at: number) => number,
): { readonly from: Int32Array; readonly items: Int32Array } {
  const from = new Int32Array(bindingCount + 1);
  for (let at = 0; at < count; at += 1) {
    const binding = bindingAt(at);
    from[binding + 1]! += 1;
  }
  for (let binding = 0; binding < bindingCount; binding += 1) from[binding + 1]! += from[binding]!;
  const items = new Int32Array(count);
  const place = from.slice();
  for (let at = 0; at < count; at += 1) {
    const binding = bindingAt(at);
    items[place[binding]!++] = at;
  }
  return { from, items };
}

/** The bits of `mask` of each item; `Uint8Array.from` would go through an iterator. */
function bytesOf(list: IntList, mask: number): Uint8Array {
  const bytes = new Uint8Array(list.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = list.items[at]! & mask;
  return bytes;
}
