import type { IntList } from '../int-list.ts';
import { type Collected, HAS_EVAL } from './collect.ts';
import type { Scopes } from './kinds.ts';

interface Bindings {
  readonly kind: IntList;
  readonly name: IntList;
  readonly scope: IntList;
  readonly ofDeclaration: IntList;
  readonly globals: IntList;
  /** Room for the binding of each reference. */
  readonly referenceBinding: IntList;
}

/** Copies what was gathered in reused lists into arrays of its own. */
export function compacted(collected: Collected, bindingOf: Int32Array, bindings: Bindings): Scopes {
  const bindingCount = bindings.kind.length;
  const declarations = listsOf(bindingCount, bindings.ofDeclaration, collected.declarationNode);
  const { references } = collected;
  const referring = bindings.referenceBinding;
  for (let at = 0; at < references.length; at += 1) {
    referring.push(bindingOf[references.items[at]!]!);
  }
  const referred = listsOf(bindingCount, referring, references);
  return {
    bindingOf,
    bindingCount,
    bindingKind: bytesOf(bindings.kind, 0xff),
    bindingName: bindings.name.copy(),
    bindingScope: bindings.scope.copy(),
    globals: bindings.globals.copy(),
    declarationsFrom: declarations.from,
    declarations: declarations.items,
    referencesFrom: referred.from,
    references: referred.items,
    scopeCount: collected.scopeKind.length,
    scopeKind: bytesOf(collected.scopeKind, 0xff),
    scopeNode: collected.scopeNode.copy(),
    scopeParent: collected.scopeParent.copy(),
    scopeHasEval: bytesOf(collected.scopeMarks, HAS_EVAL),
  };
}

/** Sorts `nodes` by their bindings, keeping their order: counts, sums, places. */
function listsOf(
  bindingCount: number,
  bindingList: IntList,
  nodeList: IntList,
): { readonly from: Int32Array; readonly items: Int32Array } {
  const { items: bindings, length: count } = bindingList;
  const nodes = nodeList.items;
  const from = new Int32Array(bindingCount + 1);
  for (let at = 0; at < count; at += 1) from[bindings[at]! + 1]! += 1;
  for (let binding = 0; binding < bindingCount; binding += 1) from[binding + 1]! += from[binding]!;
  const items = new Int32Array(count);
  const place = from.slice();
  for (let at = 0; at < count; at += 1) items[place[bindings[at]!]!++] = nodes[at]!;
  return { from, items };
}

/** The bits of `mask` of each item; `Uint8Array.from` would go through an iterator. */
function bytesOf(list: IntList, mask: number): Uint8Array {
  const bytes = new Uint8Array(list.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = list.items[at]! & mask;
  return bytes;
}
