import type { AddonCode, AddonEvent } from './events.ts';

/** A property that native code gives to scripts. */
export interface Registered {
  readonly name: string;
  /** Indices of functions that stand for it, in order; of a class those of all its members. */
  readonly functions: readonly number[];
}

/** A function that goes with more names than this serves all of them: a wrapper. */
const MAX_SHARED = 3;

/** Functions that wait for a name: a callback, its wrapper and what frees it. */
const MAX_WAITING = 4;

/** Calls inside the module between a function that names and the one that registers. */
const MAX_INNER = 2;

/**
 * Properties that functions of a module register, with the functions that stand
 * for them. A name and a function belong together where they are given to one
 * call, or to two that follow each other: `napi_create_function` and
 * `napi_set_named_property`, in either order. In order of the name.
 */
export function registeredIn(addon: AddonCode, functions: Iterable<number>): Registered[] {
  const calls = new InnerCalls(addon);
  const uses = new Map<number, number>();
  const bodies = [...functions].map((index) => pairsIn(calls.eventsOf(index)));
  for (const { pairs } of bodies) {
    for (const indices of pairs.values()) {
      for (const index of indices) uses.set(index, (uses.get(index) ?? 0) + 1);
    }
  }
  const found = new Map<string, Set<number>>();
  for (const { pairs, isClass } of bodies) {
    const all = new Set([...pairs.values()].flatMap((indices) => [...indices]));
    for (const [name, indices] of pairs) {
      const known = found.get(name) ?? new Set<number>();
      for (const index of isClass && /^[A-Z]/.test(name) ? all : indices) {
        if (uses.get(index)! <= MAX_SHARED) known.add(index);
      }
      found.set(name, known);
    }
  }
  return [...found]
    .filter(([, indices]) => indices.size > 0)
    .map(([name, indices]) => ({ name, functions: [...indices].sort((a, b) => a - b) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Events of a function with what the small functions that it calls add: templates that no one inlined. */
class InnerCalls {
  readonly #addon: AddonCode;
  readonly #given = new Map<number, Given>();

  constructor(addon: AddonCode) {
    this.#addon = addon;
  }

  eventsOf(index: number): readonly AddonEvent[] {
    const events = this.#addon.eventsOf(index);
    const own: AddonEvent[] = [];
    const isAlone = !this.#givenBy(index, 0).registers;
    for (const event of events) {
      if (event.kind !== 'inner') {
        own.push(event);
        continue;
      }
      const { callbacks, registers } = this.#givenBy(event.index, 1);
      for (const callback of callbacks) own.push({ kind: 'callback', index: callback });
      // Without Node's interfaces near, any call may be what registers, as in Rust.
      if (registers || isAlone) own.push({ kind: 'call', does: 'makes' });
    }
    return own;
  }

  #givenBy(index: number, depth: number): Given {
    const known = this.#given.get(index);
    if (known !== undefined) return known;
    this.#given.set(index, NOTHING_GIVEN);
    const events = this.#addon.eventsOf(index);
    const inner = events.flatMap((event) =>
      event.kind === 'inner' && depth < MAX_INNER ? [this.#givenBy(event.index, depth + 1)] : [],
    );
    const registers =
      events.some(({ kind }) => kind === 'call') || inner.some((one) => one.registers);
    const names = events.some(({ kind }) => kind === 'name');
    const callbacks =
      !registers || names
        ? []
        : events.flatMap((event) => (event.kind === 'callback' ? [event.index] : []));
    const given = { registers, callbacks };
    this.#given.set(index, given);
    return given;
  }
}

/** What a call of a function adds to its caller's events. */
interface Given {
  readonly registers: boolean;
  readonly callbacks: readonly number[];
}

const NOTHING_GIVEN: Given = { registers: false, callbacks: [] };

interface Pairs {
  readonly pairs: ReadonlyMap<string, ReadonlySet<number>>;
  /** Whether a class is made here, whose members the names are. */
  readonly isClass: boolean;
}

/** Names with their functions, call by call. */
function pairsIn(events: readonly AddonEvent[]): Pairs {
  const pairs = new Map<string, Set<number>>();
  let names: string[] = [];
  let callbacks: number[] = [];
  let group: AddonEvent[] = [];
  let isClass = false;
  for (const event of [...events, END]) {
    if (event.kind !== 'call') {
      group.push(event);
      continue;
    }
    if (event.does === 'class') isClass = true;
    const fresh = namesOf(group).filter((name) => !pairs.has(name));
    const given = group.flatMap((one) => (one.kind === 'callback' ? [one.index] : []));
    if (fresh.length > 1 && given.length > 0) {
      for (const [name, indices] of inOrder(group)) put(pairs, name, indices);
    } else {
      names.push(...fresh);
      callbacks.push(...given);
      if (names.length > 0 && callbacks.length > 0) {
        put(pairs, names.at(-1)!, callbacks);
        names = [];
        callbacks = [];
      }
    }
    // A function waits for its name, whatever is put on it before.
    if (event.does !== 'makes') names = [];
    callbacks = callbacks.slice(-MAX_WAITING);
    group = [];
  }
  return { pairs, isClass };
}

const END: AddonEvent = { kind: 'call', does: 'puts' };

function namesOf(events: readonly AddonEvent[]): string[] {
  return [...new Set(events.flatMap((event) => (event.kind === 'name' ? [event.text] : [])))];
}

function put(pairs: Map<string, Set<number>>, name: string, indices: readonly number[]): void {
  const known = pairs.get(name) ?? new Set();
  for (const index of indices) known.add(index);
  pairs.set(name, known);
}

/** Of one call that takes many: each name with the functions after it, or before it where one comes first. */
function inOrder(group: readonly AddonEvent[]): [string, readonly number[]][] {
  const isNameFirst =
    group.find(({ kind }) => kind === 'name' || kind === 'callback')?.kind === 'name';
  const ordered = isNameFirst ? group : group.toReversed();
  const found: [string, number[]][] = [];
  for (const event of ordered) {
    if (event.kind === 'name') found.push([event.text, []]);
    else if (event.kind === 'callback') found.at(-1)?.[1].push(event.index);
  }
  const names = found.map(([name]) => name);
  const callbacks = found.flatMap(([, indices]) => indices);
  const isUneven = found.some(([, indices]) => indices.length === 0);
  // Two lists of the same length, one after the other, as vectors are filled.
  if (isUneven && names.length === callbacks.length) {
    return names.map((name, at) => [name, [callbacks[at]!]]);
  }
  return found.filter(([, indices]) => indices.length > 0);
}
