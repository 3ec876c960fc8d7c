import { child, Kind, nameOf, Role } from '@avow/formats';
import { accessIn, MAX_NODES, shiftedIndex } from './access.ts';
import type { Folder } from './fold.ts';
import { binary, numberOf, unary } from './operators.ts';
import { returnedBy } from './returned.ts';
import type { Value } from './value.ts';

type List = readonly (Value | undefined)[];

/** What one turn counts as, in steps of folding. */
const TURN_STEPS = 64;

/** Functions that only hand an index on to the next. */
const MAX_WRAPPERS = 4;

/**
 * The list, turned as often as it takes until a checksum fits:
 *
 * `while (true) { try { const f = -parseInt(get(1)) / 1 + …; if (f === sum) break;
 * else list.push(list.shift()); } catch { list.push(list.shift()); } }`
 *
 * Undefined where no turn fits: the texts may be encrypted besides.
 */
export function turnedByChecksum(
  folder: Folder,
  fn: number,
  sum: number,
  list: List,
): List | undefined {
  const checksum = checksumIn(folder, fn);
  if (checksum < 0) return undefined;
  for (let turn = 0; turn < list.length && folder.budget.take(TURN_STEPS); turn += 1) {
    const turned = { folder, list, turn };
    if (valueIn(turned, checksum, new Map(), 0) !== sum) continue;
    return [...list.slice(turn), ...list.slice(0, turn)];
  }
  return undefined;
}

/** The first variable's value that parses numbers; -1 when there is none. */
function checksumIn({ script }: Folder, fn: number): number {
  const { tree } = script;
  const end = Math.min(tree.next[fn]!, fn + MAX_NODES);
  for (let at = fn; at < end; at += 1) {
    if (tree.kind[at] !== Kind.Call || script.globalName(at + 1) !== 'parseInt') continue;
    let above = at;
    while (above > fn && tree.kind[above] !== Kind.VariableDeclarator) above = tree.parent[above]!;
    return above > fn ? child(tree, above, Role.Init) : -1;
  }
  return -1;
}

interface Turned {
  readonly folder: Folder;
  readonly list: List;
  readonly turn: number;
}

/** Values of parameters, by binding. */
type Given = ReadonlyMap<number, Value | undefined>;

function valueIn(turned: Turned, node: number, given: Given, depth: number): Value | undefined {
  const { folder } = turned;
  const { tree } = folder.script;
  switch (tree.kind[node]) {
    case Kind.Binary: {
      const left = valueIn(turned, node + 1, given, depth);
      const right = valueIn(turned, tree.next[node + 1]!, given, depth);
      return binary(nameOf(tree, node)!, left, right);
    }
    case Kind.Unary:
      return unary(nameOf(tree, node)!, valueIn(turned, node + 1, given, depth));
    case Kind.Call:
      return callIn(turned, node, given, depth);
    case Kind.Identifier: {
      const binding = folder.script.bindingAt(node);
      return given.has(binding) ? given.get(binding) : folder.value(node);
    }
    default:
      return folder.value(node);
  }
}

function callIn(turned: Turned, call: number, given: Given, depth: number): Value | undefined {
  const { folder, list, turn } = turned;
  const { script } = folder;
  const { tree } = script;
  const args: (Value | undefined)[] = [];
  for (let at = tree.next[call + 1]!; at < tree.next[call]!; at = tree.next[at]!) {
    args.push(valueIn(turned, at, given, depth));
  }
  if (script.globalName(call + 1) === 'parseInt') {
    return typeof args[0] === 'string' ? Number.parseInt(args[0], 10) : undefined;
  }
  const fn = script.functionAt(call + 1);
  if (fn < 0 || depth >= MAX_WRAPPERS) return undefined;
  const access = accessIn(script, fn);
  if (access === undefined) {
    const returned = returnedBy(folder.script.tree, fn);
    return returned < 0
      ? undefined
      : valueIn(turned, returned, paramsOf(script, fn, args), depth + 1);
  }
  const index = numberOf(args[0]);
  const at = index === undefined ? undefined : shiftedIndex(folder, access, index);
  return at === undefined || at < 0 ? undefined : list[(at + turn) % list.length];
}

function paramsOf(
  script: Folder['script'],
  fn: number,
  args: readonly (Value | undefined)[],
): Given {
  const { tree } = script;
  const given = new Map<number, Value | undefined>();
  let index = 0;
  for (let at = fn + 1; at < tree.next[fn]!; at = tree.next[at]!) {
    if (tree.role[at] !== Role.Param) continue;
    given.set(script.bindingAt(at), args[index]);
    index += 1;
  }
  return given;
}
