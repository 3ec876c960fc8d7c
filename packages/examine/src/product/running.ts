import type { ModuleReading } from '../observe/reading.ts';
import { type CalledExport, ExportFinder } from './called-exports.ts';
import type { ProductModule } from './module.ts';
import type { Resolver } from './resolve.ts';

/**
 * What runs because modules are loaded and exports called: all that is imported
 * then, the exports that this calls in other files, and so on.
 */
export class Running {
  readonly #modules: ReadonlyMap<string, ProductModule>;
  readonly #resolver: Resolver;
  readonly #finder: ExportFinder;
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
    this.#finder = new ExportFinder(modules, resolver);
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
    for (const symbol of reading?.runs?.loads ?? [])
      this.#left.push(...this.#finder.find(symbol, path));
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
    for (const symbol of own(reading.runs.calls, name))
      this.#left.push(...this.#finder.find(symbol, path));
  }

  #import({ specifier }: ModuleReading['imports'][number], from: string): void {
    const target = this.#resolver.resolve(specifier, from);
    if (target !== undefined) this.#left.push(target);
  }
}

const NONE: ReadonlySet<number> = new Set();

function own<T>(lists: Readonly<Record<string, readonly T[]>>, name: string): readonly T[] {
  return Object.hasOwn(lists, name) ? lists[name]! : [];
}
