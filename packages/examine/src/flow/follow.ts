import type { FeatureId } from '@avow/declare/vocabulary';
import { children, Kind, nameOf, Role, textOf } from '@avow/formats/script';
import type { ModuleFeature, Place as TextPlace } from '../observe/reading.ts';
import { firstKey, WHOLE } from './access.ts';
import { type Arrival, arrivalsOf } from './arrivals.ts';
import { Connections, type Destination, type DestinationsAt } from './connections.ts';
import { isDestination, isSource, isWorthFollowing } from './ends.ts';
import { Follower } from './follower.ts';
import { gatesOf, isDead } from './gate.ts';
import { isOnlyPlace } from './place-names.ts';
import { moduleOf, nodeIn, type Point, pointOf } from './point.ts';
import { type FlowInput, isFunctionKind, Program, type Unit } from './program.ts';
import { resolvePromises } from './promises.ts';
import { recipientOf } from './recipient.ts';
import { type Edge, sourcesOf, stepsFrom } from './tabulation.ts';
import { assign, intoObject } from './targets.ts';
import { stepThrough } from './transfer.ts';
import { type Candidate, type Source, withoutStations } from './way-stations.ts';

/** One hop of a flow, in the product's own terms: the locator is printed by who knows the target. */
export interface FlowHop {
  readonly role: 'source' | 'step' | 'destination';
  readonly path: string;
  readonly place: TextPlace;
  readonly evidence: string;
}

export interface FoundFlow {
  readonly source: FeatureId;
  readonly destination: FeatureId;
  readonly recipient?: string;
  readonly transforms: readonly string[];
  readonly gate?: string;
  readonly hops: readonly FlowHop[];
  /** Names of the functions around source and destination: part of the flow's identity. */
  readonly within: readonly string[];
}

export interface FlowResult {
  readonly flows: readonly FoundFlow[];
  /** Modules whose data was not followed to its end, with the reason. */
  readonly unfinished: readonly {
    readonly path: string;
    readonly reason: 'budget' | 'unread' | 'stopped';
  }[];
}

/**
 * Flows of confidential data through a script product, from every source that
 * was found to every destination, hop by hop. Modules are parsed only when
 * data gets there. The result depends on the input alone and is in order of
 * source and destination.
 */
export function followData(input: FlowInput): FlowResult {
  if (!isWorthFollowing(input.modules)) return { flows: [], unfinished: [] };
  return new Run(input).result();
}

class Run {
  readonly #program: Program;
  readonly #follower: Follower;
  readonly #sources: Source[] = [];
  readonly #connections: Connections;
  readonly #destinations = new Map<number, DestinationsAt>();
  readonly #arrivals: { readonly edge: Edge; readonly arrival: Arrival }[] = [];

  constructor(input: FlowInput) {
    this.#program = new Program(input);
    this.#follower = new Follower(this.#program, (follower, edge) => {
      this.#arrive(edge);
      stepThrough(follower, edge);
    });
    const { origins } = this.#follower;
    this.#connections = new Connections(this.#program, origins, (unit) =>
      this.#destinationsOf(unit),
    );
  }

  result(): FlowResult {
    this.#program.input.modules.forEach(({ reading }, module) => {
      for (const found of reading.features) {
        if (!isSource(found.feature)) continue;
        const unit = this.#program.unit(module);
        if (unit !== undefined) this.#begin(unit, found);
      }
    });
    this.#follower.run();
    return { flows: this.#flows(), unfinished: this.#unfinished() };
  }

  #unfinished(): FlowResult['unfinished'] {
    const spent = [...this.#follower.spent].map((path) => ({ path, reason: 'budget' as const }));
    const missing = [...this.#program.missing].map((path) => ({ path, reason: 'unread' as const }));
    return [...spent, ...missing].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  #begin(unit: Unit, found: ModuleFeature): void {
    const node = nodeOf(unit, found.place);
    if (node === undefined || isDead(unit, node)) return;
    const { tree } = unit;
    const index = this.#sources.length;
    this.#sources.push({ feature: found.feature, found, point: pointOf(unit.module, node) });
    const parent = tree.parent[node]!;
    const isCallee = tree.role[node] === Role.Callee && tree.kind[parent] === Kind.Call;
    const value = isCallee ? parent : node;
    const place = { kind: 'value', point: pointOf(unit.module, value) } as const;
    this.#follower.begin(index, place, WHOLE, pointOf(unit.module, value));
    this.#beginCallbacks(unit, value, index);
    this.#beginPattern(unit, node, index);
  }

  /** `const { HOME } = process.env`: the place is a property of a pattern. */
  #beginPattern(unit: Unit, node: number, source: number): void {
    const { tree } = unit;
    if (tree.kind[node] !== Kind.Property || tree.kind[tree.parent[node]!] !== Kind.ObjectPattern)
      return;
    const value = children(tree, node, Role.Value)[0];
    if (value === undefined) return;
    assign(this.#follower, this.#first(unit, node, source), unit, value, WHOLE, node);
  }

  /** A source that calls back gives its data to the callback's parameters, an error before them left out. */
  #beginCallbacks(unit: Unit, call: number, source: number): void {
    const { tree } = unit;
    const handler = tree.kind[call] === Kind.Member ? tree.parent[call]! : call;
    const isAssigned = tree.kind[handler] === Kind.Assignment;
    if (tree.kind[call] !== Kind.Call && tree.kind[call] !== Kind.New && !isAssigned) return;
    const given = isAssigned
      ? children(tree, handler, Role.Right)
      : children(tree, call, Role.Argument);
    this.#beginFilled(unit, call, given, source);
    const fills = nameOf(tree, call + 1) === 'read';
    for (const argument of given) {
      const at = pointOf(unit.module, argument);
      resolvePromises(this.#follower, this.#first(unit, call, source), at, 0, WHOLE);
      for (const fn of this.#follower.origins.functionsOf(at)) {
        const other = this.#program.unit(moduleOf(fn))!;
        const parameters = children(other.tree, nodeIn(fn), Role.Param);
        parameters.forEach((parameter, position) => {
          const isError =
            position === 0 && parameters.length > 1 && isErrorName(nameOf(other.tree, parameter));
          // `fs.read` tells its callback how much it read, then gives the buffer.
          if (isError || (fills && position === 1)) return;
          assign(
            this.#follower,
            this.#first(unit, call, source),
            other,
            parameter,
            WHOLE,
            parameter,
          );
        });
      }
    }
  }

  /** `fs.read(fd, buffer, …)`: the data is put into the second argument. */
  #beginFilled(unit: Unit, call: number, given: readonly number[], source: number): void {
    const buffer = given[1];
    if (buffer === undefined || !/^read(?:Sync)?$/.test(nameOf(unit.tree, call + 1) ?? '')) return;
    intoObject(this.#follower, this.#first(unit, call, source), unit, buffer, WHOLE, call + 1);
  }

  /** The step at the source itself, from which its callbacks are given the data. */
  #first(unit: Unit, node: number, source: number): Edge {
    const known = this.#firsts.get(source);
    if (known !== undefined) return known;
    const point = pointOf(unit.module, node);
    const edge = this.#follower.first(source, { kind: 'value', point }, point);
    this.#firsts.set(source, edge);
    return edge;
  }

  readonly #firsts = new Map<number, Edge>();

  #destinationsOf(unit: Unit): DestinationsAt {
    const known = this.#destinations.get(unit.module);
    if (known !== undefined) return known;
    const at = new Map<number, Destination[]>();
    for (const found of unit.reading.features) {
      if (!isDestination(found.feature)) continue;
      const node = nodeOf(unit, found.place);
      if (node === undefined || isDead(unit, node)) continue;
      const feature = destinationOf(found.feature);
      if (found.feature === 'code.load' && unit.tree.kind[node] !== Kind.Assignment) continue;
      const list = at.get(node) ?? [];
      list.push({ feature, found, at: pointOf(unit.module, node) });
      at.set(node, list);
    }
    this.#destinations.set(unit.module, at);
    return at;
  }

  #arrive(edge: Edge): void {
    if (edge.place.kind !== 'value') return;
    const unit = this.#program.unit(moduleOf(edge.place.point));
    if (unit === undefined) return;
    for (const arrival of arrivalsOf(this.#connections, unit, nodeIn(edge.place.point))) {
      this.#arrivals.push({ edge, arrival });
    }
  }

  #flows(): FoundFlow[] {
    const found = new Map<string, Candidate>();
    for (const { edge, arrival } of this.#arrivals) {
      for (const index of sourcesOf(edge.entry)) {
        const source = this.#sources[index]!;
        const key = `${index} ${arrival.point} ${arrival.destination.feature}`;
        if (found.has(key)) continue;
        const steps = stepsFrom(index, edge);
        if (this.#isOnlyRecipient(source, arrival, edge, steps)) continue;
        if (isOnlyPlace(source.found, arrival.destination.feature)) continue;
        found.set(key, { source, index, arrival, steps });
      }
    }
    const whole = withoutStations([...found.values()], this.#follower.delivered);
    return whole
      .map(({ source, arrival, steps }) => this.#flow(source, arrival, steps))
      .sort(byPlace);
  }

  /** A variable that is the whole address is where it goes, not what goes. */
  #isOnlyRecipient(source: Source, arrival: Arrival, last: Edge, steps: readonly Edge[]): boolean {
    const isNetwork = arrival.destination.feature.startsWith('net.');
    const isSetting = source.feature === 'env.named' || source.feature === 'file.any';
    if (!isNetwork || !isSetting) return false;
    if (ADDRESS_KEYS.has(firstKey(last.path) ?? '')) return true;
    if (arrival.position !== 0) return false;
    return !steps.some(({ place }) => {
      if (place.kind !== 'value') return false;
      const { tree } = this.#program.unit(moduleOf(place.point))!;
      const node = nodeIn(place.point);
      const kind = tree.kind[tree.parent[node]!];
      const isLater = tree.start[node]! > tree.start[tree.parent[node]!]! + 3;
      return (kind === Kind.Template || kind === Kind.Binary || kind === Kind.Call) && isLater;
    });
  }

  #flow(source: Source, arrival: Arrival, steps: readonly Edge[]): FoundFlow {
    const { destination } = arrival;
    const hops = this.#hops(source, arrival, steps);
    const transforms = steps.flatMap((step) =>
      step.transform === undefined ? [] : [step.transform],
    );
    const shown = steps.flatMap((step) => step.hop ?? []);
    const gates = new Set(
      [arrival.point, ...shown, source.point].flatMap((point) => gatesOf(this.#follower, point)),
    );
    const recipient = this.#recipient(destination, shown) ?? destination.found.recipient;
    return {
      source: source.feature,
      destination: destination.feature,
      ...(recipient === undefined ? {} : { recipient }),
      transforms: transforms.filter((one, index) => one !== transforms[index - 1]),
      ...(gates.size === 0 ? {} : { gate: [...gates].sort().join(' & ') }),
      hops,
      within: [...source.found.within, '→', ...destination.found.within],
    };
  }

  #recipient({ feature, found, at }: Destination, shown: readonly Point[]): string | undefined {
    const isKnown = found.recipient !== undefined && !found.recipient.startsWith('/');
    if (isKnown || !feature.startsWith('net.')) return undefined;
    const calls = new Set(shown);
    return recipientOf(this.#follower, at, calls);
  }

  #hops(source: Source, arrival: Arrival, steps: readonly Edge[]): FlowHop[] {
    const points: Point[] = [];
    for (const { hop } of steps) {
      if (hop === undefined || hop === source.point || hop === arrival.point) continue;
      if (points.at(-1) !== hop) points.push(hop);
    }
    const places = points.map((point) => this.#hop('step', point));
    const first = this.#hop('source', source.point, source.found.evidence, true);
    const isFound = arrival.destination.at === arrival.point;
    const last = this.#hop('destination', arrival.point, undefined, isFound);
    return [first, ...distinctLines(places, first, last), last];
  }

  #hop(role: FlowHop['role'], point: Point, evidence?: string, isFound = false): FlowHop {
    const unit = this.#program.unit(moduleOf(point))!;
    const node = nodeIn(point);
    const start = isFound ? unit.tree.start[node]! : startOf(unit, node);
    return {
      role,
      path: unit.path,
      place: { start, end: unit.tree.end[node]!, ...unit.index.lineAndColumn(start) },
      evidence: evidence ?? shortened(textOf(unit.tree, statementOf(unit, node))),
    };
  }
}

/** What data given to it goes to: a program takes it as an argument, an address carries it. */
function destinationOf(feature: FeatureId): FeatureId {
  if (feature === 'exec.spawn') return 'proc.args-env-stdin';
  return feature === 'code.load' ? 'net.url-beacon' : feature;
}

function isErrorName(name: string | undefined): boolean {
  return name !== undefined && /^_?(?:e|er|err|error|_)\d?$/i.test(name);
}

/** The node that a feature was found at: the outermost of exactly its place, else the innermost around it. */
function nodeOf(unit: Unit, place: TextPlace): number | undefined {
  const { tree } = unit;
  const starting = unit.index.startingAt(place.start);
  const exact = starting.filter((node) => tree.end[node] === place.end);
  const isStatement = (node: number): boolean => tree.kind[node] === Kind.ExpressionStatement;
  return exact.find((node) => !isStatement(node)) ?? starting.at(-1);
}

/** Where a step is shown: of a chain over several lines, its own link. */
function startOf({ tree, index }: Unit, node: number): number {
  const start = tree.start[node]!;
  const isChain = tree.kind[node] === Kind.Call && tree.kind[node + 1] === Kind.Member;
  if (!isChain) return start;
  const end = tree.end[node + 2]!;
  if (index.lineAndColumn(start).line === index.lineAndColumn(end).line) return start;
  const name = nameOf(tree, node + 1) ?? '';
  const at = tree.text.indexOf(name, end);
  return at >= 0 && at < tree.end[node]! ? at : start;
}

/** What to show for a node: a name alone says little, so its declarator or call. */
function statementOf({ tree }: Unit, node: number): number {
  const parent = tree.parent[node]!;
  const isName = tree.kind[node] === Kind.Identifier || tree.kind[node] === Kind.Member;
  return isName && parent > 0 && !isFunctionKind(tree.kind[parent]) ? parent : node;
}

/** Options of a request that say where and how it goes, not what goes. */
const ADDRESS_KEYS: ReadonlySet<string> = new Set([
  ...['host', 'hostname', 'port', 'protocol', 'family', 'localAddress', 'socketPath', 'servername'],
  ...['agent', 'proxy', 'timeout', 'method', 'ca', 'rejectUnauthorized', 'baseURL', 'lookup'],
]);

const MAX_EVIDENCE = 120;

function shortened(text: string): string {
  const line = text
    .slice(0, MAX_EVIDENCE * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > MAX_EVIDENCE ? `${line.slice(0, MAX_EVIDENCE - 1)}…` : line;
}

/** One hop a line, and none on the source's or the destination's own. */
function distinctLines(hops: readonly FlowHop[], first: FlowHop, last: FlowHop): FlowHop[] {
  const isSame = (a: FlowHop, b: FlowHop): boolean =>
    a.path === b.path && a.place.line === b.place.line;
  return hops.filter((hop, index) => {
    const before = hops[index - 1];
    return (
      !isSame(hop, first) && !isSame(hop, last) && (before === undefined || !isSame(hop, before))
    );
  });
}

function byPlace(a: FoundFlow, b: FoundFlow): number {
  return (
    compareHops(a.hops[0]!, b.hops[0]!) ||
    compareHops(a.hops.at(-1)!, b.hops.at(-1)!) ||
    (a.destination < b.destination ? -1 : a.destination > b.destination ? 1 : 0) ||
    (a.source < b.source ? -1 : a.source > b.source ? 1 : 0)
  );
}

function compareHops(a: FlowHop, b: FlowHop): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.place.start - b.place.start;
}
