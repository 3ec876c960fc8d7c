import {
  BindingKind,
  child,
  declarationsOf,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { Machine } from './machine.ts';
import { NATIVE_GLOBALS } from './natives.ts';
import type { Steps } from './steps.ts';
import { FunctionThing, ListThing, NativeThing, type Run, UNKNOWN } from './values.ts';

/** Nodes of a function that are looked through for the turning of a table. */
const MAX_TURNING_NODES = 1500;

/** Values of what a script declares outside of any call that is being worked out. */
export class Statics {
  readonly #machine: Machine;
  readonly #steps: Steps;
  readonly #values = new Map<number, Run>();
  /** Whether what the script does while it loads is being worked out: then others' objects may be changed. */
  isSettling = false;

  constructor(machine: Machine, steps: Steps) {
    this.#machine = machine;
    this.#steps = steps;
  }

  valueOf(binding: number): Run {
    if (this.#values.has(binding)) return this.#values.get(binding);
    this.#values.set(binding, UNKNOWN);
    const made = this.#machine.attempt(() => this.#made(binding));
    const value = made === undefined ? UNKNOWN : made.value;
    this.#values.set(binding, value);
    if (value instanceof FunctionThing || value instanceof ListThing) this.#settle(binding);
    return this.#values.get(binding);
  }

  set(binding: number, value: Run): void {
    this.#values.set(binding, value);
  }

  /** A function, with what it keeps when it has a name. */
  closureOf(fn: number): Run {
    const { tree, scopes } = this.#machine.script;
    const id = tree.kind[fn] === Kind.FunctionDeclaration ? child(tree, fn, Role.Id) : -1;
    return id < 0 ? new FunctionThing(fn, undefined, UNKNOWN) : this.valueOf(scopes.bindingOf[id]!);
  }

  /** The function that a binding is declared as; -1 for another. */
  functionOf(binding: number): number {
    const { tree, scopes } = this.#machine.script;
    const declared = declarationsOf(scopes, binding).at(-1);
    const fn = declared === undefined ? -1 : tree.parent[declared]!;
    return fn >= 0 && isFunction(tree, fn) ? fn : -1;
  }

  #made(binding: number): Run {
    const { script } = this.#machine;
    const { tree, scopes } = script;
    const kind = scopes.bindingKind[binding];
    if (kind === BindingKind.Global) {
      const name = tree.names[scopes.bindingName[binding]!]!;
      if (name === 'undefined') return undefined;
      return NATIVE_GLOBALS.has(name) ? new NativeThing(name) : UNKNOWN;
    }
    if (kind === BindingKind.Function || kind === BindingKind.Self) {
      const fn = this.functionOf(binding);
      return fn < 0 ? UNKNOWN : new FunctionThing(fn, undefined, UNKNOWN);
    }
    const definition = script.definitionOf(binding);
    if (definition === undefined || definition.path.length > 0) return UNKNOWN;
    return this.#machine.evaluate(definition.node, undefined);
  }

  /**
   * What the script does to its table while it loads: a function that is given
   * the table, and turns it, is called before anything else is asked of it. A
   * table that could not be turned is not known.
   */
  #settle(binding: number): void {
    const { script } = this.#machine;
    const { tree, scopes } = script;
    for (const reference of referencesOf(scopes, binding)) {
      const call = tree.parent[reference]!;
      if (tree.role[reference] !== Role.Argument || tree.kind[call] !== Kind.Call) continue;
      const fn = script.functionAt(call + 1);
      if (fn < 0 || !this.#isTurning(fn)) continue;
      const { isSettling } = this;
      this.isSettling = true;
      const turned = this.#steps.turn(tree.text.length, () =>
        this.#machine.attempt(() => this.#machine.evaluate(call, undefined)),
      );
      this.isSettling = isSettling;
      if (turned === undefined) this.#values.set(binding, UNKNOWN);
    }
  }

  /** Whether a function pushes what it shifts. */
  #isTurning(fn: number): boolean {
    const { tree } = this.#machine.script;
    const found = new Set<string>();
    for (let at = fn; at < Math.min(tree.next[fn]!, fn + MAX_TURNING_NODES); at += 1) {
      if (tree.kind[at] !== Kind.Member && tree.kind[at] !== Kind.String) continue;
      const name = nameOf(tree, at);
      if (name === 'shift' || name === 'push') found.add(name);
    }
    return found.size === 2;
  }
}
