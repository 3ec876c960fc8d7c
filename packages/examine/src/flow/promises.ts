import { children, Kind, nameOf, Role } from '@avow/formats/script';
import type { AccessPath } from './access.ts';
import type { Follower } from './follower.ts';
import { moduleOf, nodeIn, type Point } from './point.ts';
import type { Edge } from './tabulation.ts';

/** `resolve(data)` for the `resolve` of a `new Promise((resolve) => …)`: the promise's value. */
export function resolvePromises(
  follower: Follower,
  edge: Edge,
  callee: Point,
  position: number,
  path: AccessPath,
): boolean {
  if (position !== 0) return false;
  const promises = promisesOf(follower, callee, 0);
  for (const made of promises) {
    const other = follower.program.unit(moduleOf(made))!;
    follower.value(edge, other, nodeIn(made), path, nodeIn(made));
  }
  return promises.length > 0;
}

/** Functions that `resolve` is handed through, at most. */
const MAX_HANDED = 3;

/** The `new Promise` expressions that a name resolves, also when it was handed on as an argument. */
function promisesOf(follower: Follower, callee: Point, depth: number): Point[] {
  const unit = follower.program.unit(moduleOf(callee))!;
  const { tree, scopes } = unit;
  const node = nodeIn(callee);
  const binding = tree.kind[node] === Kind.Identifier ? scopes.bindingOf[node]! : -1;
  const name = binding < 0 ? undefined : scopes.declarations[scopes.declarationsFrom[binding]!];
  if (name === undefined || tree.role[name] !== Role.Param || depth > MAX_HANDED) return [];
  const fn = tree.parent[name]!;
  const made = tree.parent[fn]!;
  const position = children(tree, fn, Role.Param).indexOf(name);
  if (tree.kind[made] === Kind.New && nameOf(tree, made + 1) === 'Promise') {
    return position === 0 ? [follower.point(unit, made)] : [];
  }
  return follower.callers.of(follower.point(unit, fn)).flatMap((caller) => {
    const argument = caller.argument(position);
    return argument === undefined ? [] : promisesOf(follower, argument, depth + 1);
  });
}
