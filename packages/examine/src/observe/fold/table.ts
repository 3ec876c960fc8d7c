import { children, Flag, Kind, nameOf, Role, referencesOf } from '@avow/formats/script';
import type { Script } from '../script.ts';
import { accessIn, MAX_NODES, shiftedIndex } from './access.ts';
import { turnedByChecksum } from './checksum.ts';
import type { Folder } from './fold.ts';
import { numberOf } from './operators.ts';
import { isList, type Value } from './value.ts';

/** Rotations of a string table that are tried before it counts as unknown. */
const MAX_ROTATIONS = 1 << 12;

/**
 * What an accessor of a string table gives, in the form that obfuscators
 * write: `function get(i) { i = i - 0x1a; var s = table[i]; return s; }`, where
 * the table is a list, or a function that returns one and replaces itself.
 */
export function callOfTable(
  folder: Folder,
  fn: number,
  args: readonly number[],
): Value | undefined {
  const access = args.length === 0 ? undefined : accessIn(folder.script, fn);
  if (access === undefined) return undefined;
  const index = folder.value(args[0]!);
  const at = numberOf(index);
  if (at === undefined) return undefined;
  const list = keptTable(folder, access.table);
  if (list === undefined) return undefined;
  const shifted = shiftedIndex(folder, access, at);
  if (shifted === undefined) return undefined;
  const text = list[shifted];
  return typeof text === 'string' ? text : undefined;
}

type Table = readonly (Value | undefined)[] | undefined;

/** By the node that names the table in its accessor. */
const TABLES = new WeakMap<Folder, Map<number, Table>>();

function keptTable(folder: Folder, node: number): Table {
  let tables = TABLES.get(folder);
  if (tables === undefined) TABLES.set(folder, (tables = new Map()));
  if (!tables.has(node)) {
    // A table whose turning asks for its own texts is asked for while it is being read.
    tables.set(node, undefined);
    tables.set(node, tableOf(folder, node));
  }
  return tables.get(node);
}

/** The list behind a name, rotated as the script does before it uses it. */
function tableOf(folder: Folder, node: number): readonly (Value | undefined)[] | undefined {
  const { script } = folder;
  const direct = folder.value(node);
  if (isList(direct)) return rotated(folder, script.bindingAt(node), direct);
  const binding = script.bindingAt(node);
  const definition = binding < 0 ? undefined : script.definitionOf(binding);
  if (definition === undefined || script.tree.kind[definition.node] !== Kind.Call) return undefined;
  const maker = script.functionAt(definition.node + 1);
  if (maker < 0) return undefined;
  const list = listIn(folder, maker);
  return list === undefined
    ? undefined
    : rotated(folder, script.bindingAt(definition.node + 1), list);
}

/** The first list of texts in a function that returns its table. */
function listIn(folder: Folder, fn: number): readonly (Value | undefined)[] | undefined {
  const { tree } = folder.script;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] !== Kind.Array) continue;
    const value = folder.value(at);
    return isList(value) ? value : undefined;
  }
  return undefined;
}

/**
 * `(function (list, n) { while (--n) list.push(list.shift()) })(table, 0x1a3)`:
 * the count is constant and the table turned by it. The newer form turns the
 * table until a checksum of parsed items fits. What is neither leaves the
 * texts not known rather than wrong.
 */
function rotated(
  folder: Folder,
  binding: number,
  list: readonly (Value | undefined)[],
): readonly (Value | undefined)[] | undefined {
  const { script } = folder;
  const { tree } = script;
  if (binding < 0 || list.length === 0) return list;
  for (const reference of referencesOf(script.scopes, binding)) {
    const call = tree.parent[reference]!;
    if (tree.role[reference] !== Role.Argument || tree.kind[call] !== Kind.Call) continue;
    const fn = script.functionAt(call + 1);
    if (fn < 0 || !turns(script, fn)) continue;
    const [, count] = children(tree, call, Role.Argument);
    const times = count === undefined ? undefined : folder.number(count);
    const condition = loopCondition(script, fn);
    if (times !== undefined && condition === undefined) {
      return turnedByChecksum(folder, fn, times, list);
    }
    if (times === undefined || condition === undefined || times > MAX_ROTATIONS) return undefined;
    const counted = times + (countsUp(script, fn) ? 1 : 0);
    const turned = (condition === 'before' ? Math.max(0, counted - 1) : counted) % list.length;
    return [...list.slice(turned), ...list.slice(0, turned)];
  }
  return list;
}

/** Whether a function pushes what it shifts. */
function turns(script: Script, fn: number): boolean {
  const { tree } = script;
  let isShifting = false;
  let isPushing = false;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; at < end; at += 1) {
    const text =
      tree.kind[at] === Kind.Member || tree.kind[at] === Kind.String ? nameOf(tree, at) : undefined;
    if (text === 'shift') isShifting = true;
    if (text === 'push') isPushing = true;
  }
  return isShifting && isPushing;
}

/** `turn(++n)`: one more than is written. */
function countsUp(script: Script, fn: number): boolean {
  const { tree } = script;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] !== Kind.Update || nameOf(tree, at) !== '++') continue;
    return (tree.flags[at]! & Flag.Prefix) !== 0 && tree.role[at] === Role.Argument;
  }
  return false;
}

/** `while (--n)` counts before, `while (n--)` after; anything else is another form. */
function loopCondition(script: Script, fn: number): 'before' | 'after' | undefined {
  const { tree } = script;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] !== Kind.While) continue;
    const test = at + 1;
    if (tree.kind[test] !== Kind.Update || nameOf(tree, test) !== '--') return undefined;
    return (tree.flags[test]! & Flag.Prefix) !== 0 ? 'before' : 'after';
  }
  return undefined;
}
