import { type JsonNode, jsonAt } from '../manifest/json.ts';

const EXTENSIONS = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.json',
  '.node',
  '.ts',
  '.tsx',
  '.jsx',
  '.mts',
  '.cts',
  '.vue',
  '.svelte',
];
const INDEXES = [
  '/index.js',
  '/index.mjs',
  '/index.cjs',
  '/index.ts',
  '/index.tsx',
  '/index.node',
  '/index.json',
];

/** Conditions of `exports` in the order in which one is taken. */
const CONDITIONS = ['node', 'import', 'require', 'module', 'browser', 'worker', 'default'];

/** Conditions within conditions. */
const MAX_CONDITIONS = 8;

/** Finds the member that a specifier means: Node's resolution (CommonJS and ESM), over member paths alone. */
export class Resolver {
  readonly #paths: ReadonlySet<string>;
  readonly #manifests: ReadonlyMap<string, JsonNode>;
  /** Each import is asked for by every use of what it gives. */
  readonly #known = new Map<string, string | undefined>();

  constructor(paths: ReadonlySet<string>, manifests: ReadonlyMap<string, JsonNode>) {
    this.#paths = paths;
    this.#manifests = manifests;
  }

  /** The member that `specifier` means in `from`; undefined when the product has none. */
  resolve(specifier: string, from: string): string | undefined {
    const key = `${from}\n${specifier}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#resolve(specifier, from));
    return this.#known.get(key);
  }

  #resolve(specifier: string, from: string): string | undefined {
    const bare = specifier.replace(/[?#].*$/, '') || specifier;
    const folder = folderOf(from);
    if (bare.startsWith('./') || bare.startsWith('../') || bare === '.' || bare === '..') {
      return this.#file(joined(folder, bare));
    }
    if (bare.startsWith('/')) return this.#file(joined(rootOf(from), `.${bare}`));
    if (specifier.startsWith('#')) return this.#imported(specifier, from);
    return this.#package(bare, folder);
  }

  /** The member a path relative to the folder `from` names, as a page or manifest names it. */
  file(path: string, folder: string): string | undefined {
    return this.#file(joined(folder, path.replace(/^\//, './')));
  }

  #file(path: string | undefined): string | undefined {
    if (path === undefined) return undefined;
    for (const extension of EXTENSIONS)
      if (this.#paths.has(path + extension)) return path + extension;
    // TypeScript sources name the file that they will become.
    const typed = path.replace(/\.([mc]?)js(x?)$/, '.$1ts$2');
    if (typed !== path && this.#paths.has(typed)) return typed;
    const manifest = this.#manifests.get(slashed(path, 'package.json'));
    const main = manifest === undefined ? undefined : jsonAt(manifest, 'main')?.value;
    if (typeof main === 'string') {
      const target = joined(path, main);
      if (target !== undefined && target !== path) {
        for (const end of [...EXTENSIONS, ...INDEXES])
          if (this.#paths.has(target + end)) return target + end;
      }
    }
    for (const index of INDEXES) {
      const candidate = path === '' ? index.slice(1) : path + index;
      if (this.#paths.has(candidate)) return candidate;
    }
    return undefined;
  }

  /** `#name` by `imports` of the nearest package.json. */
  #imported(specifier: string, from: string): string | undefined {
    for (let folder = folderOf(from); ; folder = folderOf(folder)) {
      const manifest = this.#manifests.get(slashed(folder, 'package.json'));
      const imports = manifest === undefined ? undefined : jsonAt(manifest, 'imports');
      if (imports !== undefined) {
        const direct = this.#target(jsonAt(imports, specifier), folder, '', 0);
        return direct ?? this.#patterned(imports, specifier, folder);
      }
      if (folder === '') return undefined;
    }
  }

  /** A package in `node_modules` of this folder or one above, or the package by its own name. */
  #package(specifier: string, start: string): string | undefined {
    const parts = specifier.split('/');
    const size = specifier.startsWith('@') ? 2 : 1;
    const name = parts.slice(0, size).join('/');
    const rest = parts.slice(size).join('/');
    for (let folder = start; ; folder = folderOf(folder)) {
      const own = this.#manifests.get(slashed(folder, 'package.json'));
      if (own !== undefined && jsonAt(own, 'name')?.value === name)
        return this.#entry(folder, own, rest);
      const home = slashed(folder, `node_modules/${name}`);
      const manifest = this.#manifests.get(`${home}/package.json`);
      const found =
        manifest === undefined
          ? this.#file(slashed(home, rest))
          : this.#entry(home, manifest, rest);
      if (found !== undefined) return found;
      if (folder === '') return undefined;
    }
  }

  #entry(home: string, manifest: JsonNode, rest: string): string | undefined {
    const exports = jsonAt(manifest, 'exports');
    if (exports !== undefined) {
      const isMap = exports.entries.some(({ key }) => key.startsWith('.'));
      const key = rest === '' ? '.' : `./${rest}`;
      const direct = isMap ? jsonAt(exports, key) : rest === '' ? exports : undefined;
      const found = this.#target(direct, home, '', 0) ?? this.#patterned(exports, key, home);
      if (found !== undefined) return found;
    }
    if (rest !== '') return this.#file(slashed(home, rest));
    for (const field of ['main', 'module', 'browser']) {
      const value = jsonAt(manifest, field)?.value;
      const found = typeof value === 'string' ? this.#file(joined(home, value)) : undefined;
      if (found !== undefined) return found;
    }
    return this.#file(home);
  }

  /** `"./features/*": "./src/*.js"`. */
  #patterned(exports: JsonNode, key: string, home: string): string | undefined {
    for (const { key: pattern, node } of exports.entries) {
      const [before, after, more] = pattern.split('*');
      if (after === undefined || more !== undefined) continue;
      if (!key.startsWith(before!) || !key.endsWith(after) || key.length < pattern.length) continue;
      const star = key.slice(before!.length, key.length - after.length);
      return this.#target(node, home, star, 0);
    }
    return undefined;
  }

  #target(
    node: JsonNode | undefined,
    home: string,
    star: string,
    depth: number,
  ): string | undefined {
    if (node === undefined || depth > MAX_CONDITIONS) return undefined;
    if (typeof node.value === 'string')
      return this.#file(joined(home, node.value.replaceAll('*', star)));
    for (const item of node.items) {
      const found = this.#target(item, home, star, depth + 1);
      if (found !== undefined) return found;
    }
    for (const condition of CONDITIONS) {
      const found = this.#target(jsonAt(node, condition), home, star, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Where `/` means the container's root: after the last `!/`. */
function rootOf(path: string): string {
  const enter = path.lastIndexOf('!/');
  return enter < 0 ? '' : path.slice(0, enter + 1);
}

function slashed(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' ? name : `${folder}/${name}`;
}

/** Undefined for a path that leaves its container. */
export function joined(folder: string, path: string): string | undefined {
  const segments = folder === '' ? [] : folder.split('/');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length === 0 || segments.pop()!.endsWith('!')) return undefined;
  }
  return segments.join('/');
}
