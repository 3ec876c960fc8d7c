import { child, children, Flag, Kind, nameOf, Role } from '@avow/formats';
import { type AccessPath, ANY, isPrintable, under, WHOLE, within } from './access.ts';
import { send } from './channels.ts';
import type { Follower } from './follower.ts';
import {
  CALLS_BACK,
  CARRIES,
  carriesByName,
  DRESSES,
  ENDS_DATA,
  HOLDERS,
  KEEPS,
  LISTENS,
  RESULT_OF_CALLBACK,
  TELLS_LITTLE,
  transformByName,
} from './models.ts';
import { moduleOf, nodeIn, type Point } from './point.ts';
import { isFunctionKind, type Unit } from './program.ts';
import type { Edge } from './tabulation.ts';
import { assign, intoObject } from './targets.ts';

/** Data is an argument of a call: into the product's own function, or by what is known of the name. */
export function argumentGiven(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  argument: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const list = children(tree, call, Role.Argument);
  const position = list.indexOf(argument);
  const callee = call + 1;
  send(follower, edge, unit, call, position, path);
  if (intoExecutor(follower, edge, unit, call, path)) return;
  const isNew = tree.kind[call] === Kind.New;
  const indirect = isNew ? undefined : indirectCall(unit, callee, position);
  const target = indirect === undefined ? callee : callee + 1;
  const at = follower.point(unit, target);
  const functions = isNew ? follower.origins.constructorsOf(at) : follower.origins.functionsOf(at);
  const into = indirect ?? position;
  for (const fn of functions) {
    const inner = indirect !== undefined && into < 0 ? under(path, undefined) : path;
    if (inner === undefined) continue;
    intoParameter(
      follower,
      edge,
      fn,
      Math.max(0, into),
      inner,
      follower.point(unit, call),
      into < 0,
    );
  }
  if (functions.length === 0 || tree.kind[callee] === Kind.Super) {
    intoUnknown(follower, edge, unit, call, position, path);
  }
}

/** For `f.call(self, a)` the position in `f`; for `f.apply(self, list)` -1; undefined for a plain call. */
function indirectCall({ tree }: Unit, callee: number, position: number): number | undefined {
  if (tree.kind[callee] !== Kind.Member) return undefined;
  const name = nameOf(tree, callee);
  if (name === 'call' && position > 0) return position - 1;
  return name === 'apply' && position === 1 ? -1 : undefined;
}

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
function intoArgumentsObject(
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

/** `resolve(data)` for the `resolve` of a `new Promise((resolve) => …)`: the promise's value. */
function intoExecutor(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  path: AccessPath,
): boolean {
  const promises = promisesOf(follower, follower.point(unit, call + 1), 0);
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

/** A function outside the product: what its name tells. */
function intoUnknown(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  position: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const callee = call + 1;
  const name = nameOf(tree, callee) ?? '';
  const isMethod = tree.kind[callee] === Kind.Member;
  if (ENDS_DATA.has(name) || (isMethod && endsOnReceiver(unit, callee))) return;
  if (tree.kind[call] === Kind.New) {
    if (HOLDERS.has(name)) follower.value(edge, unit, call, isPrintable(path) ? WHOLE : path, call);
    return;
  }
  if (isMethod && KEEPS.has(name)) {
    const isPair = name === 'set' || name === 'append' || name === 'setItem' || name === 'field';
    const inner = isPair && position === 0 ? undefined : within(ANY, path);
    const isObjectAssign =
      name === 'fill' || name === 'copy' || name === 'update' || name === 'write' || name === 'end';
    if (inner !== undefined) {
      intoObject(follower, edge, unit, callee + 1, isObjectAssign ? WHOLE : inner, call);
    }
    if (name === 'update' || name === 'concat')
      follower.value(edge, unit, call, path, call, encryptsOn(unit, callee));
    return;
  }
  callBackWith(follower, edge, unit, call, name, position, path);
  resultOf(follower, edge, unit, call, name, position, path);
}

function resultOf(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  name: string,
  position: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const callee = call + 1;
  if (name === 'assign' && position > 0) {
    const first = children(tree, call, Role.Argument)[0]!;
    intoObject(follower, edge, unit, first, path, call);
  }
  if (Object.hasOwn(CARRIES, name)) {
    const isText =
      name === 'stringify' || name === 'String' || name === 'format' || name === 'inspect';
    follower.value(edge, unit, call, isText ? WHOLE : carriedPath(name, path), call, CARRIES[name]);
  } else if (carriesByName(name)) {
    follower.value(edge, unit, call, WHOLE, call, transformByName(name));
  } else if (tree.kind[callee] === Kind.Member && isTextual(unit, callee)) {
    follower.value(edge, unit, call, WHOLE);
  } else if (name === 'exec' || name === 'match' || name === 'matchAll') {
    follower.value(edge, unit, call, WHOLE);
  }
}

/** `Object.entries`, `Promise.all` and their kind move data by a level. */
function carriedPath(name: string, path: AccessPath): AccessPath {
  switch (name) {
    case 'entries':
      return path === WHOLE ? path : within(ANY, within('1', under(path, undefined) ?? WHOLE));
    case 'values':
      return path === WHOLE ? path : within(ANY, under(path, undefined) ?? WHOLE);
    case 'fromEntries':
      return WHOLE;
    case 'race':
    case 'any':
      return under(path, undefined) ?? WHOLE;
    case 'of':
      return within(ANY, path);
    case 'concat':
    case 'join':
    case 'from':
      return isPrintable(path) ? WHOLE : path;
    default:
      return path;
  }
}

/** `''.concat(data)`, `'…'.replace(x, data)`: a text that takes the data in. */
function isTextual({ tree }: Unit, callee: number): boolean {
  const object = tree.kind[callee + 1];
  const name = nameOf(tree, callee);
  if (object !== Kind.String && object !== Kind.Template)
    return name === 'replace' || name === 'padStart';
  return true;
}

/** Whether the receiver of a method is a hash in the making: what it takes in does not come out. */
function endsOnReceiver(unit: Unit, callee: number): boolean {
  return madeByName(unit, callee + 1, /^create(?:Hash|Hmac|Sign|Verify)$/);
}

function encryptsOn(unit: Unit, callee: number): string | undefined {
  return madeByName(unit, callee + 1, /^create(?:Cipher|Cipheriv)$/) ? 'encrypt' : undefined;
}

/** Whether an expression, its chain of calls or its binding's first value is a call of that name. */
function madeByName(unit: Unit, node: number, pattern: RegExp, depth = 0): boolean {
  const { tree, scopes } = unit;
  if (depth > 8) return false;
  switch (tree.kind[node]) {
    case Kind.Call:
      return (
        pattern.test(nameOf(tree, node + 1) ?? '') ||
        (tree.kind[node + 1] === Kind.Member && madeByName(unit, node + 2, pattern, depth + 1))
      );
    case Kind.Identifier: {
      const binding = scopes.bindingOf[node]!;
      const from = binding < 0 ? undefined : scopes.declarationsFrom[binding];
      const name = from === undefined ? -1 : (scopes.declarations[from] ?? -1);
      const declarator = name < 0 ? -1 : tree.parent[name]!;
      if (declarator < 0 || tree.kind[declarator] !== Kind.VariableDeclarator) return false;
      const init = child(tree, declarator, Role.Init);
      return init >= 0 && madeByName(unit, init, pattern, depth + 1);
    }
    default:
      return false;
  }
}

/** `Array.from(data, cb)`, `async.each(data, cb)`, `_.map(data, cb)`: a callback beside the data. */
function callBackWith(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  name: string,
  position: number,
  path: AccessPath,
): void {
  if (position !== 0 || !(CALLS_BACK.has(name) || name === 'from' || name === 'each')) return;
  const { tree } = unit;
  const callback = children(tree, call, Role.Argument)[1];
  if (callback === undefined) return;
  handTo(follower, edge, unit, callback, 0, under(path, undefined), call);
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
  for (const fn of follower.origins.functionsOf(follower.point(unit, callback))) {
    intoParameter(follower, edge, fn, parameter, path, follower.point(unit, call));
  }
}

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
  const dressed = methodResult(name, path);
  if (dressed !== undefined) {
    const transform = DRESSES.get(name) ?? textTransform(unit, name, list[0]);
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
function methodResult(name: string, path: AccessPath): AccessPath | undefined {
  if (path === WHOLE) return WHOLE;
  switch (name) {
    case 'get':
    case 'find':
    case 'pop':
    case 'shift':
    case 'at':
    case 'getItem':
    case 'next':
      return under(path, undefined);
    case 'join':
    case 'toString':
      return isPrintable(path) || path === ANY ? WHOLE : undefined;
    case 'json':
    case 'text':
    case 'getAll':
      return path;
    default:
      return path;
  }
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
  const result = RESULT_OF_CALLBACK.get(name);
  if (tree.kind[call] !== Kind.Call || result === undefined) return;
  const inner = result === 'element' ? within(ANY, path) : path;
  follower.value(edge, unit, call, inner, undefined);
  if (name === 'reduce' || name === 'reduceRight') {
    intoParameter(follower, edge, follower.point(unit, fn), 0, path, follower.point(unit, call));
  }
}
