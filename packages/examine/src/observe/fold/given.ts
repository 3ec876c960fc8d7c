import {
  child,
  children,
  declarationsOf,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { Script } from '../script.ts';
import { directCall } from './direct.ts';
import type { Folder } from './fold.ts';
import { eitherOf, HOLE, isList, MAX_ALTERNATIVES, type Value } from './value.ts';

/** Methods that call their first argument for each item of a list. */
const EACH_ITEM: ReadonlySet<string> = new Set([
  ...['every', 'filter', 'find', 'flatMap', 'forEach', 'map', 'some'],
]);

/** Calls of one function that are looked at. */
const MAX_CALLS = 40;

/** The items of a constant list that a variable takes in turn: of `list.map((item) => …)`, `for (const item of list)`. */
export function itemsTaken(
  folder: Folder,
  binding: number,
): readonly (Value | undefined)[] | undefined {
  const { script } = folder;
  const { tree, scopes } = script;
  const declared = binding < 0 ? undefined : declarationsOf(scopes, binding)[0];
  if (declared === undefined) return undefined;
  const holder = tree.parent[declared]!;
  let list = -1;
  if (tree.role[declared] === Role.Param && isFunction(tree, holder)) {
    const call = tree.parent[holder]!;
    const callee = call + 1;
    const isFirst = children(tree, holder, Role.Param)[0] === declared;
    if (!isFirst || tree.kind[call] !== Kind.Call || tree.kind[callee] !== Kind.Member)
      return undefined;
    if (tree.role[holder] !== Role.Argument || !EACH_ITEM.has(folder.key(callee) ?? ''))
      return undefined;
    list = child(tree, callee, Role.Object);
  } else if (tree.kind[holder] === Kind.VariableDeclarator) {
    const loop = tree.parent[tree.parent[holder]!]!;
    if (tree.kind[loop] !== Kind.ForOf || child(tree, holder, Role.Init) >= 0) return undefined;
    list = child(tree, loop, Role.Right);
  }
  const value = list < 0 ? undefined : folder.value(list);
  return isList(value) ? value : undefined;
}

/**
 * The texts that a parameter is given by the calls of its function, `…` among
 * them where there may be more; undefined when none is known.
 */
export function textsGiven(folder: Folder, binding: number): string | undefined {
  const { script } = folder;
  const { tree, scopes } = script;
  const [declared] = declarationsOf(scopes, binding);
  if (declared === undefined || tree.role[declared] !== Role.Param) return undefined;
  const fn = tree.parent[declared]!;
  const own = isFunction(tree, fn) ? nameBinding(script, fn) : -1;
  if (own < 0) return undefined;
  const index = children(tree, fn, Role.Param).indexOf(declared);
  const texts = new Set<string>();
  let isMore = tree.kind[tree.parent[fn]!] === Kind.ExportNamed;
  let calls = 0;
  for (const reference of referencesOf(scopes, own)) {
    const args = argumentsOf(folder, reference);
    if (args === undefined) {
      isMore = true;
      continue;
    }
    calls += 1;
    if (calls > MAX_CALLS) return undefined;
    const node = args[index];
    const isSpread = args.some((each) => tree.kind[each] === Kind.Spread);
    const value = node === undefined || isSpread ? undefined : folder.value(node);
    if (typeof value === 'string') texts.add(value);
    else isMore = true;
    if (texts.size > MAX_ALTERNATIVES) return undefined;
  }
  if (texts.size === 0) return undefined;
  return eitherOf(isMore ? [...texts, HOLE] : texts);
}

/** The arguments of a call of what `reference` names, there or by a function that calls what it is given. */
function argumentsOf(folder: Folder, reference: number): readonly number[] | undefined {
  const { tree } = folder.script;
  const call = tree.parent[reference]!;
  if (tree.kind[call] !== Kind.Call) return undefined;
  if (tree.role[reference] === Role.Callee) return children(tree, call, Role.Argument);
  const fn = folder.functionAt(child(tree, call, Role.Callee));
  const direct = fn < 0 ? undefined : directCall(folder, call, fn);
  return direct?.callee === reference ? direct.args : undefined;
}

/** The only name that a function is called by; -1 when it has none. */
function nameBinding(script: Script, fn: number): number {
  const { tree, scopes } = script;
  if (tree.kind[fn] === Kind.FunctionDeclaration) {
    const id = child(tree, fn, Role.Id);
    return id < 0 ? -1 : scopes.bindingOf[id]!;
  }
  const parent = tree.parent[fn]!;
  const isConstant = tree.kind[parent] === Kind.VariableDeclarator && tree.role[fn] === Role.Init;
  if (!isConstant) return -1;
  const isConst = nameOf(tree, tree.parent[parent]!) === 'const';
  return isConst ? script.bindingAt(parent + 1) : -1;
}
