import { child, children, Kind, nameOf, Role } from '@avow/formats/script';
import { isFunctionKind, type Unit } from './program.ts';

/** Expressions that a function may return. */
export function returnsOf({ tree }: Unit, fn: number): number[] {
  const body = child(tree, fn, Role.Body);
  if (body < 0) return [];
  if (tree.kind[body] !== Kind.Block) return [body];
  const found: number[] = [];
  for (let at = body; at < tree.next[body]!; at += 1) {
    if (isFunctionKind(tree.kind[at])) {
      at = tree.next[at]! - 1;
    } else if (tree.kind[at] === Kind.Return && tree.next[at]! > at + 1) {
      found.push(at + 1);
    }
  }
  return found;
}

/** Keys from a pattern's value to one of the names it binds; `*` where it is not known. */
export function keysTo({ tree }: Pick<Unit, 'tree'>, name: number, pattern: number): string[] {
  const keys: string[] = [];
  for (let at = name; at !== pattern; at = tree.parent[at]!) {
    const parent = tree.parent[at]!;
    const kind = tree.kind[parent];
    if (kind === Kind.Property && tree.role[at] === Role.Value)
      keys.unshift(nameOf(tree, parent) ?? '*');
    else if (kind === Kind.ArrayPattern && tree.kind[at] !== Kind.Rest) {
      keys.unshift(String(children(tree, parent, Role.Element).indexOf(at)));
    }
  }
  return keys;
}
