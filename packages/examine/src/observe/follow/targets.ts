import { child, children, Kind, Role } from '@avow/formats/script';
import { bundleUses } from './bundles.ts';
import type { Follower } from './follower.ts';
import { type Held, MAX_PATH } from './value.ts';

/** Says that a target (name, member or pattern) takes `held`. */
export function assignTo(follower: Follower, target: number, held: Held): void {
  const { tree } = follower.script;
  switch (tree.kind[target]) {
    case Kind.Identifier:
      follower.bind(follower.script.bindingAt(target), held);
      return;
    case Kind.Default:
      assignTo(follower, child(tree, target, Role.Left), held);
      return;
    case Kind.Rest:
      assignTo(follower, target + 1, held);
      return;
    case Kind.ObjectPattern:
      for (const property of children(tree, target)) assignProperty(follower, property, held);
      return;
    case Kind.ArrayPattern:
      assignElements(follower, target, held);
      return;
    case Kind.Member:
      assignMember(follower, target, held);
      return;
    default:
      return;
  }
}

function assignProperty(follower: Follower, property: number, held: Held): void {
  const { tree } = follower.script;
  if (tree.kind[property] === Kind.Rest) {
    if (held.path.length === 0 && held.symbol.any !== undefined) follower.sink(property, held);
    assignTo(follower, property, held);
    return;
  }
  const value = child(tree, property, Role.Value);
  const key = follower.folder.key(property);
  if (key === undefined) return;
  if (held.path.length > 0) {
    if (held.path[0] === key) assignTo(follower, value, { ...held, path: held.path.slice(1) });
    return;
  }
  const symbol = held.symbol.member(key);
  if (symbol === undefined) return;
  const next = { ...held, symbol, name: key };
  if (symbol.read.length > 0 && symbol.isLeaf) follower.observe('read', property, next);
  else assignTo(follower, value, next);
}

function assignElements(follower: Follower, pattern: number, held: Held): void {
  const [key, ...path] = held.path;
  if (key === undefined || key === '()') return;
  const element = children(follower.script.tree, pattern)[Number(key)];
  if (element !== undefined) assignTo(follower, element, { ...held, path });
}

/** `a.b.c = …`: the value is there by the keys of the path. */
function assignMember(follower: Follower, target: number, held: Held): void {
  const { script } = follower;
  const { tree } = script;
  const path = [...held.path];
  let at = target;
  for (; tree.kind[at] === Kind.Member; at = child(tree, at, Role.Object)) {
    const key = follower.folder.key(at);
    if (key === undefined || path.length > MAX_PATH) return;
    path.unshift(key);
  }
  const global = script.globalName(at);
  if (global === 'exports' || (global === 'module' && path[0] === 'exports')) {
    if (global === 'module') path.shift();
    const [name = '', ...rest] = path;
    follower.export(name, { ...held, path: rest });
    return;
  }
  const self = tree.kind[at] === Kind.This ? at : thisOf(follower, at);
  if (self >= 0) {
    const [key, ...rest] = path;
    follower.instances.hold(follower, self, key!, { ...held, path: rest });
    return;
  }
  if (path[0] === 'exports') {
    for (const use of bundleUses(script, at)) follower.reach(use, { ...held, path: path.slice(1) });
  }
  follower.bind(script.bindingAt(at), { ...held, path });
}

/** The `this` that a name stands for: `const self = this`; -1 for another. */
function thisOf({ script }: Follower, node: number): number {
  const binding = script.bindingAt(node);
  const definition = binding < 0 ? undefined : script.definitionOf(binding);
  const isThis = definition?.path.length === 0 && script.tree.kind[definition.node] === Kind.This;
  return isThis ? definition.node : -1;
}
