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
} from '@avow/formats';
import type { When } from '../result.ts';
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

/** Which functions run when a module loads, and what they are called. */
export class Functions {
  readonly #script: Script;
  readonly #loads = new Map<number, boolean>();

  constructor(script: Script) {
    this.#script = script;
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

  #runsAtLoad(fn: number): boolean {
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
    const { script } = { script: this.#script };
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
        return this.#isBindingRun(script.bindingAt(parent + 1));
      case Kind.Property:
      case Kind.Array:
        return this.#isPartRun(tree.kind[parent] === Kind.Array ? parent : tree.parent[parent]!);
      case Kind.Method: {
        if ((tree.flags[parent]! & Flag.Constructor) === 0) return false;
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
    for (const reference of referencesOf(this.#script.scopes, binding)) {
      if (this.#isUsed(reference)) return true;
    }
    return false;
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
      const key = nameOf(tree, parent);
      if (key !== 'call' && key !== 'apply' && key !== 'bind') return false;
      return tree.role[parent] === Role.Callee && this.#runsAtLoad(enclosingFunction(tree, parent));
    }
    if (kind !== Kind.Call && kind !== Kind.New) return false;
    if (tree.role[at] === Role.Argument && this.#isListener(parent)) return false;
    return this.#runsAtLoad(enclosingFunction(tree, parent));
  }

  #isListener(call: number): boolean {
    const { tree } = this.#script;
    const callee = call + 1;
    const name = tree.kind[callee] === Kind.Member ? nameOf(tree, callee) : undefined;
    return name !== undefined && EVENT_METHODS.has(name);
  }

  /** Functions in a list or object that a function of this script is given: a bundle's modules. */
  #isPartRun(holder: number): boolean {
    const { tree } = this.#script;
    const parent = tree.parent[holder]!;
    const role = tree.role[holder];
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
