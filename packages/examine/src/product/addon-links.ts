import type { JsonNode } from '../manifest/json.ts';
import { HOLE } from '../observe/fold/value.ts';
import { usedIn } from '../observe/reading.ts';
import { ADDON, namesAddon } from '../rules/addon-names.ts';
import { symbolParts } from '../rules/symbol.ts';
import type { PlacedReach, ProductModule } from './module.ts';
import { folderOf, type Resolver } from './resolve.ts';

/** Files between a use and the native module: re-exports of re-exports. */
const MAX_CHAIN = 8;

/** In place of a property: the module as a whole is given on. */
export const WHOLE = '*';

/** A script's use of a native module: of one of its properties, or, without parts, its loading. */
export interface AddonUse {
  /** Path of the native module. */
  readonly addon: string;
  readonly parts: readonly string[];
  readonly line: Omit<PlacedReach, 'export'>;
  /** It is not used there, but exported. */
  readonly isGivenOn?: boolean;
}

/** What a symbol comes to: native modules, and what is taken of them. */
interface Target {
  readonly addon: string;
  readonly parts: readonly string[];
}

/** Follows the links of scripts to native modules, over the product's own files. */
export class AddonLinks {
  readonly #scripts: readonly ProductModule[];
  readonly #modules: ReadonlyMap<string, ProductModule>;
  readonly #addons: readonly string[];
  readonly #manifests: ReadonlyMap<string, JsonNode>;
  readonly #resolver: Resolver;
  readonly #known = new Map<string, readonly Target[]>();

  constructor(
    scripts: readonly ProductModule[],
    addons: readonly string[],
    manifests: ReadonlyMap<string, JsonNode>,
    resolver: Resolver,
  ) {
    this.#scripts = scripts;
    this.#modules = new Map(scripts.map((module) => [module.path, module]));
    this.#addons = addons;
    this.#manifests = manifests;
    this.#resolver = resolver;
  }

  /** Whether a use of another file's export comes to what a native module gives. */
  isLinked({ path, reading }: ProductModule): boolean {
    return reading.uses.some((text) => {
      return this.#targetsOf(usedIn(text).symbol, path, 0).some(({ parts }) => parts.length > 0);
    });
  }

  /** Of modules that were read with their links, where they have such. */
  *uses(): Generator<AddonUse> {
    for (const { path, reading } of this.#scripts) {
      for (const { specifier, place } of reading.imports) {
        if (!specifier.startsWith(ADDON) && !namesAddon(specifier)) continue;
        const line = { path, place, evidence: `loads ${shownSpecifier(specifier)}` };
        for (const { addon, parts } of this.#targetsOf(`${specifier}#`, path, 0)) {
          if (parts.length === 0) yield { addon, parts, line };
        }
      }
      yield* this.#givenOn(path, reading);
      for (const { symbol, place, evidence } of reading.links) {
        for (const { addon, parts } of this.#targetsOf(symbol, path, 0)) {
          if (parts.length > 0) yield { addon, parts, line: { path, place, evidence } };
        }
      }
    }
  }

  /** What a file gives on to whoever imports it: at the place that loads it, for want of a better. */
  *#givenOn(path: string, { exports, imports }: ProductModule['reading']): Generator<AddonUse> {
    for (const [key, texts] of Object.entries(exports)) {
      if (!key.startsWith(ADDON)) continue;
      const name = key.slice(ADDON.length);
      for (const text of texts.split(' ')) {
        const loaded = imports.find(({ specifier }) => text.startsWith(`${specifier}#`));
        if (loaded === undefined) continue;
        const line = { path, place: loaded.place, evidence: `exports it as ${name}` };
        for (const { addon, parts } of this.#targetsOf(text, path, 0)) {
          yield { addon, parts: parts.length === 0 ? [WHOLE] : parts, line, isGivenOn: true };
        }
      }
    }
  }

  #targetsOf(symbol: string, from: string, depth: number): readonly Target[] {
    const key = `${from} ${symbol}`;
    let targets = this.#known.get(key);
    if (targets === undefined) {
      // A chain that comes back to itself stands for nothing.
      this.#known.set(key, []);
      targets = depth > MAX_CHAIN ? [] : this.#follow(symbol, from, depth);
      this.#known.set(key, targets);
    }
    return targets;
  }

  #follow(symbol: string, from: string, depth: number): readonly Target[] {
    const hash = symbol.indexOf('#', 1);
    if (hash < 0 || /^(node|npm|global):/.test(symbol)) return [];
    const specifier = symbol.slice(0, hash);
    const parts = symbolParts(symbol.slice(hash + 1)).filter((part) => part !== '');
    if (specifier.startsWith(ADDON)) {
      const name = specifier.slice(ADDON.length);
      return this.#named(name, from).map((addon) => ({ addon, parts }));
    }
    const path = this.#resolver.resolve(specifier, from);
    if (path === undefined) return [];
    if (this.#addons.includes(path)) return [{ addon: path, parts }];
    const module = this.#modules.get(path);
    return module === undefined ? [] : this.#exported(module, parts, depth);
  }

  /** The longest name under which a file exports something, with what is taken of that. */
  #exported(module: ProductModule, parts: readonly string[], depth: number): readonly Target[] {
    const { exports } = module.reading;
    const names = parts[0] === 'default' ? [parts, parts.slice(1)] : [parts];
    for (const taken of names) {
      for (let count = taken.length; count >= 0; count -= 1) {
        const name = count === 0 ? 'module.exports' : joined(taken.slice(0, count));
        const texts = textsOf(exports, name);
        if (texts.length === 0) continue;
        const rest = taken.slice(count);
        return texts.flatMap((text) =>
          this.#targetsOf(withParts(text, rest), module.path, depth + 1),
        );
      }
    }
    return Object.entries(exports).flatMap(([name, value]) =>
      name.startsWith('*') ? this.#targetsOf(withParts(value, parts), module.path, depth + 1) : [],
    );
  }

  /** Native modules that a loader may mean by a name, in the package of the file `from`. */
  #named(name: string, from: string): readonly string[] {
    const root = this.#packageOf(from);
    const inside = root === '' ? '' : `${root}/`;
    const own = this.#addons.filter((path) => {
      return path.startsWith(inside) && !path.slice(inside.length).includes('node_modules/');
    });
    if (name === '') return own;
    const bare = name.replace(/^(?:\.{1,2}\/)+/, '');
    if (!name.startsWith('.') && !name.startsWith(HOLE) && name.includes('/')) {
      return this.#addons.filter((path) => endsLike(path, `node_modules/${bare}`));
    }
    const file = bare.slice(bare.lastIndexOf('/') + 1);
    return own.filter(
      (path) => endsLike(path, file) || endsLike(path.replace(/\.node$/, ''), file),
    );
  }

  /** The folder of the nearest package.json. */
  #packageOf(path: string): string {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      if (this.#manifests.has(`${folder}/package.json`)) return folder;
    }
    return '';
  }
}

/** Whether a path ends as a name with holes says, from a slash on or from the start. */
function endsLike(path: string, name: string): boolean {
  const pieces = name.split(HOLE);
  const last = pieces.pop()!;
  if (!path.endsWith(last)) return false;
  let end = path.length - last.length;
  if (pieces.length === 0) return end === 0 || path[end - 1] === '/' || last === '';
  for (const piece of pieces.reverse()) {
    const at = path.lastIndexOf(piece, end - piece.length);
    if (at < 0) return false;
    end = at;
  }
  return true;
}

/** What an export stands for: native code first, of every platform. */
function textsOf(exports: ProductModule['reading']['exports'], name: string): string[] {
  const addons = `${ADDON}${name}`;
  const native = Object.hasOwn(exports, addons) ? exports[addons]!.split(' ') : [];
  return Object.hasOwn(exports, name) ? [...native, exports[name]!] : native;
}

function joined(parts: readonly string[]): string {
  return parts.reduce((text, part) => (part === '()' ? `${text}()` : `${text}.${part}`));
}

function withParts(symbol: string, parts: readonly string[]): string {
  return parts.reduce((text, part) => {
    if (part === '()') return `${text}()`;
    return text.endsWith('#') ? text + part : `${text}.${part}`;
  }, symbol);
}

function shownSpecifier(specifier: string): string {
  if (specifier === ADDON) return "the package's native code";
  return specifier.startsWith(ADDON) ? specifier.slice(ADDON.length) : specifier;
}
