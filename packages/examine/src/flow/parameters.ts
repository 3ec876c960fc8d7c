import { child, children, Kind, nameOf, Role } from '@avow/formats/script';
import { type AccessPath, within } from './access.ts';
import type { Follower } from './follower.ts';
import { moduleOf, nodeIn, type Point } from './point.ts';
import { isFunctionKind, type Unit } from './program.ts';
import { resolvePromises } from './promises.ts';
import type { Edge } from './tabulation.ts';
import { assign } from './targets.ts';

/** Into one parameter, or (spread over them) into all from a position on. */
export function intoParameter(
  follower: Follower,
  edge: Edge,
  fn: Point,
  position: number,
  path: AccessPath,
  call: Point,
  isSpread = false,
): void {
  const unit = follower.program.unit(moduleOf(fn));
  if (unit === undefined) return;
  const { tree } = unit;
  const node = nodeIn(fn);
  follower.enter(edge, fn, isSpread ? 1000 + position : position, path, call, (entry, first) => {
    const parameters = children(tree, node, Role.Param);
    parameters.forEach((parameter, index) => {
      if (tree.kind[parameter] === Kind.Rest && index <= position) {
        const inner = within(String(position - index), path);
        assign(follower, first, unit, parameter, inner, parameter);
      } else if (index === position || (isSpread && index > position)) {
        assign(follower, first, unit, parameter, path, parameter);
      }
    });
    intoArgumentsObject(follower, { ...first, entry }, unit, node, position, path);
  });
}

/** `arguments[0]` of a function that reads its arguments so. */
export function intoArgumentsObject(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  fn: number,
  position: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  if (tree.kind[fn] === Kind.Arrow) return;
  const body = child(tree, fn, Role.Body);
  if (body < 0) return;
  for (let at = body; at < tree.next[body]!; at += 1) {
    const kind = tree.kind[at];
    if (isFunctionKind(kind) && kind !== Kind.Arrow) at = tree.next[at]! - 1;
    else if (kind === Kind.Identifier && nameOf(tree, at) === 'arguments') {
      follower.value(edge, unit, at, within(String(position), path));
    }
  }
}

/** Gives data to one parameter of a callback. */
export function handTo(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  callback: number,
  parameter: number,
  path: AccessPath | undefined,
  call: number,
): void {
  if (path === undefined) return;
  resolvePromises(follower, edge, follower.point(unit, callback), parameter, path);
  for (const fn of follower.origins.functionsOf(follower.point(unit, callback))) {
    intoParameter(follower, edge, fn, parameter, path, follower.point(unit, call));
  }
}
