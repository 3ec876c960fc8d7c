import {
  child,
  children,
  enclosingFunction,
  Flag,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import { MAX_STEPS, type Origin, type OriginQuery } from './origin.ts';
import { type Point, pointOf } from './point.ts';
import { isClassKind, isFunctionKind, type Unit } from './program.ts';

export function objectMember(
  origins: OriginQuery,
  unit: Unit,
  node: number,
  name: string,
  steps: number,
): Origin[] {
  const { tree } = unit;
  return children(tree, node, Role.Property).flatMap((property) => {
    if (tree.kind[property] === Kind.Spread) {
      return origins
        .of(pointOf(unit.module, property + 1), steps + 1)
        .flatMap((origin) => [...origins.member(origin, name, steps + 1)]);
    }
    if (nameOf(tree, property) !== name) return [];
    return [...origins.of(pointOf(unit.module, child(tree, property, Role.Value)), steps + 1)];
  });
}

export function classMember(
  origins: OriginQuery,
  unit: Unit,
  node: number,
  name: string,
  isStatic: boolean,
  steps: number,
): Origin[] {
  const { tree } = unit;
  const found: Origin[] = [];
  for (const member of children(tree, node, Role.Member)) {
    if (nameOf(tree, member) !== name) continue;
    if (((tree.flags[member]! & Flag.Static) !== 0) !== isStatic) continue;
    const value = child(tree, member, Role.Value);
    if (value >= 0) found.push(...origins.of(pointOf(unit.module, value), steps + 1));
  }
  return found;
}

export function instanceMember(
  origins: OriginQuery,
  unit: Unit,
  node: number,
  name: string,
  steps: number,
): Origin[] {
  const { tree, scopes } = unit;
  const found: Origin[] = [];
  if (isClassKind(tree.kind[node])) {
    found.push(...classMember(origins, unit, node, name, false, steps));
    const parent = child(tree, node, Role.SuperClass);
    if (found.length === 0 && parent >= 0) {
      for (const origin of origins.of(pointOf(unit.module, parent), steps + 1)) {
        found.push(...origins.member({ kind: 'instance', point: origin.point }, name, steps + 1));
      }
    }
  } else if (isFunctionKind(tree.kind[node])) {
    const id = child(tree, node, Role.Id);
    if (id >= 0) found.push(...prototypeMember(origins, unit, scopes.bindingOf[id]!, name, steps));
  }
  for (const member of unit.index.thisMembers(name)) {
    if ((tree.flags[member]! & Flag.Writes) === 0) continue;
    const owner = thisOf(origins, unit, member + 1)[0];
    if (owner?.point !== pointOf(unit.module, node)) continue;
    const value = child(tree, tree.parent[member]!, Role.Right);
    if (value >= 0) found.push(...origins.of(pointOf(unit.module, value), steps + 1));
  }
  return found;
}

/** `F.prototype.name = x`. */
function prototypeMember(
  origins: OriginQuery,
  unit: Unit,
  binding: number,
  name: string,
  steps: number,
): Origin[] {
  const { tree, scopes } = unit;
  if (binding < 0) return [];
  return [...referencesOf(scopes, binding)].flatMap((reference) => {
    const prototype = tree.parent[reference]!;
    const member = tree.parent[prototype]!;
    if (nameOf(tree, prototype) !== 'prototype') return [];
    if (tree.kind[member] === Kind.Assignment && tree.role[prototype] === Role.Left) {
      return origins
        .of(pointOf(unit.module, child(tree, member, Role.Right)), steps + 1)
        .flatMap((origin) => [...origins.member(origin, name, steps + 1)]);
    }
    if (tree.kind[member] !== Kind.Member) return [];
    if (nameOf(tree, member) !== name || (tree.flags[member]! & Flag.Writes) === 0) return [];
    const value = child(tree, tree.parent[member]!, Role.Right);
    return value < 0 ? [] : [...origins.of(pointOf(unit.module, value), steps + 1)];
  });
}

export function constructorOf(origins: OriginQuery, unit: Unit, node: number, depth = 0): Point[] {
  const { tree } = unit;
  for (const member of children(tree, node, Role.Member)) {
    if ((tree.flags[member]! & Flag.Constructor) !== 0) {
      return [pointOf(unit.module, child(tree, member, Role.Value))];
    }
  }
  const parent = child(tree, node, Role.SuperClass);
  return parent < 0 ? [] : [...origins.constructorsOf(pointOf(unit.module, parent), depth + 1)];
}

/** The instance, object literal or constructor function that `this` is in. */
export function thisOf(origins: OriginQuery, unit: Unit, node: number): Origin[] {
  const { tree } = unit;
  let fn = enclosingFunction(tree, node);
  while (fn >= 0 && tree.kind[fn] === Kind.Arrow) fn = enclosingFunction(tree, fn);
  const from = fn >= 0 ? tree.parent[fn]! : tree.parent[node]!;
  for (let at = from; at >= 0; at = tree.parent[at]!) {
    const kind = tree.kind[at];
    if (isClassKind(kind)) return [{ kind: 'instance', point: pointOf(unit.module, at) }];
    if (kind === Kind.Object) return [{ kind: 'node', point: pointOf(unit.module, at) }];
    if (
      kind !== Kind.Method &&
      kind !== Kind.Property &&
      kind !== Kind.Field &&
      kind !== Kind.StaticBlock
    )
      break;
  }
  if (fn < 0) return [];
  const made = prototypeOwner(origins, unit, fn);
  return [{ kind: 'instance', point: made ?? pointOf(unit.module, fn) }];
}

/** What `super` is an instance of: the class that the one around it extends. */
export function superOf(origins: OriginQuery, unit: Unit, node: number, steps: number): Origin[] {
  const { tree } = unit;
  let at = tree.parent[node]!;
  while (at >= 0 && !isClassKind(tree.kind[at])) at = tree.parent[at]!;
  const parent = at < 0 ? -1 : child(tree, at, Role.SuperClass);
  if (parent < 0) return [];
  return origins.of(pointOf(unit.module, parent), steps + 1).map(({ point }) => ({
    kind: 'instance',
    point,
  }));
}

/** `F` for a function assigned to `F.prototype.name`. */
function prototypeOwner(origins: OriginQuery, unit: Unit, fn: number): Point | undefined {
  const { tree } = unit;
  const assignment = tree.parent[fn]!;
  if (tree.kind[assignment] !== Kind.Assignment) return undefined;
  const member = assignment + 1;
  const prototype = member + 1;
  if (tree.kind[prototype] !== Kind.Member || nameOf(tree, prototype) !== 'prototype')
    return undefined;
  return origins.of(pointOf(unit.module, prototype + 1), MAX_STEPS / 2)[0]?.point;
}

/** `o.name = x` elsewhere, for an object in a binding. */
export function assignedMember(
  origins: OriginQuery,
  unit: Unit,
  object: number,
  name: string,
  steps: number,
): Origin[] {
  const { tree, scopes } = unit;
  if (tree.kind[object] !== Kind.Identifier) return [];
  const binding = scopes.bindingOf[object]!;
  if (binding < 0) return [];
  const found: Origin[] = [];
  for (const reference of referencesOf(scopes, binding)) {
    const member = tree.parent[reference]!;
    if (tree.kind[member] !== Kind.Member || tree.role[reference] !== Role.Object) continue;
    if ((tree.flags[member]! & Flag.Writes) === 0 || nameOf(tree, member) !== name) continue;
    const value = child(tree, tree.parent[member]!, Role.Right);
    if (value >= 0) found.push(...origins.of(pointOf(unit.module, value), steps + 1));
  }
  return found;
}
