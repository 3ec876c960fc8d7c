import { Kind, type Scopes, type ScriptTree } from '@avow/formats/script';
import type { ModuleReading } from '../observe/reading.ts';
import { UnitIndex } from './unit-index.ts';
import { CALLED } from './words.ts';

/** One module of the product, as far as flows need it. */
export interface FlowModule {
  readonly path: string;
  readonly reading: ModuleReading;
}

export interface ParsedScript {
  readonly tree: ScriptTree;
  readonly scopes: Scopes;
}

/** What flow analysis is given: readings of all modules, and the text of those it asks for. */
export interface FlowInput {
  readonly modules: readonly FlowModule[];
  /** The module's tree; undefined when it cannot be read now (a result says so). */
  parse(module: FlowModule): ParsedScript | undefined;
  /** The product's module that an import names; undefined for packages outside and built-ins. */
  resolve(from: string, specifier: string): string | undefined;
  /**
   * Paths of modules whose bytes contain a text: to find the other end of a
   * message. With `CALLED` before it: modules that may use it so (`words.ts`).
   */
  modulesContaining(text: string): readonly string[];
}

/** A module with its tree, loaded when the data gets there. */
export interface Unit extends ParsedScript {
  readonly module: number;
  readonly path: string;
  readonly reading: ModuleReading;
  readonly index: UnitIndex;
}

/** The product's modules, parsed on demand: most hold no source and are never reached by data. */
export class Program {
  readonly input: FlowInput;
  /** Modules whose tree was asked for and could not be had. */
  readonly missing = new Set<string>();
  readonly #byPath = new Map<string, number>();
  readonly #units = new Map<number, Unit | undefined>();
  #importers: Map<number, Set<number>> | undefined;

  constructor(input: FlowInput) {
    this.input = input;
    input.modules.forEach((module, index) => {
      this.#byPath.set(module.path, index);
    });
  }

  unit(module: number): Unit | undefined {
    if (this.#units.has(module)) return this.#units.get(module);
    const source = this.input.modules[module]!;
    const parsed = source.reading.state === 'unread' ? undefined : this.input.parse(source);
    if (parsed === undefined) this.missing.add(source.path);
    const unit =
      parsed === undefined
        ? undefined
        : {
            tree: parsed.tree,
            get scopes() {
              return parsed.scopes;
            },
            module,
            path: source.path,
            reading: source.reading,
            index: new UnitIndex(parsed.tree),
          };
    this.#units.set(module, unit);
    return unit;
  }

  /** The module index that an import names; undefined outside the product. */
  resolve(unit: Unit, specifier: string): number | undefined {
    const path = this.input.resolve(unit.path, specifier);
    return path === undefined ? undefined : this.#byPath.get(path);
  }

  /** Modules that import this one. */
  importersOf(module: number): readonly Unit[] {
    return this.importerIndexes(module).flatMap((index) => this.unit(index) ?? []);
  }

  /** The same, without their trees. */
  importerIndexes(module: number): readonly number[] {
    this.#importers ??= this.#readImporters();
    return [...(this.#importers.get(module) ?? [])];
  }

  /** Modules that hold a name as a word, and may call it so or construct something. */
  mayUse(name: string): readonly number[] {
    return this.input
      .modulesContaining(`${CALLED}${name}`)
      .flatMap((path) => this.#byPath.get(path) ?? []);
  }

  containing(text: string): readonly Unit[] {
    return this.input
      .modulesContaining(text)
      .flatMap((path) => this.unit(this.#byPath.get(path) ?? -1) ?? []);
  }

  /** Scripts that pages load one after the other into one global scope. */
  get pageScripts(): readonly Unit[] {
    this.#pageScripts ??= this.input.modules.flatMap(({ path, reading }) =>
      reading.imports.flatMap(({ specifier, how }) => {
        const target = how === 'script' ? this.input.resolve(path, specifier) : undefined;
        return target === undefined ? [] : (this.#byPath.get(target) ?? []);
      }),
    );
    return [...new Set(this.#pageScripts)].flatMap((index) => this.unit(index) ?? []);
  }

  #pageScripts: number[] | undefined;

  #readImporters(): Map<number, Set<number>> {
    const importers = new Map<number, Set<number>>();
    this.input.modules.forEach(({ path, reading }, index) => {
      for (const { specifier } of reading.imports) {
        const resolved = this.input.resolve(path, specifier);
        const target = resolved === undefined ? undefined : this.#byPath.get(resolved);
        if (target === undefined) continue;
        const known = importers.get(target) ?? new Set();
        known.add(index);
        importers.set(target, known);
      }
    });
    return importers;
  }
}

/** Whether a node is a function of any form. */
export function isFunctionKind(kind: number | undefined): boolean {
  return (
    kind === Kind.FunctionDeclaration || kind === Kind.FunctionExpression || kind === Kind.Arrow
  );
}

export function isClassKind(kind: number | undefined): boolean {
  return kind === Kind.ClassDeclaration || kind === Kind.ClassExpression;
}
