import {
  child,
  children,
  enclosingFunction,
  Flag,
  Kind,
  nameOf,
  Role,
  stringValue,
} from '@avow/formats/script';
import { type AccessPath, ANY, within } from './access.ts';
import type { Follower } from './follower.ts';
import type { Unit } from './program.ts';
import type { Edge } from './tabulation.ts';
import { assign, intoObject } from './targets.ts';

export function toReturn(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  node: number,
  path: AccessPath,
): void {
  const fn = enclosingFunction(unit.tree, node);
  if (fn >= 0) follower.go(edge, { kind: 'return', point: follower.point(unit, fn) }, path);
}

/** `get key() { return data; }`: the property of that name. */
export function getterReturned(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  fn: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const owner = tree.parent[fn]!;
  if (tree.role[fn] !== Role.Value) return;
  definedReturned(follower, edge, unit, owner, path);
  if ((tree.flags[owner]! & Flag.Get) === 0) return;
  const inner = within(nameOf(tree, owner) ?? ANY, path);
  const holder = tree.parent[owner]!;
  if (tree.kind[holder] === Kind.Object) follower.value(edge, unit, holder, inner);
  else follower.go(edge, { kind: 'instance', point: follower.point(unit, holder) }, inner);
}

/** `Object.defineProperty(o, 'key', { get: () => data })`. */
function definedReturned(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  property: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const call = tree.parent[tree.parent[property]!]!;
  const isGetter = nameOf(tree, property) === 'get' && tree.kind[call] === Kind.Call;
  if (!isGetter || nameOf(tree, call + 1) !== 'defineProperty') return;
  const [object, key] = children(tree, call, Role.Argument);
  const name = key === undefined ? undefined : stringValue(tree, key);
  if (object === undefined || name === undefined) return;
  if (nameOf(tree, object) === 'exports') {
    const place = { kind: 'export', point: follower.point(unit, 0) } as const;
    follower.go(edge, place, within(name, path));
  } else {
    intoObject(follower, edge, unit, object, within(name, path), call);
  }
}

export function toField(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  field: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const owner = tree.parent[field]!;
  const inner = within(nameOf(tree, field) ?? ANY, path);
  if ((tree.flags[field]! & Flag.Static) !== 0) {
    const id = child(tree, owner, Role.Id);
    if (id >= 0) intoObject(follower, edge, unit, id, inner, field);
    return;
  }
  follower.go(edge, { kind: 'instance', point: follower.point(unit, owner) }, inner);
}

/** What is thrown arrives in the nearest catch of the same function. */
export function toCatch(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  node: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const home = enclosingFunction(tree, node);
  for (let at = node; at >= 0 && at !== home; at = tree.parent[at]!) {
    const around = tree.parent[at]!;
    if (tree.kind[around] !== Kind.Try || tree.role[at] !== Role.Block) continue;
    const handler = child(tree, around, Role.Handler);
    const parameter = handler < 0 ? -1 : child(tree, handler, Role.Param);
    if (parameter >= 0) assign(follower, edge, unit, parameter, path, parameter);
    return;
  }
}
