import {
  BindingKind,
  child,
  children,
  declarationsOf,
  Flag,
  Kind,
  nameOf,
  Role,
  stringValue,
} from '@avow/formats/script';
import { type Export, exportsOf } from '../observe/exports.ts';
import { isIndex } from './access.ts';
import { globalOf } from './globals.ts';
import {
  assignedMember,
  classMember,
  constructorOf,
  instanceMember,
  objectMember,
  superOf,
  thisOf,
} from './members.ts';
import { type CallOf, MAX_STEPS, type Origin, type OriginQuery } from './origin.ts';
import { keysTo, returnsOf } from './patterns.ts';
import { moduleOf, nodeIn, type Point, pointOf } from './point.ts';
import { isClassKind, isFunctionKind, type Program, type Unit } from './program.ts';
import { writesOf } from './reaching.ts';

/** What compilers wrap around a module that another one requires. */
const INTEROP =
  /^_{0,2}(?:interopRequire(?:Default|Wildcard)|importDefault|importStar|toESM|interopNamespace(?:Default)?)$/;

/** Questions within questions, across callers: a bound of the stack. */
const MAX_OPEN = 60;
/** Classes that extend one another; real ones are fewer. */
const MAX_EXTENDED = 12;
/** Expressions looked at for one question. */
const MAX_WORK = 3000;
/** Origins of one value that are followed; more makes every call call everything. */
const MAX_ORIGINS = 24;

/**
 * Answers backwards what a value may be, on demand, for the few places that
 * data reaches: which functions a call calls, which object a method is of.
 */
export class Origins implements OriginQuery {
  readonly #program: Program;
  readonly #callers: (fn: Point) => readonly CallOf[];
  readonly #known = new Map<Point, readonly Origin[]>();
  readonly #exports = new Map<number, readonly Export[]>();
  readonly #open = new Set<Point>();
  /** How often an answer was cut short: what was asked meanwhile is not remembered. */
  #cuts = 0;
  #work = 0;

  /** @param callers Where a function is called with what: needed to go from a parameter to its arguments. */
  constructor(program: Program, callers: (fn: Point) => readonly CallOf[]) {
    this.#program = program;
    this.#callers = callers;
  }

  /** What made the value of an expression; empty where nothing is known. */
  of(point: Point, steps = 0): readonly Origin[] {
    const known = this.#known.get(point);
    if (known !== undefined) return known;
    const isCut = steps > MAX_STEPS || this.#open.size > MAX_OPEN || this.#work > MAX_WORK;
    if (isCut || this.#open.has(point)) {
      this.#cuts += 1;
      return [];
    }
    if (this.#open.size === 0) this.#work = 0;
    this.#work += 1;
    const cuts = this.#cuts;
    this.#open.add(point);
    const unit = this.#program.unit(moduleOf(point));
    const found = unit === undefined ? [] : this.#expression(unit, nodeIn(point), steps);
    this.#open.delete(point);
    const distinct = unique(found);
    // An answer to the first question stands as it is: it is asked again and again.
    if (cuts === this.#cuts || this.#open.size === 0) this.#known.set(point, distinct);
    return distinct;
  }

  /** Functions that an expression may be, constructors of classes not among them. */
  functionsOf(point: Point): readonly Point[] {
    return this.of(point).flatMap((origin) => {
      const unit = this.#program.unit(moduleOf(origin.point));
      const isFunction = isFunctionKind(unit?.tree.kind[nodeIn(origin.point)]);
      return origin.kind === 'node' && isFunction ? [origin.point] : [];
    });
  }

  /** The function that `new` of an expression runs, of classes and of functions. */
  constructorsOf(point: Point, depth = 0): readonly Point[] {
    // A class may seem to extend itself, where a name stands for several.
    if (depth > MAX_EXTENDED) return [];
    return this.of(point).flatMap((origin) => {
      if (origin.kind !== 'node') return [];
      const unit = this.#program.unit(moduleOf(origin.point))!;
      const node = nodeIn(origin.point);
      if (isFunctionKind(unit.tree.kind[node])) return [origin.point];
      if (!isClassKind(unit.tree.kind[node])) return [];
      return constructorOf(this, unit, node, depth);
    });
  }

  /** The constructor that `super(…)` runs. */
  superConstructorsOf(point: Point): readonly Point[] {
    return this.of(point).flatMap((origin) => {
      const unit = this.#program.unit(moduleOf(origin.point))!;
      if (origin.kind !== 'instance') return [];
      const node = nodeIn(origin.point);
      if (isFunctionKind(unit.tree.kind[node])) return [origin.point];
      return isClassKind(unit.tree.kind[node]) ? constructorOf(this, unit, node) : [];
    });
  }

  /** Setters that an assignment to a member runs. */
  settersOf(member: Point): readonly Point[] {
    return this.functionsOf(member).filter((fn) => {
      const { tree } = this.#program.unit(moduleOf(fn))!;
      return (tree.flags[tree.parent[nodeIn(fn)]!]! & Flag.Set) !== 0;
    });
  }

  /** The one `new` that made a value; undefined where there are several or it is not known. */
  madeAt(point: Point): Point | undefined {
    const [origin, ...others] = this.of(point);
    if (origin === undefined || others.length > 0 || origin.kind !== 'node') return undefined;
    const unit = this.#program.unit(moduleOf(origin.point));
    return unit?.tree.kind[nodeIn(origin.point)] === Kind.New ? origin.point : undefined;
  }

  /** Exports of a module under a name; `default` of CommonJS is the module itself. */
  exported(module: number, name: string, steps = 0): readonly Origin[] {
    const unit = this.#program.unit(module);
    if (unit === undefined || steps > MAX_STEPS) return [];
    const found: Origin[] = [];
    for (const one of this.exportList(unit)) {
      if (one.from !== undefined) {
        const target = this.#program.resolve(unit, one.from.specifier);
        if (target === undefined) continue;
        if (one.name === '*' && name !== 'default')
          found.push(...this.exported(target, name, steps + 1));
        else if (one.name === name && one.from.name === '*') found.push(moduleOrigin(target));
        else if (one.name === name) found.push(...this.exported(target, one.from.name, steps + 1));
      } else if (one.name === name) {
        found.push(...this.of(pointOf(module, one.node), steps + 1));
      } else if (one.name === '' && name !== '') {
        const whole = this.of(pointOf(module, one.node), steps + 1);
        if (name === 'default') found.push(...whole);
        else found.push(...whole.flatMap((origin) => this.member(origin, name, steps + 1)));
      }
    }
    return unique(found);
  }

  exportList(unit: Unit): readonly Export[] {
    let known = this.#exports.get(unit.module);
    if (known === undefined) this.#exports.set(unit.module, (known = exportsOf(unit)));
    return known;
  }

  /** What a member of a value may be. */
  member(origin: Origin, name: string, steps: number): readonly Origin[] {
    if (steps > MAX_STEPS) return [];
    if (origin.kind === 'module') return this.exported(moduleOf(origin.point), name, steps + 1);
    const unit = this.#program.unit(moduleOf(origin.point));
    if (unit === undefined) return [];
    const node = nodeIn(origin.point);
    const { tree } = unit;
    if (origin.kind === 'instance') return instanceMember(this, unit, node, name, steps);
    switch (tree.kind[node]) {
      case Kind.Object:
        return objectMember(this, unit, node, name, steps);
      case Kind.Array:
        return isIndex(name)
          ? children(tree, node, Role.Element).flatMap((element) =>
              this.of(pointOf(unit.module, element), steps + 1),
            )
          : [];
      case Kind.New:
        return this.of(pointOf(unit.module, node + 1), steps + 1).flatMap((made) =>
          this.member({ kind: 'instance', point: made.point }, name, steps + 1),
        );
      case Kind.ClassDeclaration:
      case Kind.ClassExpression:
        return classMember(this, unit, node, name, true, steps);
      default:
        return [];
    }
  }

  #expression(unit: Unit, node: number, steps: number): Origin[] {
    const { tree } = unit;
    const at = (one: number): readonly Origin[] =>
      one < 0 ? [] : this.of(pointOf(unit.module, one), steps + 1);
    const kind = tree.kind[node];
    switch (kind) {
      case Kind.Identifier:
        return this.#identifier(unit, node, steps);
      case Kind.Member:
        return this.#memberExpression(unit, node, steps);
      case Kind.This:
        return thisOf(this, unit, node);
      case Kind.Super:
        return superOf(this, unit, node, steps);
      case Kind.Call:
        return this.#call(unit, node, steps);
      case Kind.ImportCall: {
        const module = this.#required(unit, child(tree, node, Role.Source));
        return module === undefined ? [] : this.#module(module, steps);
      }
      case Kind.Await:
        return [...at(node + 1)];
      case Kind.Assignment:
        return [...at(child(tree, node, Role.Right))];
      case Kind.Conditional:
        return [
          ...at(child(tree, node, Role.Consequent)),
          ...at(child(tree, node, Role.Alternate)),
        ];
      case Kind.Logical:
        return [...at(child(tree, node, Role.Left)), ...at(child(tree, node, Role.Right))];
      case Kind.Default:
        return [...at(child(tree, node, Role.Left)), ...at(child(tree, node, Role.Right))];
      case Kind.Sequence:
        return [...at(children(tree, node).at(-1) ?? -1)];
      default:
        return [{ kind: 'node', point: pointOf(unit.module, node) }];
    }
  }

  #identifier(unit: Unit, node: number, steps: number): Origin[] {
    const { tree, scopes } = unit;
    const binding = scopes.bindingOf[node]!;
    if (binding < 0) return [...globalOf(this, this.#program, nameOf(tree, node) ?? '', steps)];
    const found: Origin[] = [];
    switch (scopes.bindingKind[binding]) {
      case BindingKind.Global:
        return nameOf(tree, node) === 'exports'
          ? [moduleOrigin(unit.module)]
          : [...globalOf(this, this.#program, nameOf(tree, node) ?? '', steps)];
      case BindingKind.Import:
        return [...this.#imported(unit, declarationsOf(scopes, binding)[0]!, steps)];
      case BindingKind.Param:
        found.push(...this.#parameter(unit, declarationsOf(scopes, binding)[0]!, steps));
        break;
      default:
        for (const declaration of declarationsOf(scopes, binding)) {
          const parent = tree.parent[declaration]!;
          if (isFunctionKind(tree.kind[parent]) || isClassKind(tree.kind[parent])) {
            found.push({ kind: 'node', point: pointOf(unit.module, parent) });
          }
        }
    }
    for (const write of writesOf(unit, binding))
      found.push(...this.#written(unit, write, binding, steps));
    return found;
  }

  /** What a declarator or assignment puts into one of the names of its target. */
  #written(unit: Unit, write: number, binding: number, steps: number): readonly Origin[] {
    const { tree, scopes } = unit;
    const isDeclarator = tree.kind[write] === Kind.VariableDeclarator;
    const target = isDeclarator ? child(tree, write, Role.Id) : child(tree, write, Role.Left);
    const value = isDeclarator ? child(tree, write, Role.Init) : child(tree, write, Role.Right);
    if (value < 0) return [];
    if (tree.kind[target] === Kind.Identifier)
      return this.of(pointOf(unit.module, value), steps + 1);
    for (let at = target; at < tree.next[target]!; at += 1) {
      if (scopes.bindingOf[at] !== binding || tree.kind[at] !== Kind.Identifier) continue;
      return this.#destructured(unit, at, target, value, steps);
    }
    return [];
  }

  #destructured(
    unit: Unit,
    name: number,
    pattern: number,
    value: number,
    steps: number,
  ): readonly Origin[] {
    const keys = keysTo(unit, name, pattern);
    let origins = this.of(pointOf(unit.module, value), steps + 1);
    for (const key of keys)
      origins = origins.flatMap((origin) => this.member(origin, key, steps + 1));
    return origins;
  }

  #parameter(unit: Unit, name: number, steps: number): Origin[] {
    const { tree } = unit;
    let target = name;
    while (tree.role[target] !== Role.Param) target = tree.parent[target]!;
    const fn = tree.parent[target]!;
    const position = children(tree, fn, Role.Param).indexOf(target);
    const keys = keysTo(unit, name, target);
    const found: Origin[] = [];
    if (steps > MAX_STEPS / 2) return found;
    for (const call of this.#callers(pointOf(unit.module, fn))) {
      const argument = call.argument(position);
      if (argument === undefined) continue;
      let origins = this.of(argument, steps + 3);
      for (const key of keys)
        origins = origins.flatMap((origin) => this.member(origin, key, steps + 1));
      found.push(...origins);
      if (found.length > MAX_ORIGINS) break;
    }
    return found;
  }

  #imported(unit: Unit, local: number, steps: number): readonly Origin[] {
    const { tree } = unit;
    const specifier = tree.parent[local]!;
    const declaration = tree.parent[specifier]!;
    const source = stringValue(tree, child(tree, declaration, Role.Source));
    const module = source === undefined ? undefined : this.#program.resolve(unit, source);
    if (module === undefined) return [];
    switch (tree.kind[specifier]) {
      case Kind.ImportNamespace:
      case Kind.ImportEquals:
        return [moduleOrigin(module)];
      case Kind.ImportDefault:
        return this.exported(module, 'default', steps + 1);
      default:
        return this.exported(module, nameOf(tree, specifier) ?? '', steps + 1);
    }
  }

  #memberExpression(unit: Unit, node: number, steps: number): Origin[] {
    const { tree } = unit;
    const index = child(tree, node, Role.Index);
    const name = index < 0 ? nameOf(tree, node) : stringValue(tree, index);
    if (name === undefined) return [];
    if (name === 'exports' && nameOf(tree, node + 1) === 'module')
      return [moduleOrigin(unit.module)];
    const found = [...assignedMember(this, unit, node + 1, name, steps)];
    const isGlobal = /^(?:window|globalThis|self)$/.test(nameOf(tree, node + 1) ?? '');
    if (isGlobal && tree.kind[node + 1] === Kind.Identifier)
      found.push(...globalOf(this, this.#program, name, steps));
    for (const origin of this.of(pointOf(unit.module, node + 1), steps + 1)) {
      found.push(...this.member(origin, name, steps + 1));
    }
    return found;
  }

  #call(unit: Unit, node: number, steps: number): Origin[] {
    const { tree } = unit;
    const callee = node + 1;
    const required =
      nameOf(tree, callee) === 'require'
        ? this.#required(unit, child(tree, node, Role.Argument))
        : undefined;
    if (required !== undefined) return this.#module(required, steps);
    if (INTEROP.test(nameOf(tree, callee) ?? '')) {
      const given = child(tree, node, Role.Argument);
      if (given >= 0) return [...this.of(pointOf(unit.module, given), steps + 1)];
    }
    const own: Origin = { kind: 'node', point: pointOf(unit.module, node) };
    if (tree.kind[callee] === Kind.Member && nameOf(tree, callee) === 'bind') {
      return [...this.of(pointOf(unit.module, callee + 1), steps + 1)];
    }
    const returned = this.of(pointOf(unit.module, callee), steps + 1)
      .filter((origin) => origin.kind === 'node')
      .flatMap((origin) => this.#returned(origin.point, steps + 1));
    return returned.length > 0 ? [...returned, own] : [own];
  }

  /** A module as a value: its exports, and what CommonJS puts in their place. */
  #module(module: number, steps: number): Origin[] {
    return [moduleOrigin(module), ...this.exported(module, '', steps + 1)];
  }

  #returned(fn: Point, steps: number): Origin[] {
    const unit = this.#program.unit(moduleOf(fn));
    const node = nodeIn(fn);
    if (unit === undefined || !isFunctionKind(unit.tree.kind[node]) || steps > MAX_STEPS) return [];
    return returnsOf(unit, node).flatMap((value) => [
      ...this.of(pointOf(unit.module, value), steps + 1),
    ]);
  }

  #required(unit: Unit, argument: number): number | undefined {
    const specifier = argument < 0 ? undefined : stringValue(unit.tree, argument);
    return specifier === undefined ? undefined : this.#program.resolve(unit, specifier);
  }
}

function moduleOrigin(module: number): Origin {
  return { kind: 'module', point: pointOf(module, 0) };
}

function unique(origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins;
  const seen = new Map(origins.map((origin) => [`${origin.kind} ${origin.point}`, origin]));
  return [...seen.values()].slice(0, MAX_ORIGINS);
}
