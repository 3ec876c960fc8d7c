import {
  ancestors,
  child,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  type ScriptTree,
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
    const owner = ownerOfThis(this.#script.tree, at);
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
      const member = tree.parent[at]!;
      const key = nameOf(tree, member);
      if (tree.kind[member] !== Kind.Member || key === undefined) continue;
      if ((tree.flags[member]! & Flag.Reads) === 0) continue;
      const owner = ownerOfThis(this.#script.tree, at);
      if (owner < 0) continue;
      let members = all.get(owner);
      if (members === undefined) all.set(owner, (members = new Map()));
      const known = members.get(key);
      if (known === undefined) members.set(key, [member]);
      else known.push(member);
    }
    return all;
  }
}

/** The class, object literal or constructor function whose `this` it is; -1 at the top. */
export function ownerOfThis(tree: ScriptTree, at: number): number {
  for (const above of ancestors(tree, at)) {
    const kind = tree.kind[above];
    if (kind === Kind.ClassDeclaration || kind === Kind.ClassExpression) return above;
    if (!isFunction(tree, above) || kind === Kind.Arrow) continue;
    const holder = tree.parent[above]!;
    if (tree.kind[holder] === Kind.Method) return tree.parent[holder]!;
    if (tree.kind[holder] === Kind.Property) return tree.parent[holder]!;
    return above;
  }
  return -1;
}
