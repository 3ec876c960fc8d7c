import { enclosingFunction } from '@avow/formats/script';
import { exportedFunctions } from './exported.ts';
import type { Functions } from './functions.ts';
import type { ModuleRuns } from './reading.ts';
import type { Script } from './script.ts';

/** Nodes of what a script does, by the numbers that it has in the reading. */
export interface Sites {
  readonly features: readonly number[];
  readonly imports: readonly number[];
  readonly links: readonly number[];
  readonly calls: readonly Call[];
}

/** A call of what another file exports. */
export interface Call {
  readonly node: number;
  readonly symbol: string;
}

/** Functions that are asked for on the way back from one place: more are machine-made. */
const MAX_WAY = 2000;

/**
 * What a call of each export comes to, and which exports of other files the
 * module calls, when it loads or when its own are called. Undefined where there
 * is nothing to tell.
 */
export function runsOf(
  script: Script,
  functions: Functions,
  { features, imports, links, calls }: Sites,
): ModuleRuns | undefined {
  const runners = new Runners(script, functions);
  const loads = new Set<string>();
  const called = new Map<string, Set<string>>();
  for (const { node, symbol } of calls) {
    if (functions.whenOf(node) === 'load') loads.add(symbol);
    else for (const name of runners.namesFor(node)) partAt(called, name).add(symbol);
  }
  const numbers = (nodes: readonly number[]) => {
    const by = new Map<string, Set<number>>();
    nodes.forEach((node, number) => {
      if (functions.whenOf(node) === 'load') return;
      for (const name of runners.namesFor(node)) partAt(by, name).add(number);
    });
    return recordOf(by);
  };
  const runs = {
    loads: [...loads],
    features: numbers(features),
    imports: numbers(imports),
    links: numbers(links),
    calls: recordOf(called),
  };
  return Object.values(runs).every((part) => Object.keys(part).length === 0) ? undefined : runs;
}

/** Looks back from a place to the exports whose call comes to it. */
class Runners {
  readonly #script: Script;
  readonly #functions: Functions;
  #exported: ReadonlyMap<number, readonly string[]> | undefined;
  readonly #callers = new Map<number, readonly number[]>();
  readonly #known = new Map<number, readonly string[]>();

  constructor(script: Script, functions: Functions) {
    this.#script = script;
    this.#functions = functions;
  }

  namesFor(node: number): readonly string[] {
    const fn = enclosingFunction(this.#script.tree, node);
    if (fn < 0) return [];
    this.#exported ??= exportedFunctions(this.#script);
    if (this.#exported.size === 0) return [];
    let names = this.#known.get(fn);
    if (names === undefined) this.#known.set(fn, (names = this.#namesOf(fn)));
    return names;
  }

  #namesOf(fn: number): readonly string[] {
    const names = new Set<string>();
    const seen = new Set([fn]);
    for (const at of seen) {
      for (const name of this.#exported?.get(at) ?? []) names.add(name);
      for (const caller of this.#callersOf(at))
        if (caller >= 0 && seen.size < MAX_WAY) seen.add(caller);
    }
    return [...names];
  }

  #callersOf(fn: number): readonly number[] {
    let callers = this.#callers.get(fn);
    if (callers === undefined) this.#callers.set(fn, (callers = this.#functions.callersOf(fn)));
    return callers;
  }
}

function partAt<T>(parts: Map<string, Set<T>>, key: string): Set<T> {
  let part = parts.get(key);
  if (part === undefined) parts.set(key, (part = new Set()));
  return part;
}

function recordOf<T>(parts: ReadonlyMap<string, ReadonlySet<T>>): Record<string, T[]> {
  return Object.fromEntries([...parts].map(([key, part]) => [key, [...part]]));
}
