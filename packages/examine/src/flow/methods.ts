import { child, children, Flag, Kind, nameOf, Role, stringValue } from '@avow/formats/script';
import { type AccessPath, ELEMENT, isPrintable, under, WHOLE, within } from './access.ts';
import type { Follower } from './follower.ts';
import {
  CALLS_BACK,
  DRESSES,
  LISTENS,
  RESULT_OF_CALLBACK,
  TELLS_LITTLE,
  transformByName,
} from './models.ts';
import { handTo, intoParameter } from './parameters.ts';
import { moduleOf, nodeIn } from './point.ts';
import type { Unit } from './program.ts';
import { answerOf, send } from './stations.ts';
import type { Edge } from './tabulation.ts';

/** A method is called on a value that holds data. */
export function calledOn(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  member: number,
  name: string,
  path: AccessPath,
): void {
  const { tree } = unit;
  const list = children(tree, call, Role.Argument);
  const own = follower.origins.functionsOf(follower.point(unit, member));
  if (own.length > 0) return;
  send(follower, edge, unit, call, -1, path);
  if (LISTENS.has(name)) {
    const listener = list.at(-1);
    const count = listener === undefined ? 0 : parametersOf(follower, unit, listener);
    for (let index = 0; index < count; index += 1) {
      handTo(follower, edge, unit, listener!, index, path, call);
    }
    follower.value(edge, unit, call, path);
    return;
  }
  const hands = CALLS_BACK.get(name) ?? [];
  for (const hand of hands) {
    const callback = list[hand.callback ?? list.length - 1];
    if (callback === undefined) continue;
    const inner = hand.what === 'whole' ? path : under(path, undefined);
    handTo(follower, edge, unit, callback, hand.parameter, inner, call);
  }
  // The callback's return comes back by itself.
  if (RESULT_OF_CALLBACK.has(name) && list.length > 0 && !name.startsWith('re')) return;
  if (TELLS_LITTLE.has(name)) return;
  const dressed = methodResult(name, path, keyAsked(unit, call, name));
  if (dressed !== undefined) {
    const transform =
      DRESSES.get(name) ??
      textTransform(unit, name, list[0]) ??
      streamTransform(unit, name, list[0]);
    follower.value(
      edge,
      unit,
      call,
      dressed,
      transform === undefined ? undefined : call,
      transform,
    );
  }
}

/** Where data is in what a method of its holder gives. */
function methodResult(
  name: string,
  path: AccessPath,
  key: string | undefined,
): AccessPath | undefined {
  if (path === WHOLE) return WHOLE;
  switch (name) {
    case 'get':
      return under(path, key);
    case 'find':
    case 'pop':
    case 'shift':
    case 'at':
    case 'getItem':
    case 'next':
      return under(path, undefined);
    case 'join':
    case 'toString':
      return isPrintable(path) ? WHOLE : undefined;
    case 'json':
    case 'text':
    case 'getAll':
      return path;
    default:
      return path;
  }
}

/** The constant key that is asked of a map. */
function keyAsked(unit: Unit, call: number, name: string): string | undefined {
  const key = name === 'get' ? child(unit.tree, call, Role.Argument) : -1;
  return key < 0 ? undefined : stringValue(unit.tree, key);
}

/** `pipe(createGzip())`: what comes out of it is compressed. */
function streamTransform(
  { tree }: Unit,
  name: string,
  stream: number | undefined,
): string | undefined {
  const isPipe = name === 'pipe' || name === 'pipeThrough';
  if (!isPipe || stream === undefined || tree.kind[stream] !== Kind.Call) return undefined;
  return transformByName(nameOf(tree, stream + 1) ?? '');
}

/** `toString('base64')` and `toString('hex')`. */
function textTransform(
  { tree }: Unit,
  name: string,
  argument: number | undefined,
): string | undefined {
  if (name !== 'toString' || argument === undefined) return undefined;
  const encoding = nameOf(tree, argument);
  return encoding === 'base64' || encoding === 'hex' || encoding === 'base64url'
    ? encoding
    : undefined;
}

function parametersOf(follower: Follower, unit: Unit, listener: number): number {
  let count = 0;
  for (const fn of follower.origins.functionsOf(follower.point(unit, listener))) {
    const other = follower.program.unit(moduleOf(fn))!;
    count = Math.max(count, children(other.tree, nodeIn(fn), Role.Param).length);
  }
  return Math.min(count, 4);
}

/** A callback given to a known function returns data: what the function gives back. */
export function callbackReturned(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  fn: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  if (tree.role[fn] !== Role.Argument) {
    if ((tree.flags[fn]! & Flag.Get) !== 0) return;
    return;
  }
  const call = tree.parent[fn]!;
  const name = nameOf(tree, call + 1) ?? '';
  const answer = answerOf(unit, call);
  if (answer !== undefined) {
    follower.go(edge, { kind: 'channel', name: answer }, path, follower.point(unit, fn));
    return;
  }
  const result = RESULT_OF_CALLBACK.get(name);
  if (tree.kind[call] !== Kind.Call || result === undefined) return;
  const inner = result === 'element' ? within(ELEMENT, path) : path;
  follower.value(edge, unit, call, inner, undefined);
  if (name === 'reduce' || name === 'reduceRight') {
    intoParameter(follower, edge, follower.point(unit, fn), 0, path, follower.point(unit, call));
  }
}
