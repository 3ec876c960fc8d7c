import {
  child,
  children,
  enclosingFunction,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { When } from '../result.ts';
import { ownerOfThis } from './follow/instances.ts';
import type { Script } from './script.ts';

/** Names of functions around a node that are kept: outermost first. */
const MAX_WITHIN = 8;

/** Register a callback for an event that may or may not come. */
const EVENT_METHODS: ReadonlySet<string> = new Set([
  'on',
  'once',
  'addListener',
  'addEventListener',
  'prependListener',
  'onClicked',
  'subscribe',
]);

/** The same in VS Code: `onDidSaveTextDocument`, `registerCommand`. */
const EDITOR_EVENT = /^(?:onDid|onWill|register)[A-Z]/;

/** Which functions run when a module loads, and what they are called. */
export class Functions {
  readonly #script: Script;
  readonly #loads = new Map<number, boolean>();
  /** By binding, and -1 for the exports: calls of its members. */
  readonly #calls = new Map<number, Map<string, number[]>>();
  /** Where callers are asked for: those that were met. */
  #callers: Set<number> | undefined;
  #onThis: Map<number, Map<string, number[]>> | undefined;

  /** `started`: functions that somebody calls once the module is there. */
  constructor(script: Script, started: readonly number[] = []) {
    this.#script = script;
    for (const fn of started) this.#loads.set(fn, true);
  }

  /**
   * `load` at the top, in functions called there, and in functions given to
   * calls there, at any depth; a listener for events is not.
   */
  whenOf(node: number): When {
    return this.#runsAtLoad(enclosingFunction(this.#script.tree, node)) ? 'load' : 'call';
  }

  /** Names of the functions around a node, outermost first, `` for nameless. */
  withinOf(node: number): string[] {
    const { tree } = this.#script;
    const names: string[] = [];
    for (let at = enclosingFunction(tree, node); at >= 0; at = enclosingFunction(tree, at)) {
      names.push(this.#nameOf(at));
    }
    return names.reverse().slice(-MAX_WITHIN);
  }

  #nameOf(fn: number): string {
    const { tree } = this.#script;
    const id = child(tree, fn, Role.Id);
    if (id >= 0) return nameOf(tree, id)!;
    const parent = tree.parent[fn]!;
    switch (tree.kind[parent]) {
      case Kind.VariableDeclarator:
      case Kind.Assignment:
        return tree.kind[parent + 1] === Kind.Identifier || tree.kind[parent + 1] === Kind.Member
          ? (nameOf(tree, parent + 1) ?? '')
          : '';
      case Kind.Property:
      case Kind.Method:
      case Kind.Field:
        return nameOf(tree, parent) ?? '';
      default:
        return '';
    }
  }

  /** The functions that run this one, by calling it or giving it to a call; -1 for the top of the script. */
  callersOf(fn: number): readonly number[] {
    const callers = new Set<number>();
    this.#callers = callers;
    this.#isRun(fn);
    this.#callers = undefined;
    return [...callers];
  }

  #runsAtLoad(fn: number): boolean {
    if (this.#callers !== undefined) {
      // Noted, and not gone on from: the next caller is looked for.
      this.#callers.add(fn);
      return false;
    }
    if (fn < 0) return true;
    const known = this.#loads.get(fn);
    if (known !== undefined) return known;
    // A function that is only called by itself does not run.
    this.#loads.set(fn, false);
    const runs = this.#isRun(fn);
    this.#loads.set(fn, runs);
    return runs;
  }

  #isRun(fn: number): boolean {
    const script = this.#script;
    const { tree, scopes } = script;
    if (this.#isUsed(fn)) return true;
    const parent = tree.parent[fn]!;
    const id = child(tree, fn, Role.Id);
    if (tree.kind[fn] === Kind.FunctionDeclaration && id >= 0)
      return this.#isBindingRun(scopes.bindingOf[id]!);
    switch (tree.kind[parent]) {
      case Kind.VariableDeclarator:
        return this.#isBindingRun(script.bindingAt(parent + 1));
      case Kind.Assignment:
        return this.#isBindingRun(script.bindingAt(parent + 1)) || this.#isMemberRun(parent + 1);
      case Kind.Property:
        if (this.#isPropertyRun(parent) || this.#isCalledOnThis(parent)) return true;
        if (this.#isTaskRun(parent)) return true;
        return this.#isPartRun(tree.parent[parent]!);
      case Kind.Array:
        return this.#isPartRun(parent);
      case Kind.Method: {
        if ((tree.flags[parent]! & Flag.Constructor) === 0) return this.#isCalledOnThis(parent);
        const owner = tree.parent[parent]!;
        const name = child(tree, owner, Role.Id);
        return name >= 0 && this.#isBindingRun(scopes.bindingOf[name]!);
      }
      default:
        return false;
    }
  }

  #isBindingRun(binding: number): boolean {
    if (binding < 0) return false;
    const { tree, scopes } = this.#script;
    for (const reference of referencesOf(scopes, binding)) {
      if (this.#isUsed(reference)) return true;
      const holder = tree.parent[reference]!;
      if (tree.kind[holder] === Kind.Property && this.#isPropertyRun(holder)) return true;
      if (tree.kind[holder] === Kind.Assignment && this.#isMemberRun(holder + 1)) return true;
    }
    return false;
  }

  /** `{ run }` whose holder's `run` is called at load: `api.run()`, `module.exports.run()`. */
  #isPropertyRun(property: number): boolean {
    const { tree } = this.#script;
    const key = nameOf(tree, property);
    const object = tree.parent[property]!;
    if (key === undefined || tree.kind[object] !== Kind.Object) return false;
    const holder = tree.parent[object]!;
    if (tree.kind[holder] === Kind.VariableDeclarator) {
      const binding = this.#script.bindingAt(holder + 1);
      return binding >= 0 && this.#isCalledAs(this.#memberCalls(binding), key);
    }
    if (tree.kind[holder] !== Kind.Assignment || tree.role[object] !== Role.Right) return false;
    const target = holder + 1;
    if (this.#isExports(target)) return this.#isCalledAs(this.#exportCalls(), key);
    const binding = this.#script.bindingAt(target);
    return binding >= 0 && this.#isCalledAs(this.#memberCalls(binding), key);
  }

  /** `new Listr([{ task: () => … }])`: the tasks of a list that is made to be run (listr, listr2). */
  #isTaskRun(property: number): boolean {
    const { tree } = this.#script;
    const list = tree.parent[tree.parent[property]!]!;
    const call = tree.parent[list]!;
    if (nameOf(tree, property) !== 'task' || tree.kind[list] !== Kind.Array) return false;
    if (tree.kind[call] !== Kind.New || nameOf(tree, call + 1) !== 'Listr') return false;
    return this.#runsAtLoad(enclosingFunction(tree, call));
  }

  /** A method that what runs at load calls as `this.run()`. */
  #isCalledOnThis(method: number): boolean {
    const { tree } = this.#script;
    const key = nameOf(tree, method);
    const calls = key === undefined ? undefined : this.#thisCalls().get(tree.parent[method]!);
    return calls !== undefined && this.#isCalledAs(calls, key!);
  }

  /** Calls of members of `this`, by whose it is, then by member. */
  #thisCalls(): ReadonlyMap<number, ReadonlyMap<string, number[]>> {
    if (this.#onThis !== undefined) return this.#onThis;
    const { tree } = this.#script;
    const { kind } = tree;
    const all = new Map<number, Map<string, number[]>>();
    for (let at = kind.indexOf(Kind.This); at >= 0; at = kind.indexOf(Kind.This, at + 1)) {
      const member = tree.parent[at]!;
      if (kind[member] !== Kind.Member || tree.role[member] !== Role.Callee) continue;
      const owner = ownerOfThis(this.#script, at);
      let calls = all.get(owner);
      if (calls === undefined) all.set(owner, (calls = new Map()));
      this.#addCall(member, calls);
    }
    this.#onThis = all;
    return all;
  }

  /** `exports.run = …` that is called as `exports.run()`. */
  #isMemberRun(target: number): boolean {
    const { tree } = this.#script;
    const key = tree.kind[target] === Kind.Member ? nameOf(tree, target) : undefined;
    if (key === undefined || !this.#isExports(target + 1)) return false;
    return this.#isCalledAs(this.#exportCalls(), key);
  }

  #isExports(node: number): boolean {
    const { tree } = this.#script;
    if (this.#script.globalName(node) === 'exports') return true;
    if (tree.kind[node] !== Kind.Member || nameOf(tree, node) !== 'exports') return false;
    return this.#script.globalName(node + 1) === 'module';
  }

  #isCalledAs(calls: ReadonlyMap<string, readonly number[]>, key: string): boolean {
    const { tree } = this.#script;
    return calls.get(key)?.some((call) => this.#runsAtLoad(enclosingFunction(tree, call))) ?? false;
  }

  /** Calls of members of a binding, by member. */
  #memberCalls(binding: number): ReadonlyMap<string, readonly number[]> {
    let calls = this.#calls.get(binding);
    if (calls !== undefined) return calls;
    calls = new Map();
    this.#calls.set(binding, calls);
    for (const reference of referencesOf(this.#script.scopes, binding)) {
      this.#addCall(this.#script.tree.parent[reference]!, calls);
    }
    return calls;
  }

  /** Calls of the module's own exports, by name. */
  #exportCalls(): ReadonlyMap<string, readonly number[]> {
    let calls = this.#calls.get(-1);
    if (calls !== undefined) return calls;
    calls = new Map();
    this.#calls.set(-1, calls);
    const { tree, scopes } = this.#script;
    for (const binding of scopes.globals) {
      const name = tree.names[scopes.bindingName[binding]!];
      if (name !== 'module' && name !== 'exports') continue;
      for (const reference of referencesOf(scopes, binding)) {
        const above = tree.parent[reference]!;
        const isExports = name === 'module' && nameOf(tree, above) === 'exports';
        this.#addCall(isExports ? tree.parent[above]! : above, calls);
      }
    }
    return calls;
  }

  #addCall(member: number, calls: Map<string, number[]>): void {
    const { tree } = this.#script;
    const key = tree.kind[member] === Kind.Member ? nameOf(tree, member) : undefined;
    if (key === undefined || tree.role[member] !== Role.Callee) return;
    const known = calls.get(key);
    if (known === undefined) calls.set(key, [member]);
    else known.push(member);
  }

  /** Called, constructed or given to a call, by what runs at load. */
  #isUsed(node: number): boolean {
    const { tree } = this.#script;
    let at = node;
    let parent = tree.parent[at]!;
    while (passesOn(tree.kind[parent]!, tree.role[at]!)) {
      at = parent;
      parent = tree.parent[at]!;
    }
    const kind = tree.kind[parent];
    if (kind === Kind.Member && tree.role[at] === Role.Object) {
      const key = this.#keyOf(parent);
      if (key !== 'call' && key !== 'apply' && key !== 'bind') return false;
      return tree.role[parent] === Role.Callee && this.#runsAtLoad(enclosingFunction(tree, parent));
    }
    if (kind !== Kind.Call && kind !== Kind.New) return false;
    if (tree.role[at] === Role.Argument && this.#isListener(parent)) return false;
    return this.#runsAtLoad(enclosingFunction(tree, parent));
  }

  /** A member's name, as written or as it is decoded. */
  #keyOf(member: number): string | undefined {
    const { tree } = this.#script;
    const index = child(tree, member, Role.Index);
    return index < 0 ? nameOf(tree, member) : this.#script.constantAt(index);
  }

  #isListener(call: number): boolean {
    const { tree } = this.#script;
    const callee = call + 1;
    const name = tree.kind[callee] === Kind.Member ? this.#keyOf(callee) : undefined;
    return name !== undefined && (EVENT_METHODS.has(name) || EDITOR_EVENT.test(name));
  }

  /** Functions in a list or object that a function of this script is given: a bundle's modules. */
  #isPartRun(holder: number): boolean {
    const { tree } = this.#script;
    const parent = tree.parent[holder]!;
    const role = tree.role[holder];
    // Browserify's modules are `{ 1: [function, { … }] }`.
    if (tree.kind[holder] === Kind.Array && tree.kind[parent] === Kind.Property) {
      return this.#isPartRun(tree.parent[parent]!);
    }
    if (role === Role.Argument && tree.kind[parent] === Kind.Call) {
      const fn = this.#script.functionAt(parent + 1);
      const isOwn = fn >= 0 || isFunction(tree, parent + 1);
      return isOwn && this.#runsAtLoad(enclosingFunction(tree, parent));
    }
    if (tree.kind[parent] !== Kind.VariableDeclarator) return false;
    const binding = this.#script.bindingAt(parent + 1);
    if (binding < 0) return false;
    return [...referencesOf(this.#script.scopes, binding)].some((reference) =>
      this.#isCalledByKey(reference),
    );
  }

  /** `modules[id](…)`, `modules[id].call(…)`. */
  #isCalledByKey(reference: number): boolean {
    const { tree } = this.#script;
    let member = tree.parent[reference]!;
    if (tree.kind[member] !== Kind.Member || (tree.flags[member]! & Flag.Computed) === 0)
      return false;
    if (tree.kind[tree.parent[member]!] === Kind.Member) member = tree.parent[member]!;
    return tree.role[member] === Role.Callee && children(tree, member).length > 0;
  }
}

function passesOn(parentKind: number, role: number): boolean {
  if (parentKind === Kind.Sequence || parentKind === Kind.Unary || parentKind === Kind.Await)
    return true;
  return parentKind === Kind.Logical || (parentKind === Kind.Assignment && role === Role.Right);
}
