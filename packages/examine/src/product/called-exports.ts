import type { ModuleRuns } from '../observe/reading.ts';
import { symbolParts } from '../rules/symbol.ts';
import { linkMark } from './link-mark.ts';
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

/** Finds the functions that calls of other files' exports come to. */
export class ExportFinder {
  readonly #modules: ReadonlyMap<string, ProductModule>;
  readonly #resolver: Resolver;
  readonly #known = new Map<string, readonly CalledExport[]>();

  constructor(modules: ReadonlyMap<string, ProductModule>, resolver: Resolver) {
    this.#modules = modules;
    this.#resolver = resolver;
  }

  /** Of a call of `./file#a.b` in `from`: whatever export this may be, where a call of it comes to anything. */
  find(text: string, from: string): readonly CalledExport[] {
    const key = `${from} ${text}`;
    let found = this.#known.get(key);
    if (found === undefined) this.#known.set(key, (found = this.#find(text, from, 0)));
    return found;
  }

  #find(text: string, from: string, depth: number): CalledExport[] {
    const mark = linkMark(text);
    const path = mark < 0 ? undefined : this.#resolver.resolve(text.slice(0, mark), from);
    const module = path === undefined ? undefined : this.#modules.get(path);
    if (path === undefined || module === undefined || depth > MAX_CHAIN) return [];
    const parts = symbolParts(text.slice(mark + 1)).filter((part) => part !== '');
    const own = namesOf(parts).filter((name) => isNamed(module.reading.runs, name));
    if (own.length > 0) return own.map((name) => ({ path, name }));
    return this.#findPassedOn(module, parts, depth);
  }

  /** What a module exports that is another's. */
  #findPassedOn(
    { path, reading }: ProductModule,
    parts: readonly string[],
    depth: number,
  ): CalledExport[] {
    const [first = 'module.exports', ...rest] = parts;
    return Object.entries(reading.exports).flatMap(([name, symbol]) => {
      const isAll = name.startsWith('*') || name === 'module.exports';
      if ((!isAll && name !== first) || linkMark(symbol) < 0) return [];
      const added = keyOf(isAll && first !== name ? parts : rest);
      const joint = symbol.endsWith('#') || added === '' || added.startsWith('(') ? '' : '.';
      return this.#find(symbol + joint + added, path, depth + 1);
    });
  }
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
