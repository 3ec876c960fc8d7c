import { digestOf } from '@avow/bytes';
import {
  type Functions,
  fingerprintOf,
  functionAt,
  type NativeCode,
  type NativeImage,
  visitArguments,
} from '@avow/formats/native';
import { foldedName } from './names.ts';
import { rustName } from './rust-names.ts';

/** Hex digits: enough that two functions of one module do not meet by chance. */
const DIGITS = 16;

/**
 * What functions are known by in results: their symbols (Rust's as people write
 * them, `std::fs::read`), or, where those are
 * stripped, `uses:1f2e3d4c5b6a7988`, a digest over the imports that they call,
 * which stays when a linker moves the code and mostly when a compiler builds it
 * anew. Functions that call none go by the fingerprint of their code.
 */
export class FunctionNames {
  readonly #image: NativeImage;
  readonly #code: NativeCode;
  readonly #known = new Map<number, string>();
  /** RVA of `main`; -1 where it is not known. */
  #mainAt: number | undefined;
  /** By function: names of imports, once somebody asks. */
  #imports: ReadonlyMap<number, ReadonlySet<string>> | undefined;

  constructor(image: NativeImage, code: NativeCode) {
    this.#image = image;
    this.#code = code;
  }

  nameOf(index: number): string {
    let name = this.#known.get(index);
    if (name === undefined) {
      name = this.#symbol(index) ?? this.#main(index) ?? this.#uses(index);
      name ??= this.#fingerprint(index);
      this.#known.set(index, name);
    }
    return name;
  }

  get #functions(): Functions {
    return this.#code.functions;
  }

  #symbol(index: number): string | undefined {
    const symbol = this.#functions.symbol[index]!;
    if (symbol < 0) return undefined;
    try {
      return stableName(this.#image.symbols.nameOf(symbol));
    } catch {
      return undefined;
    }
  }

  /** The one that a stripped program's start hands to the C library. */
  #main(index: number): string | undefined {
    this.#mainAt ??= mainOf(this.#image, this.#code);
    return this.#functions.start[index] === this.#mainAt ? 'main' : undefined;
  }

  #uses(index: number): string | undefined {
    this.#imports ??= this.#importsOfAll();
    const names = this.#imports.get(index);
    if (names === undefined) return undefined;
    const digest = digestOf([...names].sort().join('\n'));
    return `uses:${digest.slice('sha256:'.length, 'sha256:'.length + DIGITS)}`;
  }

  #importsOfAll(): Map<number, Set<string>> {
    const all = new Map<number, Set<string>>();
    const { sites } = this.#code;
    const { imports } = this.#image;
    for (let site = 0; site < sites.count; site += 1) {
      const name = imports[sites.target[site]!]?.name;
      if (name === undefined) continue;
      const index = functionAt(this.#functions, sites.rva[site]!);
      if (index < 0 || this.#functions.symbol[index]! >= 0) continue;
      const known = all.get(index) ?? new Set();
      all.set(index, known.add(foldedName(name.replace(/@.*$/, ''))));
    }
    return all;
  }

  #fingerprint(index: number): string {
    const { start, end } = this.#functions;
    const print = fingerprintOf(this.#image, start[index]!, end[index]!);
    return print === undefined ? '' : `code:${print}`;
  }
}

/** Rust's names without the hashes that each build of a crate changes. */
function stableName(symbol: string): string {
  const rust = rustName(symbol);
  return rust?.replaceAll('.', '::') ?? symbol.replace(/17h[0-9a-f]{16}E/, 'E');
}

/** What `_start` gives `__libc_start_main` first. */
function mainOf(image: NativeImage, code: NativeCode): number {
  const isStart = image.imports.map(({ name }) => name.startsWith('__libc_start_main'));
  const base = Number(image.base);
  let found = -1;
  visitArguments(
    image,
    code,
    (site) => isStart[code.sites.target[site]!] === true,
    ({ values: [first] }) => {
      if (first?.kind === 'address') found = first.value;
      else if (first?.kind === 'constant' && base > 0) found = first.value - base;
    },
  );
  return found;
}
