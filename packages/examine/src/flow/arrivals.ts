import type { FeatureId } from '@avow/declare';
import { child, children, Kind, nameOf, Role } from '@avow/formats';
import type { ModuleFeature } from '../observe/reading.ts';
import { LISTENS } from './models.ts';
import type { Point } from './point.ts';
import type { Unit } from './program.ts';

/** A place where data may leave: a destination that was found in a module, at its node. */
export interface Destination {
  readonly feature: FeatureId;
  readonly found: ModuleFeature;
}

/** Data that reached a destination. */
export interface Arrival {
  readonly destination: Destination;
  /** Where it is handed over: the call itself, or a later `write` on what the call gave. */
  readonly point: Point;
  /** Argument position; -1 for an assigned value. */
  readonly position: number;
}

/** Methods of a connection that are not handing over. */
const NOT_HANDING = new Set([
  ...LISTENS,
  ...[
    'setTimeout',
    'setEncoding',
    'off',
    'removeListener',
    'destroy',
    'close',
    'abort',
    'catch',
    'then',
  ],
  ...['listen', 'use', 'get', 'setNoDelay', 'setKeepAlive', 'finally', 'toString'],
]);

/**
 * Where a value stands that is data: as an argument of a destination's call,
 * of a method on what it gave, or as a value assigned to one.
 *
 * @param at Destinations by the node of the module that they were found at.
 */
export function arrivalsOf(
  unit: Unit,
  node: number,
  at: ReadonlyMap<number, readonly Destination[]>,
): Arrival[] {
  const { tree } = unit;
  const parent = tree.parent[node]!;
  if (parent < 0) return [];
  const role = tree.role[node];
  const kind = tree.kind[parent];
  if (kind === Kind.Assignment && role === Role.Right) {
    return named(unit, at.get(child(tree, parent, Role.Left)), parent, -1);
  }
  const isArgument = (kind === Kind.Call || kind === Kind.New) && role === Role.Argument;
  if (!isArgument) return [];
  const position = children(tree, parent, Role.Argument).indexOf(node);
  const direct = at.get(parent) ?? at.get(parent + 1);
  if (direct !== undefined) {
    return named(
      unit,
      direct.filter((one) => takesData(one.feature, position)),
      parent,
      position,
    );
  }
  const method = nameOf(tree, parent + 1) ?? '';
  if (kind !== Kind.Call || tree.kind[parent + 1] !== Kind.Member || NOT_HANDING.has(method))
    return [];
  return handedOver(unit, parent + 2, at, parent, position, 0);
}

function named(
  unit: Unit,
  destinations: readonly Destination[] | undefined,
  node: number,
  position: number,
): Arrival[] {
  return (destinations ?? []).map((destination) => ({
    destination,
    point: unit.module * 2 ** 27 + node,
    position,
  }));
}

/** A path or a port is where it goes, not what goes. */
function takesData(feature: FeatureId, position: number): boolean {
  switch (feature) {
    case 'file.write':
      return position > 0;
    case 'net.listen':
      return false;
    default:
      return true;
  }
}

/** What a connection's methods hand over goes to where the connection was made to. */
function handedOver(
  unit: Unit,
  receiver: number,
  at: ReadonlyMap<number, readonly Destination[]>,
  call: number,
  position: number,
  depth: number,
): Arrival[] {
  const { tree, scopes } = unit;
  if (depth > 6) return [];
  const found = at.get(receiver) ?? at.get(receiver + 1);
  const isMade = tree.kind[receiver] === Kind.Call || tree.kind[receiver] === Kind.New;
  if (isMade && found !== undefined) {
    return named(
      unit,
      found.filter((one) => isConnection(one.feature)),
      call,
      position,
    );
  }
  if (isMade && tree.kind[receiver + 1] === Kind.Member) {
    return handedOver(unit, receiver + 2, at, call, position, depth + 1);
  }
  if (tree.kind[receiver] !== Kind.Identifier) return [];
  const binding = scopes.bindingOf[receiver]!;
  if (binding < 0) return [];
  const name = scopes.declarations[scopes.declarationsFrom[binding]!];
  const declarator = name === undefined ? -1 : tree.parent[name]!;
  if (declarator < 0 || tree.kind[declarator] !== Kind.VariableDeclarator) return [];
  let made = child(tree, declarator, Role.Init);
  while (made >= 0 && tree.kind[made] === Kind.Await) made += 1;
  return made < 0 ? [] : handedOver(unit, made, at, call, position, depth + 1);
}

/** Destinations whose call gives something to write to. */
function isConnection(feature: FeatureId): boolean {
  return (
    feature.startsWith('net.') ||
    feature === 'ipc.local' ||
    feature === 'exec.spawn' ||
    feature === 'file.write'
  );
}
