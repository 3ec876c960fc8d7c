import { Kind } from '@avow/formats/script';
import type { AccessPath } from './access.ts';
import { Callers } from './callers.ts';
import type { CallOf } from './origin.ts';
import { Origins } from './origins.ts';
import { moduleOf, nodeIn, type Point } from './point.ts';
import type { Program, Unit } from './program.ts';
import { type Edge, type Entry, type Exit, type Place, Tabulation } from './tabulation.ts';

/** Steps in all: beyond it a product's flows are reported as not followed to their end. */
const MAX_STEPS = 600_000;
/** Steps inside one module: a module whose data goes everywhere must not cost the rest of the product. */
const MAX_MODULE_STEPS = 120_000;

/** Follows data: what the transfer functions and the models of calls are given to work with. */
export class Follower {
  readonly program: Program;
  readonly origins: Origins;
  readonly callers: Callers;
  /** Places of messages that somebody in the product receives. */
  readonly delivered = new Set<Point>();
  /** Modules whose budget was spent. */
  readonly spent = new Set<string>();
  readonly #tabulation = new Tabulation();
  readonly #stepsIn = new Map<number, number>();
  #moves = 0;
  readonly #changedIn = new Map<Entry, Set<string>>();
  readonly #stepThrough: (follower: Follower, edge: Edge) => void;

  constructor(program: Program, stepThrough: (follower: Follower, edge: Edge) => void) {
    this.program = program;
    this.callers = new Callers(program);
    this.origins = new Origins(program, (fn) => this.callers.of(fn));
    this.callers.tie(this.origins);
    this.#stepThrough = stepThrough;
  }

  begin(source: number, place: Place, path: AccessPath, hop: Point): void {
    const entry = this.#tabulation.source(source);
    this.#tabulation.add({ entry, place, path, from: undefined, hop, transform: undefined });
  }

  /** A step of a source's own entry, begun elsewhere, to go on from. */
  first(source: number, place: Place, hop: Point): Edge {
    return {
      entry: this.#tabulation.source(source),
      place,
      path: '',
      from: undefined,
      hop,
      transform: undefined,
    };
  }

  run(): void {
    for (let edge = this.#tabulation.next(); edge !== undefined; edge = this.#tabulation.next()) {
      if (this.#tabulation.size > MAX_STEPS || !this.#mayStep(edge)) continue;
      const moves = this.#moves;
      this.#stepThrough(this, edge);
      const isReceived = edge.place.kind === 'channel' && this.#moves > moves;
      if (isReceived && edge.hop !== undefined) this.delivered.add(edge.hop);
    }
  }

  /** Goes on from an edge to a place, within the same entry or out of it. */
  go(from: Edge, place: Place, path: AccessPath, hop?: Point, transform?: string): void {
    const { entry } = from;
    this.#moves += 1;
    const edge: Edge = { entry, place, path, from, hop, transform };
    if (entry.owner !== undefined && !this.#isInside(place, entry.owner)) {
      this.#exit(entry, { kind: 'escape', place, path, edge });
    } else {
      this.#tabulation.add(edge);
    }
  }

  value(
    from: Edge,
    unit: Unit,
    node: number,
    path: AccessPath,
    hop?: number,
    transform?: string,
  ): void {
    if (node < 0) return;
    const point = this.point(unit, node);
    const shown = hop === undefined ? undefined : this.point(unit, hop);
    this.go(from, { kind: 'value', point }, path, shown, transform);
  }

  point(unit: Unit, node: number): Point {
    return unit.module * 2 ** 27 + node;
  }

  /** Into a parameter of a function, by a call. `seed` begins the function's own steps. */
  enter(
    from: Edge,
    fn: Point,
    position: number,
    path: AccessPath,
    call: Point,
    seed: (entry: Entry, first: Edge) => void,
  ): void {
    this.#moves += 1;
    const { entry, isNew } = this.#tabulation.parameter(fn, position, path);
    const edge: Edge = { ...from, from, hop: call, transform: undefined };
    const incoming = { edge, call };
    entry.incoming.push(incoming);
    if (isNew) {
      const place: Place = { kind: 'value', point: fn };
      seed(entry, { entry, place, path, from: undefined, hop: undefined, transform: undefined });
    } else {
      for (const exit of [...entry.exits]) this.#leave(exit, incoming.edge, incoming.call);
    }
  }

  /** Out of the function by its return value. */
  returnTo(from: Edge, fn: Point, path: AccessPath): void {
    const { entry } = from;
    if (entry.owner === fn) {
      this.#exit(entry, { kind: 'return', path, edge: from });
      return;
    }
    for (const call of this.callers.of(fn)) this.#returned(from, call.point, path);
  }

  /** Out of the function by an object that it was given and changed. */
  changeArgument(from: Edge, fn: Point, position: number, path: AccessPath): void {
    const { entry } = from;
    if (entry.owner === fn) {
      this.#exit(entry, { kind: 'argument', position, path, edge: from });
      return;
    }
    // A function that gives its own parameter to itself changes it once.
    const key = `${fn} ${position} ${path}`;
    const changed = this.#changedIn.get(entry) ?? new Set();
    this.#changedIn.set(entry, changed);
    if (changed.has(key)) return;
    changed.add(key);
    for (const call of this.callers.of(fn)) this.#changed(from, call, position, path);
  }

  /** Called with the argument expression whose object was changed; set by the transfer functions. */
  onChanged: (from: Edge, unit: Unit, argument: number, path: AccessPath) => void = () => {};

  #exit(entry: Entry, exit: Exit): void {
    const key = exitKey(exit);
    if (entry.exits.some((known) => exitKey(known) === key)) return;
    entry.exits.push(exit);
    for (const { edge, call } of [...entry.incoming]) this.#leave(exit, edge, call);
  }

  #leave(exit: Exit, caller: Edge, call: Point): void {
    // The steps inside the function stay on the path: they follow the caller's.
    const through: Edge = {
      entry: caller.entry,
      place: exit.edge.place,
      path: exit.path,
      from: caller,
      hop: undefined,
      transform: undefined,
      through: exit.edge,
    };
    switch (exit.kind) {
      case 'return':
        this.#returned(through, call, exit.path);
        break;
      case 'argument': {
        const found = [...this.callers.of(exit.edge.entry.owner!)].find(
          (one) => one.point === call,
        );
        if (found !== undefined) this.#changed(through, found, exit.position, exit.path);
        break;
      }
      case 'escape':
        if (this.#isConstruction(exit, call)) {
          // The field is of the object that this call makes, not of every one of its class.
          const { point } = exit.place;
          this.go(through, { kind: 'fields', point }, exit.path);
          this.go(through, { kind: 'value', point: call }, exit.path);
        } else {
          this.go(through, exit.place, exit.path, channelHop(exit));
        }
        break;
      default:
        exit satisfies never;
    }
  }

  /** Whether data left a constructor for a field of what it makes, and it was called by `new`. */
  #isConstruction(exit: Exit, call: Point): exit is Exit & { place: { point: Point } } {
    if (exit.kind !== 'escape' || exit.place.kind !== 'instance') return false;
    return this.program.unit(moduleOf(call))?.tree.kind[nodeIn(call)] === Kind.New;
  }

  #returned(from: Edge, call: Point, path: AccessPath): void {
    const unit = this.program.unit(moduleOf(call));
    if (unit !== undefined) this.value(from, unit, nodeIn(call), path, nodeIn(call));
  }

  #changed(from: Edge, call: CallOf, position: number, path: AccessPath): void {
    const argument = call.argument(position);
    const unit = argument === undefined ? undefined : this.program.unit(moduleOf(argument));
    if (unit !== undefined) this.onChanged(from, unit, nodeIn(argument!), path);
  }

  #isInside(place: Place, owner: Point): boolean {
    if (place.kind === 'channel' || moduleOf(place.point) !== moduleOf(owner)) return false;
    const { tree } = this.program.unit(moduleOf(owner))!;
    const node = nodeIn(place.point);
    return node >= nodeIn(owner) && node < tree.next[nodeIn(owner)]!;
  }

  #mayStep({ place }: Edge): boolean {
    if (place.kind === 'channel') return true;
    const module = moduleOf(place.point);
    const steps = (this.#stepsIn.get(module) ?? 0) + 1;
    this.#stepsIn.set(module, steps);
    if (steps <= MAX_MODULE_STEPS) return true;
    this.spent.add(this.program.input.modules[module]!.path);
    return false;
  }
}

/** The place of a message, which its channel keeps when it leaves a function. */
function channelHop(exit: Exit): Point | undefined {
  return exit.kind === 'escape' && exit.place.kind === 'channel' ? exit.edge.hop : undefined;
}

function exitKey(exit: Exit): string {
  switch (exit.kind) {
    case 'return':
      return `return ${exit.path}`;
    case 'argument':
      return `argument ${exit.position} ${exit.path}`;
    case 'escape':
      return `escape ${exit.place.kind} ${exit.place.kind === 'channel' ? exit.place.name : exit.place.point} ${exit.path}`;
  }
}
