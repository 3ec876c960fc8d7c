import { child, Flag, Kind, nameOf, Role, referencesOf } from '@avow/formats/script';
import type { Folder } from './fold.ts';

/** By literal: what its name's members are assigned, -1 for what is assigned twice. */
const ASSIGNED = new WeakMap<Folder, Map<number, ReadonlyMap<string, number>>>();

/** Members that are looked at. */
const MAX_MEMBERS = 2000;

/** `const o = {}; o.host = "…"`: the node that a literal's member is assigned, once; else -1. */
export function assignedTo(folder: Folder, literal: number, key: string): number {
  let all = ASSIGNED.get(folder);
  if (all === undefined) ASSIGNED.set(folder, (all = new Map()));
  let members = all.get(literal);
  if (members === undefined) {
    all.set(literal, new Map());
    all.set(literal, (members = membersOf(folder, literal)));
  }
  return members.get(key) ?? -1;
}

function membersOf(folder: Folder, literal: number): ReadonlyMap<string, number> {
  const { script } = folder;
  const { tree, scopes } = script;
  const members = new Map<string, number>();
  const holder = tree.parent[literal]!;
  if (tree.kind[holder] !== Kind.VariableDeclarator) return members;
  const binding = script.bindingAt(holder + 1);
  if (binding < 0) return members;
  for (const reference of referencesOf(scopes, binding)) {
    const member = tree.parent[reference]!;
    if (tree.kind[member] !== Kind.Member || (tree.flags[member]! & Flag.Writes) === 0) continue;
    const assignment = tree.parent[member]!;
    const key = folder.key(member);
    if (key === undefined || members.size >= MAX_MEMBERS) return new Map();
    const isPlain = tree.kind[assignment] === Kind.Assignment && nameOf(tree, assignment) === '=';
    const isKnown = isPlain && tree.role[member] === Role.Left && !members.has(key);
    members.set(key, isKnown ? child(tree, assignment, Role.Right) : -1);
  }
  return members;
}
