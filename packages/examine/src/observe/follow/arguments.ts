import { child, children, isFunction, Kind, nameOf, Role } from '@avow/formats/script';
import { directCall } from '../fold/direct.ts';
import { originOf } from '../fold/origin.ts';
import type { Follower } from './follower.ts';
import type { Held } from './value.ts';

/** Gives its argument back, or a function like it: by where they come from, else by name. */
const PASSES: ReadonlySet<string> = new Set([
  'Object.freeze',
  'Object.seal',
  'Object.create',
  'Object.setPrototypeOf',
  'Object.defineProperty',
  'Promise.all',
  'Promise.resolve',
  'Promise.race',
  'Promise.any',
  'util.promisify',
  'util.callbackify',
  'util.deprecate',
]);
const PASSES_BY_NAME =
  /^(promisify|promisifyAll|pify|denodeify|callbackify|_*(interop|import(Star|Default)|toESM|toModule|interopRequire).*)$/;

/** Methods that will call their argument. */
const METHODS_CALL_LATER: ReadonlySet<string> = new Set([
  'then',
  'catch',
  'map',
  'forEach',
  'filter',
  'flatMap',
  'some',
  'every',
]);

/** Functions, and the methods that give them, that will call their argument. */
const CALLS_LATER: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'nextTick',
]);

/** Nodes of a helper that are looked through for `__esModule`. */
const MAX_HELPER_NODES = 400;

/** What holds `held` is given to a call as an argument. */
export function passArgument(follower: Follower, call: number, node: number, held: Held): void {
  // What other files export is followed by name alone: most of it stands for nothing.
  if (held.symbol.isLink && held.symbol.linkParts > 0) return;
  const { script, folder } = follower;
  const { tree } = script;
  const callee = child(tree, call, Role.Callee);
  const args = children(tree, call, Role.Argument);
  const index = args.indexOf(node);
  const name = tree.kind[callee] === Kind.Member ? folder.key(callee) : nameOf(tree, callee);
  const fn = folder.functionAt(callee);
  if (fn >= 0) {
    const direct = directCall(folder, call, fn);
    if (direct?.callee === node) {
      follower.invoke(call, held, direct.args);
      return;
    }
    if (isInterop(follower, fn)) follower.reach(call, held);
    else if (passParameter(follower, call, fn, index, held, isFunction(tree, callee))) return;
    follower.sink(node, held);
    return;
  }
  const origin = originOf(script, callee);
  if (
    (origin !== undefined && PASSES.has(origin)) ||
    (name !== undefined && PASSES_BY_NAME.test(name))
  ) {
    follower.reach(call, held);
    return;
  }
  if (name === 'then' && isFunction(tree, node) && held.path[0] === '()') {
    follower.reach(call, { ...held, path: held.path.slice(1) });
    return;
  }
  if (name === 'n' && args.length === 1 && held.symbol.isRoot) {
    // webpack's `__webpack_require__.n(module)`: a function that gives the module.
    follower.reach(call, { ...held, path: ['()', ...held.path] });
    follower.reach(call, { ...held, path: ['a', ...held.path] });
    return;
  }
  if (passOrigin(follower, origin, call, args, index, held)) return;
  const isMethod = tree.kind[callee] === Kind.Member;
  const isCalledLater =
    name !== undefined && (CALLS_LATER.has(name) || (isMethod && METHODS_CALL_LATER.has(name)));
  if (isCalledLater && index === 0) {
    follower.calledLater(call, node, held);
    return;
  }
  follower.sink(node, held);
}

function passOrigin(
  follower: Follower,
  origin: string | undefined,
  call: number,
  args: readonly number[],
  index: number,
  held: Held,
): boolean {
  const { folder } = follower;
  switch (origin) {
    case 'Object.assign':
      follower.reach(call, held);
      if (index > 0) {
        follower.sink(args[index]!, held);
        follower.assign(args[0]!, held);
        exportAll(follower, args[0]!, held);
      }
      return true;
    case 'Reflect.get':
      if (index === 0 && held.path.length === 0)
        follower.take(call, folder.text(args[1] ?? -1), held);
      return index === 0;
    case 'Reflect.apply':
    case 'Reflect.construct': {
      if (index !== 0) return false;
      const list = args[origin === 'Reflect.apply' ? 2 : 1];
      const { tree } = follower.script;
      const listed = list !== undefined && tree.kind[list] === Kind.Array;
      follower.invoke(call, held, listed ? children(tree, list) : undefined);
      return true;
    }
    default:
      return false;
  }
}

/** `Object.assign(module.exports, …)`. */
function exportAll(follower: Follower, target: number, held: Held): void {
  if (originOf(follower.script, target) === 'module.exports') follower.export('', held);
}

/** True when the parameter is followed: what becomes of it is told there. */
function passParameter(
  follower: Follower,
  call: number,
  fn: number,
  index: number,
  held: Held,
  isOnlyCall: boolean,
): boolean {
  const { tree } = follower.script;
  const param = children(tree, fn, Role.Param)[index];
  if (param === undefined || (!isOnlyCall && held.context >= 0)) return false;
  follower.assign(param, isOnlyCall ? held : { ...held, context: call });
  return tree.kind[param] !== Kind.Rest;
}

/** A transpiler's helper that wraps a module so that it has a `default`: it speaks of `__esModule`. */
function isInterop(follower: Follower, fn: number): boolean {
  const { tree } = follower.script;
  const end = Math.min(tree.next[fn]!, fn + MAX_HELPER_NODES);
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] === Kind.Member && nameOf(tree, at) === '__esModule') return true;
  }
  return false;
}
