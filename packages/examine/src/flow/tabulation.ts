import type { AccessPath } from './access.ts';
import type { Point } from './point.ts';

/**
 * Where data may be: the value of an expression, what a function returns, an
 * instance's fields (`fields`: as its own methods see them), the one parameter
 * of a setter (`given`), a module's exports, a channel between parts.
 */
export type Place =
  | {
      readonly kind: 'value' | 'return' | 'instance' | 'fields' | 'given' | 'export';
      readonly point: Point;
    }
  | { readonly kind: 'channel'; readonly name: string };

/** One step of data: it is at `place`, inside it at `path`, within one entry of one function. */
export interface Edge {
  readonly entry: Entry;
  readonly place: Place;
  readonly path: AccessPath;
  /** The step before; undefined where the entry begins. */
  readonly from: Edge | undefined;
  /** The node to show for this step; undefined for steps that only follow the syntax. */
  readonly hop: Point | undefined;
  readonly transform: string | undefined;
  /** The last step inside a function that the data came out of here: its own chain is part of the path. */
  readonly through?: Edge;
}

/**
 * A beginning: a source, or a parameter of a function. What happens to a
 * parameter is worked out once for all calls (a summary), and each call is
 * joined to it: calls and returns always match.
 */
export interface Entry {
  readonly source: number | undefined;
  /** The function entered; undefined for a source. */
  readonly owner: Point | undefined;
  /** Steps in callers that lead here. */
  readonly incoming: Incoming[];
  /** Ways out to every caller: returns, changed arguments, places outside the function. */
  readonly exits: Exit[];
}

export interface Incoming {
  readonly edge: Edge;
  readonly call: Point;
}

export type Exit =
  | { readonly kind: 'return'; readonly path: AccessPath; readonly edge: Edge }
  | {
      readonly kind: 'argument';
      readonly position: number;
      readonly path: AccessPath;
      readonly edge: Edge;
    }
  | {
      readonly kind: 'escape';
      readonly place: Place;
      readonly path: AccessPath;
      readonly edge: Edge;
    };

function placeKey(place: Place): string {
  return place.kind === 'channel' ? `c${place.name}` : `${place.kind[0]}${place.point}`;
}

/** All steps so far, each once, and those still to be followed. */
export class Tabulation {
  readonly #seen = new Map<Entry, Set<string>>();
  readonly #queue: Edge[] = [];
  readonly #entries = new Map<string, Entry>();
  #head = 0;

  get size(): number {
    return this.#queue.length;
  }

  /** The next step to follow, in the order of discovery, so that the first path found is a shortest. */
  next(): Edge | undefined {
    const edge = this.#queue[this.#head];
    if (edge !== undefined) this.#head += 1;
    return edge;
  }

  /** Steps that were found and not followed. */
  rest(): readonly Edge[] {
    return this.#queue.slice(this.#head);
  }

  add(edge: Edge): void {
    let seen = this.#seen.get(edge.entry);
    if (seen === undefined) this.#seen.set(edge.entry, (seen = new Set()));
    const key = `${placeKey(edge.place)} ${edge.path}`;
    if (seen.has(key)) return;
    seen.add(key);
    this.#queue.push(edge);
  }

  source(source: number): Entry {
    return { source, owner: undefined, incoming: [], exits: [] };
  }

  /** The entry of a parameter; `isNew` when it has not been begun before. */
  parameter(fn: Point, position: number, path: AccessPath): { entry: Entry; isNew: boolean } {
    const key = `${fn} ${position} ${path}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return { entry: known, isNew: false };
    const entry: Entry = { source: undefined, owner: fn, incoming: [], exits: [] };
    this.#entries.set(key, entry);
    return { entry, isNew: true };
  }
}

/** Every source whose data enters an entry, by any chain of calls. */
export function sourcesOf(entry: Entry): Set<number> {
  const sources = new Set<number>();
  const visited = new Set<Entry>();
  const pending = [entry];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (visited.has(one)) continue;
    visited.add(one);
    if (one.source !== undefined) sources.add(one.source);
    for (const { edge } of one.incoming) pending.push(edge.entry);
  }
  return sources;
}

/** The steps from a source to an edge, first to last: a shortest chain of calls. */
export function stepsFrom(source: number, last: Edge): Edge[] {
  const arrivals = new Map<Entry, Arrival | undefined>([[last.entry, undefined]]);
  const queue: Entry[] = [last.entry];
  for (let head = 0; head < queue.length; head += 1) {
    const entry = queue[head]!;
    if (entry.source === source) return unwound(entry, arrivals, last);
    for (const { edge } of entry.incoming) {
      if (arrivals.has(edge.entry)) continue;
      arrivals.set(edge.entry, { edge, into: entry });
      queue.push(edge.entry);
    }
  }
  return [];
}

/** From a caller's entry the data goes on by `edge`, into the entry of the function called. */
interface Arrival {
  readonly edge: Edge;
  readonly into: Entry;
}

function unwound(
  first: Entry,
  arrivals: ReadonlyMap<Entry, Arrival | undefined>,
  last: Edge,
): Edge[] {
  const steps: Edge[] = [];
  let entry = first;
  for (;;) {
    const arrival = arrivals.get(entry);
    pushChain(steps, arrival?.edge ?? last, 0);
    if (arrival === undefined) return steps;
    entry = arrival.into;
  }
}

/** Functions within functions whose inner steps are shown; deeper ones are passed over. */
const MAX_THROUGH = 12;

/** The chain that ends in an edge, first to last, with the chains inside functions that it went through. */
function pushChain(steps: Edge[], last: Edge, depth: number): void {
  const chain: Edge[] = [];
  for (let at: Edge | undefined = last; at !== undefined; at = at.from) chain.push(at);
  for (const edge of chain.reverse()) {
    if (edge.through !== undefined && depth < MAX_THROUGH)
      pushChain(steps, edge.through, depth + 1);
    steps.push(edge);
  }
}
