import type { ArgumentSource } from '../match/arguments.ts';
import { matchesOf } from '../match/match.ts';
import { type ModuleLink, usedIn } from '../observe/reading.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import { type SymbolNode, symbolParts } from '../rules/symbol.ts';
import { ExportFinder } from './called-exports.ts';
import { linkMark } from './link-mark.ts';
import type { PlacedFeature, ProductModule } from './module.ts';
import type { Resolver } from './resolve.ts';

/** Files between a use and the symbol that it comes to: re-exports of re-exports. */
const MAX_CHAIN = 16;

/** Decides the uses of what other files of the product export. */
export class Linker {
  readonly #modules: ReadonlyMap<string, ProductModule>;
  readonly #resolver: Resolver;
  readonly #rules: Rules;
  /** Finds the functions that calls come to. */
  readonly finder: ExportFinder;
  readonly #known = new Map<string, SymbolNode | undefined>();
  /** By path of a module. */
  readonly #stars = new Map<string, readonly string[]>();

  constructor(modules: ReadonlyMap<string, ProductModule>, resolver: Resolver, rules: Rules) {
    this.#modules = modules;
    this.#resolver = resolver;
    this.#rules = rules;
    this.finder = new ExportFinder(modules, resolver);
  }

  /** Whether a use of another file's export comes to what a rule asks for. */
  isLinked({ path, reading }: ProductModule): boolean {
    return reading.uses.some((text) => {
      const { use, symbol } = usedIn(text);
      const known = this.#symbolOf(symbol, path, 0);
      return known !== undefined && known[use].length > 0;
    });
  }

  /**
   * Of a module that was read with its links. `whenOf` tells of each link, by
   * its number too, when it acts.
   */
  featuresOf(
    module: ProductModule,
    whenOf: (link: ModuleLink, number: number) => ModuleLink = (link) => link,
  ): PlacedFeature[] {
    const features: PlacedFeature[] = [];
    for (const link of module.reading.links.map(whenOf)) {
      const symbol = this.#symbolOf(link.symbol, module.path, 0);
      if (symbol === undefined) continue;
      for (const match of matchesOf(this.#rules, symbol[link.use], new LinkArguments(link))) {
        const { place, evidence, when, within, isInActivate } = link;
        const { feature, rule, recipient } = match;
        features.push({
          path: module.path,
          place,
          feature,
          evidence,
          ...(recipient === undefined ? {} : { recipient }),
          when,
          ...(isInActivate === undefined ? {} : { isInActivate }),
          rule,
          within,
        });
      }
    }
    return features;
  }

  /** The rules' symbol that `./file#a.b` in `from` comes to. */
  #symbolOf(text: string, from: string, depth: number): SymbolNode | undefined {
    const key = `${from} ${text}`;
    if (this.#known.has(key)) return this.#known.get(key);
    // A chain that comes back to itself stands for nothing.
    this.#known.set(key, undefined);
    const symbol = depth > MAX_CHAIN ? undefined : this.#follow(text, from, depth);
    this.#known.set(key, symbol);
    return symbol;
  }

  #follow(text: string, from: string, depth: number): SymbolNode | undefined {
    if (text.startsWith('global:')) {
      return walk(this.#rules.globals, symbolParts(text.slice('global:'.length)));
    }
    const hash = linkMark(text);
    if (hash < 0)
      return moduleSymbol(this.#rules, text) ?? walk(this.#rules.modules, symbolParts(text));
    const path = this.#resolver.resolve(text.slice(0, hash), from);
    const module = path === undefined ? undefined : this.#modules.get(path);
    if (module === undefined) return undefined;
    const parts = symbolParts(text.slice(hash + 1)).filter((part) => part !== '');
    return this.#exported(module, parts, depth);
  }

  /** What `parts` of a module's exports come to. */
  #exported(
    module: ProductModule,
    parts: readonly string[],
    depth: number,
  ): SymbolNode | undefined {
    const { exports } = module.reading;
    const [first, second, ...rest] = parts;
    const own = (name: string | undefined, left: readonly string[]) => {
      if (name === undefined || !Object.hasOwn(exports, name)) return undefined;
      return this.#withParts(exports[name]!, left, module.path, depth);
    };
    const direct =
      (second === '()' ? own(`${first}()`, rest) : undefined) ??
      (first === '()' ? own('()', parts.slice(1)) : undefined) ??
      (first === 'default' && second === '()' ? own('()', rest) : undefined) ??
      (second === undefined ? undefined : own(`${first}.${second}`, rest)) ??
      own(first, parts.slice(1)) ??
      (first === 'default' ? own('module.exports', parts.slice(1)) : undefined) ??
      (first === 'default' && second !== undefined ? own(second, rest) : undefined) ??
      own('module.exports', parts);
    if (direct !== undefined) return direct;
    for (const value of this.#passedOn(module)) {
      const found = this.#withParts(value, parts, module.path, depth);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a module exports under whatever names it has: `export * from`. */
  #passedOn({ path, reading }: ProductModule): readonly string[] {
    let values = this.#stars.get(path);
    if (values === undefined) {
      const stars = Object.entries(reading.exports).filter(([name]) => name.startsWith('*'));
      this.#stars.set(path, (values = stars.map(([, value]) => value)));
    }
    return values;
  }

  #withParts(
    symbol: string,
    parts: readonly string[],
    from: string,
    depth: number,
  ): SymbolNode | undefined {
    if (linkMark(symbol) >= 0) {
      const added = parts.map((part) => (part === '()' ? part : `.${part}`)).join('');
      return this.#symbolOf(
        symbol + (symbol.endsWith('#') ? added.replace(/^\./, '') : added),
        from,
        depth + 1,
      );
    }
    const base = this.#symbolOf(symbol, from, depth + 1);
    return base === undefined ? undefined : walk(base, parts);
  }
}

function walk(from: SymbolNode, parts: readonly string[]): SymbolNode | undefined {
  let node: SymbolNode | undefined = from;
  for (const part of parts) node = part === '()' ? node?.result() : node?.member(part);
  return node;
}

/** The arguments that a link carries. */
class LinkArguments implements ArgumentSource {
  readonly #link: ModuleLink;

  constructor(link: ModuleLink) {
    this.#link = link;
  }

  text(path: string): string | undefined {
    const folded = this.#link.arguments;
    return Object.hasOwn(folded, path) ? folded[path] : undefined;
  }

  texts(path: string): readonly string[] | undefined {
    const text = this.text(path);
    return text?.split(',');
  }

  isPresent(path: string): boolean | undefined {
    return this.text(path) === undefined ? undefined : true;
  }
}
