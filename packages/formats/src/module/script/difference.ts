import { KIND_NAMES, ROLE_NAMES } from './kinds.ts';
import type { ScriptTree } from './tree.ts';

export interface Difference {
  /** The first node that differs. */
  readonly node: number;
  readonly ours: string;
  readonly theirs: string;
}

/** The first difference of two trees of the same text; undefined when they are the same. */
export function firstDifference(ours: ScriptTree, theirs: ScriptTree): Difference | undefined {
  if (ours.goal !== theirs.goal) return { node: 0, ours: ours.goal, theirs: theirs.goal };
  const count = Math.min(ours.count, theirs.count);
  for (let node = 0; node < count; node += 1) {
    if (!isSameNode(ours, theirs, node)) {
      return { node, ours: nodeText(ours, node), theirs: nodeText(theirs, node) };
    }
  }
  if (ours.count === theirs.count) return undefined;
  return { node: count, ours: nodeText(ours, count), theirs: nodeText(theirs, count) };
}

function isSameNode(ours: ScriptTree, theirs: ScriptTree, node: number): boolean {
  return (
    ours.kind[node] === theirs.kind[node] &&
    ours.role[node] === theirs.role[node] &&
    ours.flags[node] === theirs.flags[node] &&
    ours.parent[node] === theirs.parent[node] &&
    ours.next[node] === theirs.next[node] &&
    ours.start[node] === theirs.start[node] &&
    ours.end[node] === theirs.end[node] &&
    ours.names[ours.name[node]!] === theirs.names[theirs.name[node]!]
  );
}

/** `role: kind "name" flags place`, for people. */
export function nodeText(tree: ScriptTree, node: number): string {
  if (node >= tree.count) return 'nothing';
  const name = tree.name[node]!;
  return [
    `${ROLE_NAMES[tree.role[node]!]}:`,
    KIND_NAMES[tree.kind[node]!],
    name < 0 ? '' : JSON.stringify(tree.names[name]).slice(0, 60),
    `flags ${tree.flags[node]}`,
    `${tree.start[node]}…${tree.end[node]}`,
    `parent ${tree.parent[node]}`,
  ].join(' ');
}
