import {
  BindingKind,
  child,
  children,
  declarationsOf,
  Flag,
  Kind,
  nameOf,
  Role,
  stringValue,
} from '@avow/formats/script';
import { exportedName } from '../observe/exports.ts';
import { type AccessPath, ANY, firstKey, under, WHOLE, within } from './access.ts';
import type { Follower } from './follower.ts';
import { isMadeBy } from './made.ts';
import { KEEPS } from './models.ts';
import { isClassKind, type Unit } from './program.ts';
import { isKeyHidden, readsAfter } from './reaching.ts';
import { stationOf } from './stations.ts';
import type { Edge } from './tabulation.ts';

/**
 * Data is put into a target: a name, a member, a pattern. `write` is the node
 * that does it.
 */
export function assign(
  follower: Follower,
  from: Edge,
  unit: Unit,
  target: number,
  path: AccessPath,
  write: number,
): void {
  const { tree } = unit;
  switch (tree.kind[target]) {
    case Kind.Identifier:
      intoBinding(follower, from, unit, target, path, write);
      return;
    case Kind.Member:
      intoMember(follower, from, unit, target, path, write);
      return;
    case Kind.Default:
      assign(follower, from, unit, child(tree, target, Role.Left), path, write);
      return;
    case Kind.Rest:
      assign(follower, from, unit, target + 1, path, write);
      return;
    case Kind.ObjectPattern: {
      const names = children(tree, target, Role.Property).map((one) => nameOf(tree, one));
      for (const property of children(tree, target, Role.Property)) {
        if (tree.kind[property] === Kind.Rest) {
          const isTaken = names.includes(firstKey(path));
          if (!isTaken) assign(follower, from, unit, property + 1, path, write);
          continue;
        }
        const inner = under(path, nameOf(tree, property));
        const value = child(tree, property, Role.Value);
        if (inner !== undefined && value >= 0) assign(follower, from, unit, value, inner, write);
      }
      return;
    }
    case Kind.ArrayPattern:
      children(tree, target, Role.Element).forEach((element, index) => {
        if (tree.kind[element] === Kind.Rest) {
          assign(follower, from, unit, element + 1, path, write);
          return;
        }
        const inner = under(path, String(index));
        if (inner !== undefined) assign(follower, from, unit, element, inner, write);
      });
      return;
    default:
  }
}

/** Data is in a binding from `write` on: at every read that may see it, and at the exports of it. */
export function intoBinding(
  follower: Follower,
  from: Edge,
  unit: Unit,
  name: number,
  path: AccessPath,
  write: number,
): void {
  const { scopes } = unit;
  const binding = scopes.bindingOf[name]!;
  if (binding < 0) return;
  if (scopes.bindingKind[binding] === BindingKind.Global) {
    intoGlobal(follower, from, unit, name, path);
    return;
  }
  const key = firstKey(path);
  for (const read of readsAfter(unit, binding, write)) {
    if (key !== undefined && isKeyHidden(unit, binding, write, read, key)) continue;
    follower.value(from, unit, read, path, name);
  }
  for (const one of follower.origins.exportList(unit)) {
    if (one.binding !== binding || one.name === '') continue;
    const inner = within(one.name, path);
    follower.go(
      from,
      { kind: 'export', point: follower.point(unit, 0) },
      inner,
      follower.point(unit, name),
    );
  }
}

/** A global that a script assigns is read by every script of the page; an engine's own is no station. */
function intoGlobal(
  follower: Follower,
  from: Edge,
  unit: Unit,
  name: number,
  path: AccessPath,
): void {
  const isAssigned = (unit.tree.flags[name]! & Flag.Writes) !== 0;
  if (!isAssigned) return;
  const channel = { kind: 'channel', name: `global:${nameOf(unit.tree, name)}` } as const;
  follower.go(from, channel, path, follower.point(unit, name));
}

function intoMember(
  follower: Follower,
  from: Edge,
  unit: Unit,
  member: number,
  path: AccessPath,
  write: number,
): void {
  const { tree } = unit;
  const exported = exportedName(tree, member);
  if (exported !== undefined) {
    const inner = exported === '' ? path : within(exported, path);
    follower.go(
      from,
      { kind: 'export', point: follower.point(unit, 0) },
      inner,
      follower.point(unit, member),
    );
  }
  const station = stationOf(unit, member);
  if (station !== undefined) {
    const channel = { kind: 'channel', name: station } as const;
    follower.go(from, channel, path, follower.point(unit, member));
  }
  intoSetter(follower, from, unit, member, path, write);
  const isText = isMadeBy(unit, member + 1, /^URL$/);
  const inner = isText ? WHOLE : within(keyOf(unit, member), path);
  intoObject(follower, from, unit, member + 1, inner, write);
}

/** `set key(value) { … }`: what is assigned is its argument. */
function intoSetter(
  follower: Follower,
  from: Edge,
  unit: Unit,
  member: number,
  path: AccessPath,
  write: number,
): void {
  if (unit.tree.kind[write] !== Kind.Assignment) return;
  const call = follower.point(unit, write);
  for (const fn of follower.origins.settersOf(follower.point(unit, member))) {
    follower.go(from, { kind: 'given', point: fn }, path, call);
  }
}

/** `this` of a function is an object that holds data: by `call`, `apply` and `bind`. */
export function intoInstanceOf(
  follower: Follower,
  from: Edge,
  fn: number,
  path: AccessPath,
  call: number,
  unit: Unit,
): void {
  follower.go(from, { kind: 'fields', point: fn }, path, follower.point(unit, call));
}

/** The key that a member reads or writes; `*` where it is computed and not constant. */
export function keyOf({ tree }: Pick<Unit, 'tree'>, member: number): string {
  const index = child(tree, member, Role.Index);
  if (index < 0) return nameOf(tree, member) ?? ANY;
  if (tree.kind[index] === Kind.Number) return tree.text.slice(tree.start[index], tree.end[index]);
  return stringValue(tree, index) ?? ANY;
}

/**
 * The object that an expression denotes now holds data at `path`: found by
 * whoever else has the object.
 */
export function intoObject(
  follower: Follower,
  from: Edge,
  unit: Unit,
  object: number,
  path: AccessPath,
  write: number,
): void {
  const { tree, scopes } = unit;
  switch (tree.kind[object]) {
    case Kind.Identifier: {
      const binding = scopes.bindingOf[object]!;
      if (binding < 0) return;
      intoBinding(follower, from, unit, object, path, write);
      throughParameter(follower, from, unit, binding, path);
      throughAliases(follower, from, unit, object, path, write);
      return;
    }
    case Kind.Member:
      if (tree.kind[object + 1] === Kind.This) {
        intoInstance(follower, from, unit, object + 1, within(keyOf(unit, object), path));
        return;
      }
      intoMember(follower, from, unit, object, path, write);
      return;
    case Kind.This:
      intoInstance(follower, from, unit, object, path);
      return;
    case Kind.Await:
      intoObject(follower, from, unit, object + 1, path, write);
      return;
    case Kind.Call: {
      // A chain of calls on one object: `new FormData().append(…)`, `hash.update(…).update(…)`.
      const callee = object + 1;
      if (tree.kind[callee] === Kind.Member && KEEPS.has(nameOf(tree, callee) ?? ''))
        intoObject(follower, from, unit, callee + 1, path, write);
      follower.value(from, unit, object, path);
      return;
    }
    case Kind.New:
      follower.value(from, unit, object, path);
      return;
    default:
  }
}

function throughParameter(
  follower: Follower,
  from: Edge,
  unit: Unit,
  binding: number,
  path: AccessPath,
): void {
  const { tree, scopes } = unit;
  if (scopes.bindingKind[binding] !== BindingKind.Param) return;
  const name = declarationsOf(scopes, binding)[0]!;
  if (tree.role[name] !== Role.Param) return;
  const fn = tree.parent[name]!;
  const position = children(tree, fn, Role.Param).indexOf(name);
  follower.changeArgument(from, follower.point(unit, fn), position, path);
}

/** `const list = this.items; list.push(data)`: the object has another name. */
function throughAliases(
  follower: Follower,
  from: Edge,
  unit: Unit,
  object: number,
  path: AccessPath,
  write: number,
): void {
  const { tree, scopes } = unit;
  const name = declarationsOf(scopes, scopes.bindingOf[object]!)[0];
  if (name === undefined) return;
  const declarator = tree.parent[name]!;
  if (tree.kind[declarator] !== Kind.VariableDeclarator) return;
  const init = child(tree, declarator, Role.Init);
  const kind = init < 0 ? undefined : tree.kind[init];
  if (kind === Kind.Member || kind === Kind.Identifier) {
    if (init >= write || scopes.bindingOf[init] === scopes.bindingOf[object]) return;
    intoObject(follower, from, unit, init, path, declarator);
  }
}

/** A field of the instance that `this` is. */
function intoInstance(
  follower: Follower,
  from: Edge,
  unit: Unit,
  self: number,
  path: AccessPath,
): void {
  for (const origin of follower.origins.of(follower.point(unit, self))) {
    follower.go(from, { kind: 'instance', point: origin.point }, path, follower.point(unit, self));
  }
}

/** An instance holds data at `path`: at each `this.key` of its class, and wherever it was made. */
export function spreadInstance(
  follower: Follower,
  from: Edge,
  unit: Unit,
  owner: number,
  path: AccessPath,
): void {
  spreadFields(follower, from, unit, owner, path);
  if (unit.tree.kind[owner] === Kind.Object) {
    follower.value(from, unit, owner, path);
    return;
  }
  const class_ = follower.point(unit, owner);
  for (const other of [unit, ...follower.program.importersOf(unit.module)]) {
    for (const made of other.index.constructions) {
      const origins = follower.origins.of(follower.point(other, made + 1));
      if (origins.some((one) => isOrExtends(follower, one.point, class_)))
        follower.value(from, other, made, path);
    }
  }
}

/** At each `this.key` of the class, object or constructor function. */
export function spreadFields(
  follower: Follower,
  from: Edge,
  unit: Unit,
  owner: number,
  path: AccessPath,
): void {
  const class_ = follower.point(unit, owner);
  for (const reader of readersOf(follower, unit, owner)) {
    const { tree, index } = reader;
    const key = firstKey(path);
    const names = key === undefined || key === ANY ? [...index.thisMemberNames()] : [key];
    for (const name of names) {
      const inner = under(path, name);
      if (inner === undefined) continue;
      for (const member of index.thisMembers(name)) {
        const flags = tree.flags[member]!;
        if ((flags & Flag.Reads) === 0 && (flags & Flag.Writes) !== 0) continue;
        const owners = follower.origins.of(follower.point(reader, member + 1));
        if (owners.some((one) => isOrExtends(follower, one.point, class_)))
          follower.value(from, reader, member, inner, member);
      }
    }
  }
}

/** Modules whose code may be part of a class: its own, and for a class those that extend it. */
function readersOf(follower: Follower, unit: Unit, owner: number): readonly Unit[] {
  if (!isClassKind(unit.tree.kind[owner])) return [unit];
  return [unit, ...follower.program.importersOf(unit.module)];
}

function isOrExtends(follower: Follower, one: number, base: number): boolean {
  return one === base || isSubclass(follower, one, base);
}

function isSubclass(follower: Follower, sub: number, base: number): boolean {
  const unit = follower.program.unit(Math.floor(sub / 2 ** 27));
  const node = sub % 2 ** 27;
  if (unit === undefined || !isClassKind(unit.tree.kind[node])) return false;
  const parent = child(unit.tree, node, Role.SuperClass);
  return (
    parent >= 0 &&
    follower.origins.of(follower.point(unit, parent)).some((one) => one.point === base)
  );
}
