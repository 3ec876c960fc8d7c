import type { ModuleReading, ModuleRuns } from '../observe/reading.ts';
import { symbolParts } from '../rules/symbol.ts';
import { linkMark } from './link.ts';
import type { ProductModule } from './module.ts';
import type { Resolver } from './resolve.ts';

/** An export that somebody calls. */
export interface CalledExport {
  readonly path: string;
  /** As its script's reading names it (`observe/exported.ts`). */
  readonly name: string;
}

/** Files between a call and the function that it comes to: re-exports of re-exports. */
const MAX_CHAIN = 16;

/**
 * What runs because modules are loaded and exports called: all that is imported
 * then, the exports that this calls in other files, and so on.
 */
export class Running {
  readonly #modules: ReadonlyMap<string, ProductModule>;
  readonly #resolver: Resolver;
  readonly #loaded = new Set<string>();
  /** By module: the exports that are called. */
  readonly #called = new Map<string, Set<string>>();
  /** Modules to load and exports to call, as they are met. */
  readonly #left: (string | CalledExport)[] = [];

  constructor(
    loaded: Iterable<string>,
    called: Iterable<CalledExport>,
    modules: ReadonlyMap<string, ProductModule>,
    resolver: Resolver,
  ) {
    this.#modules = modules;
    this.#resolver = resolver;
    this.#left.push(...called, ...loaded);
    for (let next = this.#left.pop(); next !== undefined; next = this.#left.pop()) {
      if (typeof next === 'string') this.#load(next);
      else this.#call(next);
    }
  }

  isLoaded(path: string): boolean {
    return this.#loaded.has(path);
  }

  /** Numbers of what waits for a call in a module's reading, and is called. */
  calledIn(module: ProductModule, what: 'features' | 'links'): ReadonlySet<number> {
    const { runs } = module.reading;
    const names = this.#called.get(module.path);
    if (runs === undefined || names === undefined) return NONE;
    return new Set([...names].flatMap((name) => own(runs[what], name)));
  }

  #load(path: string): void {
    if (this.#loaded.has(path)) return;
    this.#loaded.add(path);
    const reading = this.#modules.get(path)?.reading;
    for (const each of reading?.imports ?? []) if (each.when === 'load') this.#import(each, path);
    for (const symbol of reading?.runs?.loads ?? []) this.#meet(symbol, path, 0);
  }

  #call({ path, name }: CalledExport): void {
    let names = this.#called.get(path);
    if (names === undefined) this.#called.set(path, (names = new Set()));
    if (names.has(name)) return;
    names.add(name);
    const reading = this.#modules.get(path)?.reading;
    if (reading?.runs === undefined) return;
    for (const number of own(reading.runs.imports, name))
      this.#import(reading.imports[number]!, path);
    for (const symbol of own(reading.runs.calls, name)) this.#meet(symbol, path, 0);
  }

  #import({ specifier }: ModuleReading['imports'][number], from: string): void {
    const target = this.#resolver.resolve(specifier, from);
    if (target !== undefined) this.#left.push(target);
  }

  /** A call of `./file#a.b` in `from`: of whatever export this may be. */
  #meet(text: string, from: string, depth: number): void {
    const mark = linkMark(text);
    const path = mark < 0 ? undefined : this.#resolver.resolve(text.slice(0, mark), from);
    const module = path === undefined ? undefined : this.#modules.get(path);
    if (path === undefined || module === undefined || depth > MAX_CHAIN) return;
    const parts = symbolParts(text.slice(mark + 1)).filter((part) => part !== '');
    for (const name of namesOf(parts))
      if (isNamed(module.reading.runs, name)) this.#left.push({ path, name });
    this.#meetPassedOn(module, parts, depth);
  }

  /** What a module exports that is another's. */
  #meetPassedOn({ path, reading }: ProductModule, parts: readonly string[], depth: number): void {
    const [first = 'module.exports', ...rest] = parts;
    for (const [name, symbol] of Object.entries(reading.exports)) {
      const isAll = name.startsWith('*') || name === 'module.exports';
      if ((!isAll && name !== first) || linkMark(symbol) < 0) continue;
      const added = keyOf(isAll && first !== name ? parts : rest);
      const joint = symbol.endsWith('#') || added === '' || added.startsWith('(') ? '' : '.';
      this.#meet(symbol + joint + added, path, depth + 1);
    }
  }
}

const NONE: ReadonlySet<number> = new Set();

function own<T>(lists: Readonly<Record<string, readonly T[]>>, name: string): readonly T[] {
  return Object.hasOwn(lists, name) ? lists[name]! : [];
}

function isNamed(runs: ModuleRuns | undefined, name: string): boolean {
  if (runs === undefined) return false;
  return [runs.features, runs.imports, runs.links, runs.calls].some((part) => {
    return Object.hasOwn(part, name);
  });
}

/** `Client().send` of its parts. */
function keyOf(parts: readonly string[]): string {
  return parts.map((part, index) => (part === '()' || index === 0 ? part : `.${part}`)).join('');
}

/** By what names a script may export what is called so: `default` is there for what the module itself is, and the other way round. */
function namesOf(parts: readonly string[]): readonly string[] {
  const [first, ...rest] = parts;
  const key = keyOf(parts);
  if (first === 'default') return [key, keyOf(rest), `.${keyOf(rest)}`];
  return first === undefined || first === '()' ? [key, `default${key}`] : [key, `.${key}`];
}
