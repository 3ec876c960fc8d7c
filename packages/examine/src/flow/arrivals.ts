import type { FeatureId } from '@avow/declare/vocabulary';
import { child, children, Kind, nameOf, Role } from '@avow/formats/script';
import type { Connections, Destination } from './connections.ts';
import { LISTENS } from './models.ts';
import { type Point, pointOf } from './point.ts';
import type { Unit } from './program.ts';

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
 * of a method on what it gave, as a value assigned to one, or piped into one.
 */
export function arrivalsOf(connections: Connections, unit: Unit, node: number): Arrival[] {
  const { tree } = unit;
  const parent = tree.parent[node]!;
  if (parent < 0) return [];
  const at = connections.destinationsOf(unit);
  const role = tree.role[node];
  const kind = tree.kind[parent];
  if (kind === Kind.Assignment && role === Role.Right) {
    return named(unit, at.get(parent) ?? at.get(child(tree, parent, Role.Left)), parent, -1);
  }
  if (kind === Kind.Member && tree.role[parent] === Role.Callee)
    return piped(connections, unit, parent);
  const isArgument = (kind === Kind.Call || kind === Kind.New) && role === Role.Argument;
  if (!isArgument) return [];
  const list = children(tree, parent, Role.Argument);
  const position = list.indexOf(node);
  const direct = at.get(parent) ?? at.get(parent + 1);
  if (direct !== undefined) {
    const taking = direct.filter((one) => takesData(one.feature, position));
    return named(unit, taking, parent, position);
  }
  const method = nameOf(tree, parent + 1) ?? '';
  if (method === 'pipeline') {
    const later = list.slice(position + 1).flatMap((one) => connections.of(unit, one));
    return named(unit, later, parent, position);
  }
  if (kind !== Kind.Call || tree.kind[parent + 1] !== Kind.Member || NOT_HANDING.has(method))
    return [];
  return named(unit, connections.of(unit, parent + 2), parent, position);
}

/** `data.pipe(connection)`, where the member is `data.pipe`. */
function piped(connections: Connections, unit: Unit, member: number): Arrival[] {
  const name = nameOf(unit.tree, member);
  if (name !== 'pipe' && name !== 'pipeTo') return [];
  const call = unit.tree.parent[member]!;
  const target = child(unit.tree, call, Role.Argument);
  return target < 0 ? [] : named(unit, connections.of(unit, target), call, 0);
}

function named(
  unit: Unit,
  destinations: readonly Destination[] | undefined,
  node: number,
  position: number,
): Arrival[] {
  return (destinations ?? []).map((destination) => ({
    destination,
    point: pointOf(unit.module, node),
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
