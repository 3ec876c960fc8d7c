import { child, children, Kind, nameOf, Role, stringValue } from '@avow/formats/script';
import {
  type AccessPath,
  ANY,
  ELEMENT,
  firstKey,
  isIndex,
  isPrintable,
  under,
  WHOLE,
  within,
} from './access.ts';
import { bindCall, type Callee, calleeOf } from './callee.ts';
import type { Follower } from './follower.ts';
import { encryptsOn, endsOnReceiver, isMadeBy } from './made.ts';
import {
  CALLS_BACK,
  CARRIES,
  carriesByName,
  ENDS_DATA,
  HOLDERS,
  KEEPS,
  TEXT_HOLDERS,
  transformByName,
} from './models.ts';
import { handTo, intoParameter } from './parameters.ts';
import type { Point } from './point.ts';
import type { Unit } from './program.ts';
import { resolvePromises } from './promises.ts';
import { send } from './stations.ts';
import type { Edge } from './tabulation.ts';
import { intoInstanceOf, intoObject } from './targets.ts';

/** Data is an argument of a call: into the product's own function, or by what is known of the name. */
export function argumentGiven(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  argument: number,
  path: AccessPath,
): void {
  const position = children(unit.tree, call, Role.Argument).indexOf(argument);
  send(follower, edge, unit, call, position, path);
  const target = calleeOf(unit, call, position);
  const at = follower.point(unit, target.node);
  if (resolvePromises(follower, edge, at, position, path)) return;
  const functions = calledFunctions(follower, unit, call, at);
  for (const fn of functions) intoCallee(follower, edge, unit, call, fn, target, path);
  if (functions.length === 0 || unit.tree.kind[call + 1] === Kind.Super) {
    intoUnknown(follower, edge, unit, call, position, path);
  }
}

function isNumber(key: string): boolean {
  return key !== ANY && key !== ELEMENT && isIndex(key);
}

/** The product's functions that a call runs: constructors for `new` and `super(…)`. */
function calledFunctions(
  follower: Follower,
  unit: Unit,
  call: number,
  at: Point,
): readonly Point[] {
  if (unit.tree.kind[call] === Kind.New) return follower.origins.constructorsOf(at);
  const isSuper = unit.tree.kind[call + 1] === Kind.Super;
  return isSuper ? follower.origins.superConstructorsOf(at) : follower.origins.functionsOf(at);
}

/** Elements of a spread argument: each into the parameter at its place. */
export function spreadGiven(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  spread: number,
  path: AccessPath,
): void {
  const key = firstKey(path);
  const inner = under(path, undefined) ?? WHOLE;
  const shift = key !== undefined && isNumber(key) ? Number(key) : undefined;
  const position = children(unit.tree, call, Role.Argument).indexOf(spread);
  const functions = calledFunctions(follower, unit, call, follower.point(unit, call + 1));
  const from = follower.point(unit, call);
  for (const fn of functions) {
    const into = position + (shift ?? 0);
    intoParameter(follower, edge, fn, into, inner, from, shift === undefined);
  }
  if (functions.length === 0) intoUnknown(follower, edge, unit, call, position, inner);
}

/** Into the parameter of a function that the argument stands for: by `call`, `apply` and `bind` too. */
function intoCallee(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  fn: Point,
  target: Callee,
  path: AccessPath,
): void {
  const from = follower.point(unit, call);
  switch (target.as) {
    case 'parameter':
      intoParameter(follower, edge, fn, target.position, path, from);
      return;
    case 'this':
      intoInstanceOf(follower, edge, fn, path, call, unit);
      return;
    case 'list': {
      const key = firstKey(path);
      const inner = under(path, undefined);
      if (inner === undefined) return;
      const isKnown = key !== undefined && isNumber(key);
      const position = isKnown ? Number(key) : 0;
      intoParameter(follower, edge, fn, position, inner, from, !isKnown);
      return;
    }
    default:
      target.as satisfies never;
  }
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
    const isText = isPrintable(path) || TEXT_HOLDERS.has(name);
    if (HOLDERS.has(name)) follower.value(edge, unit, call, isText ? WHOLE : path, call);
    return;
  }
  if (name === 'defineProperty') {
    definedProperty(follower, edge, unit, call, position, path);
    return;
  }
  if ((name === 'setTimeout' || name === 'setImmediate' || name === 'nextTick') && position > 0) {
    timerArgument(follower, edge, unit, call, name, position, path);
    return;
  }
  if (isMethod && KEEPS.has(name)) {
    const isPair = name === 'set' || name === 'append' || name === 'setItem' || name === 'field';
    const inner = isPair && position === 0 ? undefined : within(keptKey(unit, call, name), path);
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

/** `Object.defineProperty(o, 'key', { value: data })`; a getter's return comes by itself. */
function definedProperty(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  position: number,
  path: AccessPath,
): void {
  const [object, key] = children(unit.tree, call, Role.Argument);
  const inner = position === 2 ? under(path, 'value') : undefined;
  if (inner === undefined || object === undefined || key === undefined) return;
  const name = stringValue(unit.tree, key) ?? ANY;
  intoObject(follower, edge, unit, object, within(name, inner), call);
}

/** `setTimeout(callback, ms, data)`, `process.nextTick(callback, data)`. */
function timerArgument(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  name: string,
  position: number,
  path: AccessPath,
): void {
  const [callback] = children(unit.tree, call, Role.Argument);
  const parameter = position - (name === 'setTimeout' ? 2 : 1);
  if (parameter >= 0) handTo(follower, edge, unit, callback!, parameter, path, call);
}

/** Methods that put an element into a list or a set. */
const LISTS: ReadonlySet<string> = new Set(['push', 'unshift', 'splice', 'add', 'fill']);

/** The key under which a map keeps what it is given; any for lists, forms and queries. */
function keptKey(unit: Unit, call: number, name: string): string {
  if (LISTS.has(name)) return ELEMENT;
  if (name !== 'set' || !isMadeBy(unit, call + 2, /^(?:Weak)?Map$/)) return ANY;
  const key = child(unit.tree, call, Role.Argument);
  return key < 0 ? ANY : (stringValue(unit.tree, key) ?? ANY);
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
  if (/^create(?:De)?[Cc]ipher/.test(name)) return;
  if (name === 'bind' && bindCall(unit, call)) return;
  if (name === 'stringify' && !isListed(unit, call, path)) return;
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

/** Whether `JSON.stringify(value, [names])` lets the data through; true without a list. */
function isListed({ tree }: Unit, call: number, path: AccessPath): boolean {
  const list = children(tree, call, Role.Argument)[1];
  const key = firstKey(path);
  if (list === undefined || tree.kind[list] !== Kind.Array || key === undefined) return true;
  return children(tree, list, Role.Element).some((one) => {
    const name = stringValue(tree, one);
    return name === undefined || name === key || isIndex(key);
  });
}

/** `Object.entries`, `Promise.all` and their kind move data by a level. */
function carriedPath(name: string, path: AccessPath): AccessPath {
  switch (name) {
    case 'entries':
      return path === WHOLE ? path : within(ELEMENT, within('1', under(path, undefined) ?? WHOLE));
    case 'values':
      return path === WHOLE ? path : within(ELEMENT, under(path, undefined) ?? WHOLE);
    case 'fromEntries':
      return WHOLE;
    case 'race':
    case 'any':
      return under(path, undefined) ?? WHOLE;
    case 'of':
      return within(ELEMENT, path);
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
