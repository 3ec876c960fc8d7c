import {
  BindingKind,
  children,
  declarationsOf,
  enclosingFunction,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { SymbolNode } from '../../rules/symbol.ts';
import { Budget, FOLLOW_STEPS } from '../budget.ts';
import type { Folder } from '../fold/fold.ts';
import { returnedBy } from '../fold/returned.ts';
import type { Script } from '../script.ts';
import { defineModule } from './amd.ts';
import { Instances } from './instances.ts';
import { takeMember } from './members.ts';
import { step } from './step.ts';
import { assignTo } from './targets.ts';
import { entering, type Held, MAX_PATH, type Observation } from './value.ts';

/** A module that a call loads. */
export interface Loaded {
  readonly symbol: SymbolNode;
  /** Which item of a list named it, where one did; -1 otherwise. */
  readonly item: number;
}

/** What a follower tells of. */
export interface Watcher {
  observed(observation: Observation): void;
  /** A known symbol that loads modules is called: what the call may give. */
  required(call: number, args: readonly number[]): readonly Loaded[];
  /** What code that is evaluated names: `require` in `eval("require")`. */
  named(call: number, held: Held, args: readonly number[]): SymbolNode | undefined;
  /** A known symbol that finds a package's native code is called: what the call gives. */
  addon(call: number, args: readonly number[]): SymbolNode;
  exported(name: string, symbol: SymbolNode): void;
  /** The symbol of a global, where rules or the engine know it. */
  globalNamed(name: string): SymbolNode | undefined;
  /** A member that could not be told of a symbol that rules know members of. */
  unresolved(node: number, held: Held): void;
}

/**
 * Follows symbols from where they enter a script to all their uses: through
 * names, members, destructuring, conditions, object literals, classes,
 * returns, callbacks and wrappers. Goes by references, so that its cost grows
 * with the uses of what rules know, not with the script.
 */
export class Follower {
  readonly script: Script;
  readonly folder: Folder;
  readonly watcher: Watcher;
  readonly budget = new Budget(FOLLOW_STEPS);
  readonly instances: Instances;
  readonly #seen = new Map<SymbolNode, Seen>();
  /** By context, then path. */
  readonly #ways = new Map<number, Map<string, number>>();
  #wayCount = 0;
  readonly #nodes: number[] = [];
  readonly #held: Held[] = [];
  /** By node: symbols that it stands for, for those who ask after the run. */
  readonly #symbols = new Map<number, SymbolNode[]>();

  constructor(script: Script, folder: Folder, watcher: Watcher) {
    this.script = script;
    this.folder = folder;
    this.watcher = watcher;
    this.instances = new Instances(script);
  }

  /** Symbols that an expression stands for, as far as followed. */
  symbolsOf(node: number): readonly SymbolNode[] {
    return this.#symbols.get(node) ?? [];
  }

  start(node: number, symbol: SymbolNode): void {
    this.reach(node, entering(symbol));
  }

  /** A global of that name is assigned to at `node`: `location = url`. */
  startWrite(node: number, symbol: SymbolNode): void {
    const { tree } = this.script;
    const isAssigned = tree.kind[tree.parent[node]!] === Kind.Assignment;
    const value = isAssigned && tree.role[node] === Role.Left ? tree.next[node]! : -1;
    this.observe('write', node, entering(symbol), value);
  }

  startBinding(binding: number, symbol: SymbolNode): void {
    this.bind(binding, entering(symbol));
  }

  run(): void {
    while (this.#nodes.length > 0 && this.budget.take()) {
      step(this, this.#nodes.pop()!, this.#held.pop()!);
    }
  }

  /** Says that `node` gives `held`. */
  reach(node: number, held: Held): void {
    if (node < 0 || held.path.length > MAX_PATH || !this.#isNew(node, held)) return;
    this.#nodes.push(node);
    this.#held.push(held);
  }

  /** Says that a binding holds `held`. */
  bind(binding: number, held: Held): void {
    if (binding < 0 || held.path.length > MAX_PATH || !this.#isNew(-2 - binding, held)) return;
    const { tree, scopes } = this.script;
    for (const reference of referencesOf(scopes, binding)) {
      if ((tree.flags[reference]! & Flag.Writes) === 0) this.reach(reference, held);
    }
    if (held.path.length > 1) return;
    for (const declaration of declarationsOf(scopes, binding)) {
      const owner = this.#exporterOf(declaration);
      if (owner >= 0) this.export(nameOf(tree, declaration)!, held);
    }
  }

  export(name: string, held: Held): void {
    const [key, ...rest] = held.path;
    const isMade = held.symbol.isAddon || (!held.symbol.isLink && !held.symbol.isLeaf);
    if (isMade && key === '()') {
      this.watcher.exported(`${name}()${rest.map((part) => `.${part}`).join('')}`, held.symbol);
    } else if (key === undefined) this.watcher.exported(name, held.symbol);
    else if (rest.length === 0 && key !== '()') {
      this.watcher.exported(name === '' ? key : `${name}.${key}`, held.symbol);
    }
  }

  /** Says that a target (name, member or pattern) takes `held`. */
  assign(target: number, held: Held): void {
    assignTo(this, target, held);
  }

  /** `node` gives the member `key` of `held`, whose path is empty. */
  take(node: number, key: string | undefined, held: Held): void {
    takeMember(this, node, key, held);
  }

  /** A function takes `held` as its parameter `index`, however it is called. */
  passTo(callback: number, index: number, held: Held): void {
    const fn = this.script.functionAt(callback);
    if (fn < 0) return;
    const param = children(this.script.tree, fn, Role.Param)[index];
    if (param !== undefined) this.assign(param, held);
  }

  /** What holds `held` is called at `call` with `args`. */
  invoke(call: number, held: Held, args: readonly number[] | undefined): void {
    if (held.path.length > 0) {
      if (held.path[0] === '()') this.reach(call, { ...held, path: held.path.slice(1) });
      return;
    }
    const { symbol } = held;
    if (symbol.known === 'require') {
      this.load(call, args ?? [], held);
      return;
    }
    if (symbol.known === 'addon') {
      this.reach(call, { ...held, symbol: this.watcher.addon(call, args ?? []), made: -1 });
      return;
    }
    if (symbol.known === 'define') defineModule(this, args ?? []);
    if (symbol.known === 'eval') this.#evaluate(call, held, args ?? []);
    this.#emit('call', call, held, args, -1);
    const result = symbol.result();
    if (result !== undefined) this.reach(call, { ...held, symbol: result, made: call });
  }

  /** `eval("require")` is what the text names, `Function("return process")` a function that gives it. */
  #evaluate(call: number, held: Held, args: readonly number[]): void {
    const symbol = this.watcher.named(call, held, args);
    if (symbol === undefined) return;
    const isFunction = held.symbol.text === 'global:Function';
    this.reach(call, { ...held, symbol, made: -1, path: isFunction ? ['()'] : [] });
  }

  /** Modules come in at `call`, by what held `require`; of `list.map(require)` each as its own item. */
  load(call: number, args: readonly number[], by?: Held): void {
    const { tree } = this.script;
    const fn = enclosingFunction(tree, call);
    for (const { symbol, item } of this.watcher.required(call, args)) {
      const loaded = by === undefined ? entering(symbol) : { ...by, symbol, made: -1 };
      this.reach(call, loaded);
      const isWhole = item >= 0 && fn >= 0 && returnedBy(tree, fn) === call;
      if (isWhole) this.reach(tree.parent[fn]!, { ...loaded, path: [String(item)] });
    }
  }

  /** A promise's or list's method will call what holds `held`. */
  calledLater(call: number, node: number, held: Held): void {
    if (held.path.length === 0 && call >= 0) this.#emit('call', node, held, undefined, -1);
  }

  /** What is neither called nor followed on: the value itself is used. */
  sink(node: number, held: Held): void {
    this.#sink(node, held);
  }

  #sink(node: number, held: Held): void {
    if (held.path.length === 0) this.observe('read', held.origin < 0 ? node : held.origin, held);
  }

  /** A read or write at `node`. */
  observe(use: 'read' | 'write', node: number, held: Held, value = -1): void {
    this.#emit(use, node, held, undefined, value);
  }

  #emit(
    use: Observation['use'],
    node: number,
    held: Held,
    args: readonly number[] | undefined,
    value: number,
  ): void {
    const { symbol } = held;
    if (symbol[use].length === 0 && symbol.known === undefined && !symbol.isLink) return;
    this.watcher.observed({ use, node, held, args, value });
  }

  /** Keeps what `node` stands for. */
  note(node: number, symbol: SymbolNode): void {
    const known = this.#symbols.get(node);
    if (known === undefined) this.#symbols.set(node, [symbol]);
    else if (!known.includes(symbol)) known.push(symbol);
  }

  #isNew(place: number, { symbol, path, context }: Held): boolean {
    let seen = this.#seen.get(symbol);
    if (seen === undefined) {
      this.#seen.set(symbol, (seen = { bare: new Set(), onTheWay: new Map() }));
    }
    const isBare = path.length === 0 && context < 0;
    const places = isBare ? seen.bare : placesOn(seen.onTheWay, this.#wayOf(path, context));
    const { size } = places;
    return places.add(place).size > size;
  }

  /** One number for each path and context. */
  #wayOf(path: readonly string[], context: number): number {
    const text = path.length === 1 ? path[0]! : path.join('.');
    let ways = this.#ways.get(context);
    if (ways === undefined) this.#ways.set(context, (ways = new Map()));
    let way = ways.get(text);
    if (way === undefined) {
      this.#wayCount += 1;
      ways.set(text, (way = this.#wayCount));
    }
    return way;
  }

  /** The export statement that a declared name belongs to; -1 when it is not exported there. */
  #exporterOf(declaration: number): number {
    const { tree } = this.script;
    if (this.script.scopes.bindingKind[this.script.bindingAt(declaration)] === BindingKind.Param)
      return -1;
    let at = declaration;
    for (let steps = 0; steps < 8 && at > 0; steps += 1) {
      const parent = tree.parent[at]!;
      if (tree.kind[parent] === Kind.ExportNamed) {
        return tree.role[at] === Role.Declaration ? parent : -1;
      }
      if (isFunction(tree, parent) && tree.role[at] !== Role.Id) return -1;
      if (tree.role[at] === Role.Statement) return -1;
      at = parent;
    }
    return -1;
  }
}

/** Places where a symbol was. */
interface Seen {
  /** With nothing on its path and from no call: small integers, which a set finds fastest. */
  readonly bare: Set<number>;
  /** The same by way. */
  readonly onTheWay: Map<number, Set<number>>;
}

function placesOn(ways: Map<number, Set<number>>, way: number): Set<number> {
  let places = ways.get(way);
  if (places === undefined) ways.set(way, (places = new Set()));
  return places;
}
