import { children, Flag, Kind, nameOf, Role } from '@avow/formats/script';
import { HOLE } from '../fold/value.ts';
import type { Follower } from './follower.ts';
import type { Held } from './value.ts';

/** A member is taken of what holds `held`. */
export function reachMember(follower: Follower, member: number, held: Held): void {
  const { tree } = follower.script;
  const key = follower.folder.key(member);
  if (held.path.length > 0) {
    const [first, ...path] = held.path;
    if (first === '()') reachOfFunction(follower, member, key, held);
    else if (first === key) follower.reach(member, { ...held, path });
    // `{ 'http:': http, 'https:': https }[protocol]` may be any of them; a table of the
    // language's globals (`{ '%eval%': eval, … }[name]`) holds all of them, used or not.
    else if (key === undefined && path.length === 0 && !held.symbol.text.startsWith('global:'))
      follower.reach(member, { ...held, path });
    else if (key === 'then') reachOfFunction(follower, member, key, held);
    return;
  }
  // `fs[operation + 'Sync']`, where what calls it says which operations there are.
  const keys = key === undefined ? follower.folder.keys(member) : [];
  for (const one of keys) if (one !== HOLE) takeMember(follower, member, one, held);
  if (keys.length === 0 || keys.includes(HOLE)) takeMember(follower, member, key, held);
  if ((tree.flags[member]! & Flag.Writes) === 0) reachOfFunction(follower, member, key, held);
}

/** `node` gives the member `key` of `held`, whose path is empty. */
export function takeMember(
  follower: Follower,
  node: number,
  key: string | undefined,
  held: Held,
): void {
  const { tree } = follower.script;
  const isWritten =
    tree.kind[node] === Kind.Member &&
    (tree.flags[node]! & (Flag.Writes | Flag.Reads)) === Flag.Writes;
  const parent = tree.parent[node]!;
  if (tree.kind[parent] === Kind.Unary && nameOf(tree, parent) === 'delete') return;
  if (key === undefined) {
    const any = held.symbol.any;
    if (any !== undefined) {
      follower.observe(isWritten ? 'write' : 'read', node, {
        ...held,
        symbol: any,
        name: undefined,
      });
    } else if (tree.role[node] === Role.Callee) follower.watcher.unresolved(node, held);
    return;
  }
  const symbol = held.symbol.member(key);
  if (symbol === undefined) return;
  const next = { ...held, symbol, name: key, origin: node };
  if (!isWritten) follower.reach(node, next);
  else if (tree.kind[parent] === Kind.Assignment)
    follower.observe('write', parent, next, tree.next[node]!);
}

/** Members that every function or promise has, where the symbol has none of its own. */
function reachOfFunction(
  follower: Follower,
  member: number,
  key: string | undefined,
  held: Held,
): void {
  const { tree } = follower.script;
  const call = tree.parent[member]!;
  if (key === undefined || tree.role[member] !== Role.Callee) return;
  if (held.path.length === 0 && held.symbol.parts.has(key)) return;
  const args = children(tree, call, Role.Argument);
  switch (key) {
    case 'call':
      follower.invoke(call, held, args.slice(1));
      return;
    case 'apply':
      follower.invoke(call, held, listed(follower, args[1]));
      return;
    case 'bind':
      follower.reach(call, held);
      return;
    case 'then':
    case 'finally':
    case 'tap':
      if (key === 'then' && args[0] !== undefined) follower.passTo(args[0], 0, held);
      if (key !== 'then') follower.reach(call, held);
      return;
    case 'catch':
      follower.reach(call, held);
      return;
    default:
      return;
  }
}

/** The nodes of a list written out; undefined when it is not. */
function listed(follower: Follower, node: number | undefined): number[] | undefined {
  const { tree } = follower.script;
  return node !== undefined && tree.kind[node] === Kind.Array ? children(tree, node) : undefined;
}
