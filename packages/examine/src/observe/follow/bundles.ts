import {
  child,
  children,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
  textOf,
} from '@avow/formats/script';
import type { Script } from '../script.ts';

/**
 * The calls that load a bundled module, when `at` is the `module` parameter of
 * that module's function: `{ 123: (module, exports, require) => { module.exports = … } }`
 * and `require(123)` in its siblings (webpack, browserify and their minified forms).
 */
export function bundleUses(script: Script, at: number): number[] {
  const { tree, scopes } = script;
  const binding = script.bindingAt(at);
  if (binding < 0) return [];
  const declared = scopes.declarations[scopes.declarationsFrom[binding]!];
  if (declared === undefined || tree.role[declared] !== Role.Param) return [];
  const fn = tree.parent[declared]!;
  const id = moduleId(script, fn);
  return id === undefined ? [] : (indexOf(script, id.table).get(id.key) ?? []);
}

interface ModuleId {
  readonly table: number;
  readonly key: string;
}

function moduleId(script: Script, fn: number): ModuleId | undefined {
  const { tree } = script;
  const holder = tree.parent[fn]!;
  if (tree.kind[holder] === Kind.Property) {
    const key = nameOf(tree, holder);
    return key === undefined ? undefined : { table: tree.parent[holder]!, key };
  }
  if (tree.kind[holder] !== Kind.Array) return undefined;
  return { table: holder, key: String(children(tree, holder).indexOf(fn)) };
}

const INDEXES = new WeakMap<Script, Map<number, Map<string, number[]>>>();

/** Calls of the loaders that the table's functions take, by the id they ask for. */
function indexOf(script: Script, table: number): Map<string, number[]> {
  let tables = INDEXES.get(script);
  if (tables === undefined) INDEXES.set(script, (tables = new Map()));
  let index = tables.get(table);
  if (index === undefined) tables.set(table, (index = loaderCalls(script, table)));
  return index;
}

function loaderCalls(script: Script, table: number): Map<string, number[]> {
  const { tree, scopes } = script;
  const calls = new Map<string, number[]>();
  for (const entry of children(tree, table)) {
    const fn = tree.kind[entry] === Kind.Property ? child(tree, entry, Role.Value) : entry;
    if (fn < 0 || !isFunction(tree, fn)) continue;
    for (const param of children(tree, fn, Role.Param)) {
      const binding = script.bindingAt(param);
      if (binding < 0) continue;
      for (const reference of referencesOf(scopes, binding)) addCall(script, reference, calls);
    }
  }
  return calls;
}

function addCall(script: Script, reference: number, calls: Map<string, number[]>): void {
  const { tree } = script;
  const call = tree.parent[reference]!;
  if (tree.role[reference] !== Role.Callee || tree.kind[call] !== Kind.Call) return;
  const argument = child(tree, call, Role.Argument);
  const kind = argument < 0 ? undefined : tree.kind[argument];
  if (kind !== Kind.String && kind !== Kind.Number) return;
  const id = kind === Kind.String ? nameOf(tree, argument)! : textOf(tree, argument);
  const known = calls.get(id);
  if (known === undefined) calls.set(id, [call]);
  else known.push(call);
}
