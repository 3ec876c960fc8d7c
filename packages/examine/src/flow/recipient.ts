import {
  BindingKind,
  child,
  children,
  Kind,
  nameOf,
  Role,
  stringValue,
} from '@avow/formats/script';
import type { Follower } from './follower.ts';
import { firstValue } from './made.ts';
import { moduleOf, nodeIn, type Point, pointOf } from './point.ts';
import type { Unit } from './program.ts';

/** Names and calls between a destination and where its address is written. */
const MAX_DEPTH = 8;

/** Options that name a host or hold a whole address, most telling first. */
const ADDRESSES = ['hostname', 'host', 'url', 'uri', 'href', 'baseURL'];

/**
 * The host that a destination's call names by a parameter of the functions
 * that the data came through: told by those very calls, where the feature
 * alone can tell nothing. Undefined where it does not fold.
 *
 * @param calls The calls on the flow's path.
 */
export function recipientOf(
  follower: Follower,
  destination: Point,
  calls: ReadonlySet<Point>,
): string | undefined {
  const unit = follower.program.unit(moduleOf(destination))!;
  const call = callAt(unit, nodeIn(destination));
  return call === undefined
    ? undefined
    : (ofArguments(follower, unit, call, calls) ?? ofClient(follower, unit, call, calls));
}

/** The host that the client of a request was made for: `axios.create({ baseURL })`. */
function ofClient(
  follower: Follower,
  unit: Unit,
  call: number,
  calls: ReadonlySet<Point>,
): string | undefined {
  const { tree } = unit;
  if (tree.kind[call + 1] !== Kind.Member) return undefined;
  for (const { kind, point } of follower.origins.of(pointOf(unit.module, call + 2))) {
    const other = kind === 'node' ? follower.program.unit(moduleOf(point)) : undefined;
    const made = nodeIn(point);
    if (other === undefined || (other === unit && made === call)) continue;
    const isMade = other.tree.kind[made] === Kind.Call || other.tree.kind[made] === Kind.New;
    const host = isMade ? ofArguments(follower, other, made, calls) : undefined;
    if (host !== undefined) return host;
  }
  return undefined;
}

function ofArguments(
  follower: Follower,
  unit: Unit,
  call: number,
  calls: ReadonlySet<Point>,
): string | undefined {
  const { tree } = unit;
  for (const argument of children(tree, call, Role.Argument).slice(0, 2)) {
    if (tree.kind[argument] === Kind.Object) {
      for (const key of ADDRESSES) {
        const host = hostOf(folded(follower, unit, property(unit, argument, key), calls, 0), key);
        if (host !== undefined) return host;
      }
    } else {
      const host = hostOf(folded(follower, unit, argument, calls, 0), 'url');
      if (host !== undefined) return host;
    }
  }
  return undefined;
}

function callAt({ tree }: Unit, node: number): number | undefined {
  const isCall = tree.kind[node] === Kind.Call || tree.kind[node] === Kind.New;
  if (isCall) return node;
  return tree.role[node] === Role.Callee ? tree.parent[node] : undefined;
}

function property({ tree }: Unit, object: number, key: string): number {
  for (const one of children(tree, object, Role.Property)) {
    if (nameOf(tree, one) === key) return child(tree, one, Role.Value);
  }
  return -1;
}

/** The text that an expression begins with, as far as it is known. */
function folded(
  follower: Follower,
  unit: Unit,
  node: number,
  calls: ReadonlySet<Point>,
  depth: number,
): string | undefined {
  const { tree } = unit;
  if (node < 0 || depth > MAX_DEPTH) return undefined;
  const at = (one: number): string | undefined => folded(follower, unit, one, calls, depth + 1);
  const constant = stringValue(tree, node);
  if (constant !== undefined) return constant;
  switch (tree.kind[node]) {
    case Kind.Template:
      return tree.kind[node + 1] === Kind.TemplateElement && nameOf(tree, node + 1) !== ''
        ? nameOf(tree, node + 1)
        : at(children(tree, node)[1] ?? -1);
    case Kind.Binary:
      return at(node + 1);
    case Kind.New:
      return nameOf(tree, node + 1) === 'URL' ? at(child(tree, node, Role.Argument)) : undefined;
    case Kind.Member:
      return /^(?:href|url)$/.test(nameOf(tree, node) ?? '') ? at(node + 1) : undefined;
    case Kind.Identifier: {
      const init = firstValue(unit, node);
      return init < 0 ? argumentText(follower, unit, node, calls, depth) : at(init);
    }
    default:
      return undefined;
  }
}

/** The text that the path's own call gives to a parameter. */
function argumentText(
  follower: Follower,
  unit: Unit,
  name: number,
  calls: ReadonlySet<Point>,
  depth: number,
): string | undefined {
  const { tree, scopes } = unit;
  const binding = scopes.bindingOf[name]!;
  if (binding < 0 || scopes.bindingKind[binding] !== BindingKind.Param) return undefined;
  const declared = scopes.declarations[scopes.declarationsFrom[binding]!]!;
  if (tree.role[declared] !== Role.Param) return undefined;
  const fn = tree.parent[declared]!;
  const position = children(tree, fn, Role.Param).indexOf(declared);
  const callers = follower.callers.of(pointOf(unit.module, fn));
  for (const caller of callers) {
    if (callers.length > 1 && !calls.has(caller.point)) continue;
    const argument = caller.argument(position);
    const other = argument === undefined ? undefined : follower.program.unit(moduleOf(argument));
    if (other === undefined) continue;
    const text = folded(follower, other, nodeIn(argument!), calls, depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The host of a text that holds all of it. */
function hostOf(text: string | undefined, key: string): string | undefined {
  if (text === undefined) return undefined;
  const whole = /^(?:https?|wss?|ftp):\/\/([^/?#:@\s]+)(?:[:/?#]|$)/i.exec(text)?.[1];
  if (whole !== undefined) return whole.toLowerCase();
  const isName = key === 'host' || key === 'hostname';
  return isName && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text) ? text.toLowerCase() : undefined;
}
