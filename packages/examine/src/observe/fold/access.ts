import { child, Flag, isFunction, Kind, nameOf, Role } from '@avow/formats';
import type { Script } from '../script.ts';
import type { Folder } from './fold.ts';
import { binary, numberOf } from './operators.ts';

/** How an accessor of a string table finds its text. */
export interface Access {
  /** The table's name, where it is taken from. */
  readonly table: number;
  /** What is done to the index before; nothing when undefined. */
  readonly operator: string | undefined;
  readonly amount: number;
}

/** Nodes of a function that are looked through for the access. */
export const MAX_NODES = 400;

/** `table[i]`, and `i - n` before or in it, in an accessor or in the function that it replaces itself by. */
export function accessIn(script: Script, accessor: number): Access | undefined {
  const { tree } = script;
  const fn = replacementIn(script, accessor);
  const first = child(tree, fn, Role.Param);
  const param = first < 0 ? -1 : script.bindingAt(first);
  if (param < 0) return undefined;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  let shift: { operator: string; amount: number } | undefined;
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] === Kind.Binary && script.bindingAt(at + 1) === param) {
      const operator = nameOf(tree, at)!;
      if (operator === '-' || operator === '+') shift ??= { operator, amount: tree.next[at + 1]! };
    }
    if (tree.kind[at] === Kind.Assignment && script.bindingAt(at + 1) === param) {
      const operator = nameOf(tree, at)!;
      if (operator === '-=' || operator === '+=')
        shift ??= { operator: operator[0]!, amount: tree.next[at + 1]! };
    }
    if (tree.kind[at] !== Kind.Member || (tree.flags[at]! & Flag.Computed) === 0) continue;
    const object = at + 1;
    const index = child(tree, at, Role.Index);
    if (tree.kind[object] !== Kind.Identifier) continue;
    const isByParam = script.bindingAt(index) === param;
    const isShifted = tree.kind[index] === Kind.Binary && script.bindingAt(index + 1) === param;
    if (!isByParam && !isShifted) continue;
    if (isShifted) shift = { operator: nameOf(tree, index)!, amount: tree.next[index + 1]! };
    return { table: object, operator: shift?.operator, amount: shift?.amount ?? -1 };
  }
  return undefined;
}

/** `function get(a, b) { …; return get = function (i) { … }, get(a, b); }`: the inner one; else itself. */
function replacementIn(script: Script, fn: number): number {
  const { tree, scopes } = script;
  const id = child(tree, fn, Role.Id);
  const own = id < 0 ? -1 : scopes.bindingOf[id]!;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; own >= 0 && at < end; at += 1) {
    if (tree.kind[at] !== Kind.Assignment || script.bindingAt(at + 1) !== own) continue;
    const right = tree.next[at + 1]!;
    if (isFunction(tree, right)) return right;
  }
  return fn;
}

/** The place in the table that an accessor takes for `index`. */
export function shiftedIndex(
  folder: Folder,
  { operator, amount }: Access,
  index: number,
): number | undefined {
  if (operator === undefined) return index;
  return numberOf(binary(operator, index, folder.value(amount)));
}
