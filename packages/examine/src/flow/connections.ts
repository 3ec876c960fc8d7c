import type { FeatureId } from '@avow/declare/vocabulary';
import { BindingKind, children, Kind, nameOf, Role, referencesOf } from '@avow/formats/script';
import type { ModuleFeature } from '../observe/reading.ts';
import { firstValue } from './made.ts';
import type { Origins } from './origins.ts';
import { moduleOf, nodeIn, type Point, pointOf } from './point.ts';
import type { Program, Unit } from './program.ts';

/** A place where data may leave: a destination that was found in a module, at its node. */
export interface Destination {
  readonly feature: FeatureId;
  readonly found: ModuleFeature;
  /** The node that it was found at. */
  readonly at: Point;
}

/** By node of a module. */
export type DestinationsAt = ReadonlyMap<number, readonly Destination[]>;

/** Names, chains and callers between a connection's making and its use. */
const MAX_DEPTH = 6;

/**
 * What an expression is a connection to: a request that was made, a socket, a
 * client that was told where to connect, the response that a server gives.
 */
export class Connections {
  readonly #program: Program;
  readonly #origins: Origins;
  readonly #find: (unit: Unit) => DestinationsAt;

  constructor(program: Program, origins: Origins, find: (unit: Unit) => DestinationsAt) {
    this.#program = program;
    this.#origins = origins;
    this.#find = find;
  }

  destinationsOf(unit: Unit): DestinationsAt {
    return this.#find(unit);
  }

  /** Destinations that what is written to the expression goes to. */
  of(unit: Unit, node: number): readonly Destination[] {
    return this.#of(unit, node, 0).filter(({ feature }) => isConnection(feature));
  }

  #of(unit: Unit, node: number, depth: number): readonly Destination[] {
    const { tree } = unit;
    if (depth > MAX_DEPTH) return [];
    const at = this.#find(unit);
    const kind = tree.kind[node];
    if (kind === Kind.Await) return this.#of(unit, node + 1, depth);
    if (kind === Kind.Call || kind === Kind.New) {
      const found = at.get(node) ?? at.get(node + 1);
      if (found !== undefined) return found;
      const isChain = tree.kind[node + 1] === Kind.Member;
      const chained = isChain ? this.#of(unit, node + 2, depth + 1) : [];
      return chained.length > 0 ? chained : this.#made(unit, node, depth);
    }
    if (kind === Kind.Identifier) {
      const known = at.size === 0 ? [] : this.#named(unit, node, depth);
      if (known.length > 0) return known;
    }
    return kind === Kind.Identifier || kind === Kind.Member ? this.#made(unit, node, depth) : [];
  }

  /** By what a name was first given, was connected by, or is a parameter of. */
  #named(unit: Unit, node: number, depth: number): readonly Destination[] {
    const { scopes } = unit;
    const binding = scopes.bindingOf[node]!;
    if (binding < 0) return [];
    const init = firstValue(unit, node);
    const made = init < 0 ? [] : this.#of(unit, init, depth + 1);
    if (made.length > 0) return made;
    const connected = this.#connected(unit, binding);
    if (connected.length > 0) return connected;
    const isParameter = scopes.bindingKind[binding] === BindingKind.Param;
    return isParameter ? this.#served(unit, binding, depth) : [];
  }

  /** `client.connect(…)`, `request.open(…)`: a method of the same object makes the connection. */
  #connected(unit: Unit, binding: number): readonly Destination[] {
    const { tree, scopes } = unit;
    const at = this.#find(unit);
    for (const reference of referencesOf(scopes, binding)) {
      const member = tree.parent[reference]!;
      if (tree.kind[member] !== Kind.Member || tree.role[member] !== Role.Callee) continue;
      if (tree.role[reference] !== Role.Object) continue;
      const found = at.get(tree.parent[member]!) ?? at.get(member);
      if (found?.some(({ feature }) => feature !== 'file.write') === true) return found;
    }
    return [];
  }

  /** The socket or response that a server hands to the function it was given. */
  #served(unit: Unit, binding: number, depth: number): readonly Destination[] {
    const { tree, scopes } = unit;
    const name = scopes.declarations[scopes.declarationsFrom[binding]!]!;
    const fn = tree.parent[name]!;
    if (tree.role[name] !== Role.Param || tree.role[fn] !== Role.Argument) return [];
    const position = children(tree, fn, Role.Param).indexOf(name);
    const call = tree.parent[fn]!;
    if (tree.kind[call] !== Kind.Call || position > 1) return [];
    const at = this.#find(unit);
    const made = at.get(call) ?? at.get(call + 1);
    const isMethod =
      tree.kind[call + 1] === Kind.Member && SERVES.has(nameOf(tree, call + 1) ?? '');
    const found = made ?? (isMethod ? this.#of(unit, call + 2, depth + 1) : []);
    return found.filter(({ feature }) => feature === 'net.listen');
  }

  /** By what made the value elsewhere: a field of an instance, an argument of a caller. */
  #made(unit: Unit, node: number, depth: number): readonly Destination[] {
    const found: Destination[] = [];
    for (const { kind, point } of this.#origins.of(pointOf(unit.module, node))) {
      const other = kind === 'node' ? this.#program.unit(moduleOf(point)) : undefined;
      if (other === undefined || (other === unit && nodeIn(point) === node)) continue;
      const madeBy = other.tree.kind[nodeIn(point)];
      if (madeBy === Kind.Call || madeBy === Kind.New)
        found.push(...this.#of(other, nodeIn(point), depth + 1));
    }
    return found;
  }
}

/** Methods by which a server is told what answers. */
const SERVES: ReadonlySet<string> = new Set([
  ...['on', 'once', 'get', 'post', 'put', 'patch', 'delete', 'all', 'use', 'route', 'head'],
]);

/** Destinations whose call gives something to write to. */
function isConnection(feature: FeatureId): boolean {
  return (
    feature.startsWith('net.') ||
    feature === 'ipc.local' ||
    feature === 'proc.args-env-stdin' ||
    feature === 'file.write'
  );
}
