import {
  BindingKind,
  child,
  children,
  declarationsOf,
  enclosingFunction,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats';
import type { SymbolNode } from '../../rules/symbol.ts';
import { Budget, FOLLOW_STEPS } from '../budget.ts';
import type { Folder } from '../fold/fold.ts';
import type { Script } from '../script.ts';
import { passArgument } from './arguments.ts';
import { bundleUses } from './bundles.ts';
import { Instances } from './instances.ts';
import { entering, type Held, MAX_PATH, type Observation } from './value.ts';

/** What a follower tells of. */
export interface Watcher {
  observed(observation: Observation): void;
  /** A known symbol that loads modules is called: what the call gives. */
  required(call: number, args: readonly number[]): SymbolNode | undefined;
  exported(name: string, symbol: SymbolNode): void;
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
  readonly #seen = new Map<SymbolNode, Set<number>>();
  readonly #ways = new Map<string, number>();
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
    this.#observe('write', node, entering(symbol), value);
  }

  startBinding(binding: number, symbol: SymbolNode): void {
    this.bind(binding, entering(symbol));
  }

  run(): void {
    while (this.#nodes.length > 0 && this.budget.take()) {
      this.#step(this.#nodes.pop()!, this.#held.pop()!);
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
    if (key === undefined) this.watcher.exported(name, held.symbol);
    else if (rest.length === 0 && key !== '()') {
      this.watcher.exported(name === '' ? key : `${name}.${key}`, held.symbol);
    }
  }

  /** Says that a target (name, member or pattern) takes `held`. */
  assign(target: number, held: Held): void {
    const { tree } = this.script;
    switch (tree.kind[target]) {
      case Kind.Identifier:
        this.bind(this.script.bindingAt(target), held);
        return;
      case Kind.Default:
        this.assign(child(tree, target, Role.Left), held);
        return;
      case Kind.Rest:
        this.assign(target + 1, held);
        return;
      case Kind.ObjectPattern:
        for (const property of children(tree, target)) this.#assignProperty(property, held);
        return;
      case Kind.ArrayPattern:
        this.#assignElements(target, held);
        return;
      case Kind.Member:
        this.#assignMember(target, held);
        return;
      default:
        return;
    }
  }

  #assignProperty(property: number, held: Held): void {
    const { tree } = this.script;
    if (tree.kind[property] === Kind.Rest) {
      if (held.path.length === 0 && held.symbol.any !== undefined) this.#sink(property, held);
      this.assign(property, held);
      return;
    }
    const value = child(tree, property, Role.Value);
    const key = this.folder.key(property);
    if (key === undefined) return;
    if (held.path.length > 0) {
      if (held.path[0] === key) this.assign(value, { ...held, path: held.path.slice(1) });
      return;
    }
    const symbol = held.symbol.member(key);
    if (symbol === undefined) return;
    const next = { ...held, symbol, name: key };
    if (symbol.read.length > 0 && symbol.isLeaf) this.#observe('read', property, next);
    else this.assign(value, next);
  }

  #assignElements(pattern: number, held: Held): void {
    const [key, ...path] = held.path;
    if (key === undefined || key === '()') return;
    const element = children(this.script.tree, pattern)[Number(key)];
    if (element !== undefined) this.assign(element, { ...held, path });
  }

  /** `a.b.c = …`: the value is there by the keys of the path. */
  #assignMember(target: number, held: Held): void {
    const { script } = this;
    const { tree } = script;
    const path = [...held.path];
    let at = target;
    for (; tree.kind[at] === Kind.Member; at = child(tree, at, Role.Object)) {
      const key = this.folder.key(at);
      if (key === undefined || path.length > MAX_PATH) return;
      path.unshift(key);
    }
    const global = script.globalName(at);
    if (global === 'exports' || (global === 'module' && path[0] === 'exports')) {
      if (global === 'module') path.shift();
      const [name = '', ...rest] = path;
      this.export(name, { ...held, path: rest });
      return;
    }
    if (tree.kind[at] === Kind.This) {
      const [key, ...rest] = path;
      this.instances.hold(this, at, key!, { ...held, path: rest });
      return;
    }
    if (path[0] === 'exports') {
      for (const use of bundleUses(script, at)) this.reach(use, { ...held, path: path.slice(1) });
    }
    this.bind(script.bindingAt(at), { ...held, path });
  }

  #step(node: number, held: Held): void {
    const { tree } = this.script;
    const { symbol } = held;
    const parent = tree.parent[node]!;
    const role = tree.role[node];
    if (held.path.length === 0) {
      this.#note(node, symbol);
      if (symbol.isLeaf && symbol.read.length > 0 && role !== Role.Callee) {
        this.#observe('read', node, held);
        return;
      }
    }
    switch (role) {
      case Role.Object:
        if (tree.kind[parent] === Kind.Member) this.#member(parent, held);
        return;
      case Role.Callee:
      case Role.Tag:
        this.#called(parent, held);
        return;
      case Role.Argument:
        passArgument(this, parent, node, held);
        return;
      case Role.Init:
        if (tree.kind[parent] === Kind.VariableDeclarator)
          this.assign(child(tree, parent, Role.Id), held);
        return;
      case Role.Right:
        this.#right(parent, node, held);
        return;
      case Role.Left:
        if (tree.kind[parent] === Kind.Logical) {
          if (nameOf(tree, parent) !== '&&') this.reach(parent, held);
        } else if (tree.kind[parent] === Kind.Binary) this.#compared(parent, held);
        return;
      case Role.Consequent:
      case Role.Alternate:
        if (tree.kind[parent] === Kind.Conditional) this.reach(parent, held);
        return;
      case Role.Expression:
        if (tree.kind[parent] === Kind.Template) this.#sink(node, held);
        else if (tree.kind[parent] === Kind.Sequence && tree.next[node] === tree.next[parent])
          this.reach(parent, held);
        return;
      case Role.Operand:
        this.#operand(parent, node, held);
        return;
      case Role.Body:
        if (tree.kind[parent] === Kind.Arrow) {
          this.#sink(node, held);
          this.#returned(parent, held);
        }
        return;
      case Role.Element:
        this.reach(parent, { ...held, path: [this.#indexOf(parent, node), ...held.path] });
        return;
      case Role.Value:
        this.#value(parent, node, held);
        return;
      case Role.Local:
        this.export(nameOf(tree, parent)!, held);
        return;
      case Role.SuperClass:
        this.reach(parent, held);
        this.#reachDeclared(parent, held);
        return;
      case Role.Statement:
      case Role.Declaration:
        this.#reachDeclared(node, held);
        return;
      default:
        return;
    }
  }

  /** A member is taken of what holds `held`. */
  #member(member: number, held: Held): void {
    const { tree } = this.script;
    const key = this.folder.key(member);
    if (held.path.length > 0) {
      const [first, ...path] = held.path;
      if (first === '()') this.#functionMember(member, key, held);
      else if (first === key) this.reach(member, { ...held, path });
      return;
    }
    this.take(member, key, held);
    if ((tree.flags[member]! & Flag.Writes) === 0) this.#functionMember(member, key, held);
  }

  /** `node` gives the member `key` of `held`, whose path is empty. */
  take(node: number, key: string | undefined, held: Held): void {
    const { tree } = this.script;
    const isWritten =
      tree.kind[node] === Kind.Member &&
      (tree.flags[node]! & (Flag.Writes | Flag.Reads)) === Flag.Writes;
    const parent = tree.parent[node]!;
    if (tree.kind[parent] === Kind.Unary && nameOf(tree, parent) === 'delete') return;
    if (key === undefined) {
      const any = held.symbol.any;
      if (any !== undefined) {
        this.#observe(isWritten ? 'write' : 'read', node, {
          ...held,
          symbol: any,
          name: undefined,
        });
      } else if (tree.role[node] === Role.Callee) this.watcher.unresolved(node, held);
      return;
    }
    const symbol = held.symbol.member(key);
    if (symbol === undefined) return;
    const next = { ...held, symbol, name: key, origin: node };
    if (!isWritten) this.reach(node, next);
    else if (tree.kind[parent] === Kind.Assignment)
      this.#observe('write', node, next, tree.next[node]!);
  }

  /** Members that every function or promise has, where the symbol has none of its own. */
  #functionMember(member: number, key: string | undefined, held: Held): void {
    const { tree } = this.script;
    const call = tree.parent[member]!;
    if (key === undefined || tree.role[member] !== Role.Callee) return;
    if (held.path.length === 0 && held.symbol.parts.has(key)) return;
    const args = children(tree, call, Role.Argument);
    switch (key) {
      case 'call':
        this.invoke(call, held, args.slice(1));
        return;
      case 'apply':
        this.invoke(call, held, this.#listed(args[1]));
        return;
      case 'bind':
        this.reach(call, held);
        return;
      case 'then':
      case 'finally':
      case 'tap':
        if (key === 'then' && args[0] !== undefined) this.passTo(args[0], 0, held);
        if (key !== 'then') this.reach(call, held);
        return;
      case 'catch':
        this.reach(call, held);
        return;
      default:
        return;
    }
  }

  /** The nodes of a list written out; undefined when it is not. */
  #listed(node: number | undefined): number[] | undefined {
    const { tree } = this.script;
    return node !== undefined && tree.kind[node] === Kind.Array ? children(tree, node) : undefined;
  }

  /** A function takes `held` as its parameter `index`, however it is called. */
  passTo(callback: number, index: number, held: Held): void {
    const fn = this.script.functionAt(callback);
    if (fn < 0) return;
    const param = children(this.script.tree, fn, Role.Param)[index];
    if (param !== undefined) this.assign(param, held);
  }

  #called(call: number, held: Held): void {
    const { tree } = this.script;
    this.invoke(
      call,
      held,
      tree.kind[call] === Kind.TaggedTemplate ? [] : children(tree, call, Role.Argument),
    );
  }

  /** What holds `held` is called at `call` with `args`. */
  invoke(call: number, held: Held, args: readonly number[] | undefined): void {
    if (held.path.length > 0) {
      if (held.path[0] === '()') this.reach(call, { ...held, path: held.path.slice(1) });
      return;
    }
    const { symbol } = held;
    if (symbol.known === 'require') {
      const loaded = this.watcher.required(call, args ?? []);
      if (loaded !== undefined) this.reach(call, { ...held, symbol: loaded, made: -1 });
      return;
    }
    this.#emit('call', call, held, args, -1);
    const result = symbol.result();
    if (result !== undefined) this.reach(call, { ...held, symbol: result, made: call });
  }

  /** A promise's or list's method will call what holds `held`. */
  calledLater(call: number, node: number, held: Held): void {
    if (held.path.length === 0 && call >= 0) this.#emit('call', node, held, undefined, -1);
  }

  #right(parent: number, node: number, held: Held): void {
    const { tree } = this.script;
    switch (tree.kind[parent]) {
      case Kind.Assignment:
        this.assign(child(tree, parent, Role.Left), held);
        this.reach(parent, held);
        return;
      case Kind.Default:
        this.assign(child(tree, parent, Role.Left), held);
        return;
      case Kind.Logical:
        this.reach(parent, held);
        return;
      case Kind.Binary:
        this.#compared(parent, held);
        return;
      case Kind.ForIn:
      case Kind.ForOf:
        this.#sink(node, held);
        return;
      default:
        return;
    }
  }

  /** An operand of a comparison or a sum. `"X" in process.env` asks for one member. */
  #compared(parent: number, held: Held): void {
    const { tree } = this.script;
    const operator = nameOf(tree, parent)!;
    if (operator === 'in' && held.path.length === 0) {
      const key = this.folder.text(parent + 1);
      const symbol = key === undefined ? held.symbol.any : held.symbol.member(key);
      if (symbol?.isLeaf) this.#observe('read', parent, { ...held, symbol, name: key });
    } else if (operator === '+') this.#sink(parent + 1, held);
  }

  #operand(parent: number, node: number, held: Held): void {
    const { tree } = this.script;
    switch (tree.kind[parent]) {
      case Kind.Await:
        this.reach(parent, held);
        return;
      case Kind.Return: {
        const fn = enclosingFunction(tree, parent);
        this.#sink(node, held);
        if (fn >= 0) this.#returned(fn, held);
        return;
      }
      case Kind.Spread:
        if (tree.role[parent] === Role.Property) {
          this.#sink(node, held);
          this.reach(tree.parent[parent]!, held);
        } else this.#sink(node, held);
        return;
      case Kind.Yield:
        this.#sink(node, held);
        return;
      default:
        return;
    }
  }

  /** A function gives `held` back: to the call that brought it in, else to all of the function's callers. */
  #returned(fn: number, held: Held): void {
    const { context } = held;
    const { script } = this;
    if (context >= 0 && script.functionAt(child(script.tree, context, Role.Callee)) === fn) {
      this.reach(context, { ...held, context: -1 });
      return;
    }
    this.reach(fn, { ...held, path: ['()', ...held.path] });
  }

  #value(parent: number, node: number, held: Held): void {
    const { tree } = this.script;
    const kind = tree.kind[parent];
    switch (kind) {
      case Kind.Property: {
        const key = this.folder.key(parent);
        if (key === undefined) return;
        const isGetter = (tree.flags[parent]! & Flag.Get) !== 0;
        if (isGetter && held.path[0] !== '()') return;
        const path = isGetter ? held.path.slice(1) : held.path;
        this.reach(tree.parent[parent]!, { ...held, path: [key, ...path] });
        this.#sinkInObject(node, held);
        return;
      }
      case Kind.Field:
      case Kind.Accessor:
      case Kind.Method:
        this.instances.holdMember(this, parent, held);
        return;
      case Kind.ExportDefault:
        this.export('default', held);
        if (isFunction(tree, node)) this.#reachDeclared(node, held);
        return;
      case Kind.ExportAssignment:
        this.export('', held);
        return;
      case Kind.ImportEquals:
        this.assign(child(tree, parent, Role.Id), held);
        return;
      case Kind.JsxAttribute:
        this.#sink(node, held);
        return;
      default:
        return;
    }
  }

  /** The environment put into an object (`{ env: process.env }`) is read as a whole. */
  #sinkInObject(node: number, held: Held): void {
    if (held.symbol.any !== undefined) this.#sink(node, held);
  }

  /** The binding of a declared function or class, and the name of an expression inside itself. */
  #reachDeclared(node: number, held: Held): void {
    const { tree, scopes } = this.script;
    const id = child(tree, node, Role.Id);
    if (id >= 0 && (isFunction(tree, node) || isClass(tree.kind[node]!))) {
      this.bind(scopes.bindingOf[id]!, held);
    }
  }

  /** What is neither called nor followed on: the value itself is used. */
  sink(node: number, held: Held): void {
    this.#sink(node, held);
  }

  #sink(node: number, held: Held): void {
    if (held.path.length === 0) this.#observe('read', held.origin < 0 ? node : held.origin, held);
  }

  #observe(use: 'read' | 'write', node: number, held: Held, value = -1): void {
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

  #note(node: number, symbol: SymbolNode): void {
    const known = this.#symbols.get(node);
    if (known === undefined) this.#symbols.set(node, [symbol]);
    else if (!known.includes(symbol)) known.push(symbol);
  }

  #isNew(place: number, { symbol, path, context }: Held): boolean {
    let seen = this.#seen.get(symbol);
    if (seen === undefined) this.#seen.set(symbol, (seen = new Set()));
    const way = path.length === 0 && context < 0 ? 0 : this.#wayOf(path, context);
    const key = way * 2 ** 32 + place;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  }

  /** One number for each path and context. */
  #wayOf(path: readonly string[], context: number): number {
    const text = `${context} ${path.join('.')}`;
    let way = this.#ways.get(text);
    if (way === undefined) this.#ways.set(text, (way = this.#ways.size + 1));
    return way;
  }

  #indexOf(parent: number, node: number): string {
    return String(children(this.script.tree, parent).indexOf(node));
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

function isClass(kind: number): boolean {
  return kind === Kind.ClassDeclaration || kind === Kind.ClassExpression;
}
