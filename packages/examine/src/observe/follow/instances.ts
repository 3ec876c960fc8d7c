import {
  ancestors,
  child,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { Script } from '../script.ts';
import type { Follower } from './follower.ts';
import type { Held } from './value.ts';

/** What `this` of classes and object literals holds. */
export class Instances {
  readonly #script: Script;
  /** By owner, then key: the members of `this` that are read. */
  #members: Map<number, Map<string, number[]>> | undefined;

  constructor(script: Script) {
    this.#script = script;
  }

  /** `this.key = held`, at a `This`. */
  hold(follower: Follower, at: number, key: string, held: Held): void {
    const owner = ownerOfThis(this.#script, at);
    if (owner < 0) return;
    this.#reachMembers(follower, owner, key, held);
    follower.reach(owner, { ...held, path: ['()', key, ...held.path] });
    this.#reachName(follower, owner, { ...held, path: ['()', key, ...held.path] });
  }

  /** A field or method of a class has the value `held`. */
  holdMember(follower: Follower, member: number, held: Held): void {
    const { tree } = this.#script;
    const key = follower.folder.key(member);
    const flags = tree.flags[member]!;
    if (key === undefined || (flags & Flag.Constructor) !== 0) return;
    const isGetter = (flags & Flag.Get) !== 0;
    if (isGetter && held.path[0] !== '()') return;
    const path = isGetter ? held.path.slice(1) : held.path;
    const owner = tree.parent[member]!;
    this.#reachMembers(follower, owner, key, { ...held, path });
    const isStatic = (flags & Flag.Static) !== 0;
    const fromClass = { ...held, path: isStatic ? [key, ...path] : ['()', key, ...path] };
    follower.reach(owner, fromClass);
    this.#reachName(follower, owner, fromClass);
  }

  #reachName(follower: Follower, owner: number, held: Held): void {
    const { tree, scopes } = this.#script;
    const id = child(tree, owner, Role.Id);
    if (id >= 0) follower.bind(scopes.bindingOf[id]!, held);
  }

  #reachMembers(follower: Follower, owner: number, key: string, held: Held): void {
    this.#members ??= this.#index();
    for (const member of this.#members.get(owner)?.get(key) ?? []) follower.reach(member, held);
  }

  #index(): Map<number, Map<string, number[]>> {
    const { tree } = this.#script;
    const all = new Map<number, Map<string, number[]>>();
    for (
      let at = tree.kind.indexOf(Kind.This);
      at >= 0;
      at = tree.kind.indexOf(Kind.This, at + 1)
    ) {
      const owner = ownerOfThis(this.#script, at);
      if (owner < 0) continue;
      for (const self of this.#namesOf(at)) this.#addMember(tree.parent[self]!, owner, all);
    }
    return all;
  }

  /** `this`, and where it is spoken of by another name: `const self = this`. */
  #namesOf(at: number): readonly number[] {
    const { tree, scopes } = this.#script;
    const parent = tree.parent[at]!;
    if (tree.kind[parent] !== Kind.VariableDeclarator || tree.role[at] !== Role.Init) return [at];
    const binding = this.#script.bindingAt(parent + 1);
    return binding < 0 ? [at] : [...referencesOf(scopes, binding)];
  }

  #addMember(member: number, owner: number, all: Map<number, Map<string, number[]>>): void {
    const { tree } = this.#script;
    const key = nameOf(tree, member);
    if (tree.kind[member] !== Kind.Member || key === undefined) return;
    if ((tree.flags[member]! & Flag.Reads) === 0) return;
    let members = all.get(owner);
    if (members === undefined) all.set(owner, (members = new Map()));
    const known = members.get(key);
    if (known === undefined) members.set(key, [member]);
    else known.push(member);
  }
}

/** The class, object literal or constructor function whose `this` it is; -1 at the top. */
export function ownerOfThis(script: Script, at: number): number {
  const { tree } = script;
  for (const above of ancestors(tree, at)) {
    const kind = tree.kind[above];
    if (kind === Kind.ClassDeclaration || kind === Kind.ClassExpression) return above;
    if (!isFunction(tree, above) || kind === Kind.Arrow) continue;
    const holder = tree.parent[above]!;
    if (tree.kind[holder] === Kind.Method) return tree.parent[holder]!;
    if (tree.kind[holder] === Kind.Property) {
      const object = tree.parent[holder]!;
      return prototypeOwner(script, tree.parent[object]!, object) ?? object;
    }
    return prototypeOwner(script, holder, above) ?? above;
  }
  return -1;
}

/** `F` of `F.prototype.run = value`, `F.prototype = value`; undefined for any other holder. */
function prototypeOwner(script: Script, holder: number, value: number): number | undefined {
  const { tree } = script;
  if (tree.kind[holder] !== Kind.Assignment || tree.role[value] !== Role.Right) return undefined;
  let target = holder + 1;
  if (tree.kind[target] === Kind.Member && nameOf(tree, target) !== 'prototype') target += 1;
  if (tree.kind[target] !== Kind.Member || nameOf(tree, target) !== 'prototype') return undefined;
  const owner = script.functionAt(target + 1);
  return owner < 0 ? undefined : owner;
}
