import {
  child,
  children,
  Flag,
  Kind,
  nameOf,
  Role,
  referencesOf,
  type ScriptTree,
} from '@avow/formats/script';
import { firstValue } from './made.ts';
import type { CallOf } from './origin.ts';
import type { Origins } from './origins.ts';
import { moduleOf, nodeIn, type Point, pointOf } from './point.ts';
import type { Program, Unit } from './program.ts';

/** Call sites of one function that are followed; more is a library's heart, and is reported. */
const MAX_CALLERS = 400;

/** Calls of one name that are asked about: minified code calls everything `e`. */
const MAX_CANDIDATES = 1000;

/** What functions call a function that they are given. */
const CALLBACKS = ['callback', 'cb', 'fn', 'next', 'done'];

/**
 * Where a function is called, found from its name outwards: references of its
 * binding, calls of a property of that name, importers of its export. Each
 * candidate by name alone is confirmed backwards by its origins.
 */
export class Callers {
  readonly #program: Program;
  readonly #known = new Map<Point, readonly CallOf[]>();
  #origins!: Origins;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Origins and callers need each other; this ties the knot. */
  tie(origins: Origins): void {
    this.#origins = origins;
  }

  of(fn: Point): readonly CallOf[] {
    const known = this.#known.get(fn);
    if (known !== undefined) return known;
    this.#known.set(fn, []);
    const unit = this.#program.unit(moduleOf(fn));
    const found = unit === undefined ? [] : this.#find(unit, nodeIn(fn), fn);
    this.#known.set(fn, found.slice(0, MAX_CALLERS));
    return this.#known.get(fn)!;
  }

  #find(unit: Unit, node: number, fn: Point): CallOf[] {
    const { tree, scopes } = unit;
    const found = new Map<Point, CallOf>();
    const parent = tree.parent[node]!;
    if (tree.role[node] === Role.Callee) addCall(found, unit, parent);
    const id = nameBinding(unit, node);
    if (id >= 0) {
      for (const reference of referencesOf(scopes, id)) {
        if (tree.role[reference] === Role.Callee) addCall(found, unit, tree.parent[reference]!);
      }
    }
    const around = this.#around(unit);
    const names = this.#names(unit, node);
    // Names grow while they are gone through: importers may call it otherwise.
    for (const name of names) {
      for (const other of this.#holding(around, name, unit)) {
        this.#addNamed(found, other, name, fn);
        addAliases(names, other, name);
      }
    }
    if (tree.role[node] === Role.Argument || isReturned(tree, node)) {
      // What others call it is not known: the usual names are, in its own module.
      for (const name of CALLBACKS) this.#addNamed(found, unit, name, fn);
    }
    this.#addConstructions(found, unit, node, fn, names, around);
    return [...found.values()];
  }

  /** Modules around that may call a function by a name, or construct it; the others are not even parsed. */
  #holding(around: ReadonlySet<number>, name: string, own: Unit): readonly Unit[] {
    if (around.size === 1) return [own];
    const others = this.#program.mayUse(name).filter((module) => around.has(module));
    return [...new Set([own.module, ...others])].flatMap(
      (module) => this.#program.unit(module) ?? [],
    );
  }

  /** Names under which the function may be called from elsewhere. */
  #names(unit: Unit, node: number): Set<string> {
    const { tree, scopes } = unit;
    const names = new Set<string>();
    const parent = tree.parent[node]!;
    const isNamed = tree.role[node] === Role.Value || tree.kind[parent] === Kind.VariableDeclarator;
    const own = isNamed ? nameOf(tree, parent) : undefined;
    if (own !== undefined) names.add(own);
    if (tree.kind[parent] === Kind.Assignment) {
      const left = nameOf(tree, parent + 1);
      if (left !== undefined && left !== 'exports') names.add(left);
    }
    const binding = nameBinding(unit, node);
    if (binding >= 0) names.add(tree.names[scopes.bindingName[binding]!]!);
    for (const one of this.#origins.exportList(unit)) {
      const isThis = one.node === node || (binding >= 0 && one.binding === binding);
      if (!isThis && !this.#isWhole(unit, one.node, binding)) continue;
      if (one.name !== '' && one.name !== 'default') names.add(one.name);
      else for (const local of this.#localNames(unit)) names.add(local);
    }
    return names;
  }

  /** `module.exports = f`, of a function declared before. */
  #isWhole({ tree, scopes }: Unit, value: number, binding: number): boolean {
    return (
      value >= 0 &&
      tree.kind[value] === Kind.Identifier &&
      binding >= 0 &&
      scopes.bindingOf[value] === binding
    );
  }

  /** What importers call the module's default or whole export. */
  #localNames(unit: Unit): Set<string> {
    const names = new Set<string>(['default']);
    for (const importer of this.#program.importersOf(unit.module)) {
      const { tree } = importer;
      for (const call of importer.index.requires) {
        let at = call;
        while (tree.kind[tree.parent[at]!] === Kind.Await) at = tree.parent[at]!;
        const holder = tree.parent[at]!;
        const target =
          tree.kind[holder] === Kind.VariableDeclarator ? nameOf(tree, holder + 1) : undefined;
        if (target !== undefined) names.add(target);
        if (tree.role[at] === Role.Callee) names.add('require');
      }
      for (let node = 1; node < tree.count; node = tree.next[node]!) {
        if (tree.kind[node] !== Kind.ImportDeclaration) continue;
        for (const specifier of children(tree, node, Role.Specifier)) {
          const local = nameOf(tree, child(tree, specifier, Role.Id));
          if (local !== undefined) names.add(local);
        }
      }
    }
    return names;
  }

  /** The module itself, its importers, and theirs. */
  #around({ module, index }: Unit): Set<number> {
    const program = this.#program;
    const around = new Set([module]);
    for (const importer of program.importerIndexes(module)) {
      around.add(importer);
      for (const outer of program.importerIndexes(importer)) around.add(outer);
    }
    if (index.callsNamed('exposeInMainWorld').length > 0) {
      for (const other of program.input.modules.keys()) around.add(other);
    }
    const pages = program.pageScripts.map((unit) => unit.module);
    if (pages.includes(module)) for (const other of pages) around.add(other);
    return around;
  }

  #addNamed(found: Map<Point, CallOf>, unit: Unit, name: string, fn: Point): void {
    const { tree } = unit;
    for (const call of unit.index.callsNamed(name).slice(0, MAX_CANDIDATES)) {
      const callee = pointOf(unit.module, call + 1);
      if (this.#origins.of(callee).some((origin) => origin.point === fn))
        addCall(found, unit, call);
    }
    for (const way of ['call', 'apply']) {
      for (const call of unit.index.callsNamed(way)) {
        const object = call + 2;
        if (nameOf(tree, object) !== name) continue;
        const origins = this.#origins.of(pointOf(unit.module, object));
        if (origins.some((origin) => origin.point === fn)) addIndirect(found, unit, call, way);
      }
    }
  }

  /** `new C(…)` for a constructor, under the names of its class. */
  #addConstructions(
    found: Map<Point, CallOf>,
    unit: Unit,
    node: number,
    fn: Point,
    names: Set<string>,
    around: ReadonlySet<number>,
  ): void {
    const { tree } = unit;
    const method = tree.parent[node]!;
    const isConstructor = (tree.flags[method]! & Flag.Constructor) !== 0;
    const id = isConstructor ? child(tree, tree.parent[method]!, Role.Id) : -1;
    const known = isConstructor ? new Set([nameOf(tree, id) ?? 'default']) : names;
    for (const name of known) {
      for (const other of this.#holding(around, name, unit)) {
        addAliases(known, other, name);
        for (const made of other.index.constructions) {
          const callee = pointOf(other.module, made + 1);
          if (this.#origins.constructorsOf(callee).includes(fn)) addCall(found, other, made);
        }
      }
    }
  }
}

/** Adds the names by which a module imports, or exports again, what is called `name`. */
function addAliases(names: Set<string>, { tree }: Unit, name: string): void {
  for (let node = 1; node < tree.count; node = tree.next[node]!) {
    const kind = tree.kind[node];
    if (kind !== Kind.ImportDeclaration && kind !== Kind.ExportNamed) continue;
    const isImport = kind === Kind.ImportDeclaration;
    for (const specifier of children(tree, node, Role.Specifier)) {
      const own = nameOf(tree, specifier);
      const local = nameOf(tree, child(tree, specifier, isImport ? Role.Id : Role.Local));
      const [outer, inner] = isImport ? [local, own] : [own, local];
      if (inner === name && outer !== undefined) names.add(outer);
    }
  }
}

/** The binding of a function declaration, or of the `const` a function is put into; -1. */
function nameBinding({ tree, scopes }: Unit, node: number): number {
  const parent = tree.parent[node]!;
  const isDeclaration = tree.kind[node] === Kind.FunctionDeclaration;
  const id = isDeclaration
    ? child(tree, node, Role.Id)
    : tree.kind[parent] === Kind.VariableDeclarator && tree.role[node] === Role.Init
      ? child(tree, parent, Role.Id)
      : child(tree, node, Role.Id);
  return id >= 0 && tree.kind[id] === Kind.Identifier ? scopes.bindingOf[id]! : -1;
}

function isReturned(tree: ScriptTree, node: number): boolean {
  return tree.kind[tree.parent[node]!] === Kind.Return || tree.role[node] === Role.Body;
}

function addCall(found: Map<Point, CallOf>, unit: Unit, call: number): void {
  const { tree } = unit;
  const list = children(tree, call, Role.Argument);
  found.set(pointOf(unit.module, call), {
    point: pointOf(unit.module, call),
    argument: (position) => {
      const spread = list.findIndex((one) => tree.kind[one] === Kind.Spread);
      const isSpread = spread >= 0 && spread <= position;
      const node = isSpread ? elementOf(unit, list[spread]!, position - spread) : list[position];
      return node === undefined ? undefined : pointOf(unit.module, node);
    },
  });
}

/** An element of a spread list that is written out, here or where its name is declared. */
function elementOf(unit: Unit, spread: number, index: number): number | undefined {
  const { tree } = unit;
  const given = spread + 1;
  const list = tree.kind[given] === Kind.Identifier ? firstValue(unit, given) : given;
  if (list < 0 || tree.kind[list] !== Kind.Array) return undefined;
  const elements = children(tree, list, Role.Element).slice(0, index + 1);
  const isKnown = elements.every((one) => tree.kind[one] !== Kind.Spread);
  return isKnown ? elements[index] : undefined;
}

/** `f.call(this, a)` and `f.apply(this, [a])`. */
function addIndirect(found: Map<Point, CallOf>, unit: Unit, call: number, way: string): void {
  const { tree } = unit;
  const list = children(tree, call, Role.Argument);
  const array = list[1];
  const items =
    way === 'call'
      ? list.slice(1)
      : array !== undefined && tree.kind[array] === Kind.Array
        ? children(tree, array, Role.Element)
        : [];
  found.set(pointOf(unit.module, call), {
    point: pointOf(unit.module, call),
    argument: (position) => {
      const node = items[position];
      return node === undefined ? undefined : pointOf(unit.module, node);
    },
  });
}
