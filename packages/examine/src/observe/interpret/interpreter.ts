import {
  BindingKind,
  child,
  children,
  enclosingFunction,
  Flag,
  isFunction,
  Kind,
  numberValue,
  Role,
  textOf,
} from '@avow/formats/script';
import type { Folder } from '../fold/fold.ts';
import type { Value } from '../fold/value.ts';
import type { Script } from '../script.ts';
import { assignTo } from './assign.ts';
import { evaluateExpression } from './expressions.ts';
import { Frame } from './frame.ts';
import type { Completion, Machine } from './machine.ts';
import { callNative, constructNative, mayBeChanged } from './natives.ts';
import { executeStatement } from './statements.ts';
import { Statics } from './statics.ts';
import { Steps } from './steps.ts';
import {
  FunctionThing,
  ListThing,
  NativeThing,
  PatternThing,
  type Run,
  runOf,
  Stuck,
  Thing,
  Thrown,
  UNKNOWN,
  Unknown,
  valueOfRun,
} from './values.ts';

/** Calls within calls, and expressions within expressions: the stack is ours. */
const MAX_DEPTH = 400;

/**
 * Works out what pure functions of a script give for constants: the decoders
 * of string tables, whatever they are written like. Nothing of the script is
 * executed: its tree is walked over values of our own, bounded in steps, depth
 * and memory. What is not pure, or not known, is `Stuck`.
 */
export class Interpreter implements Machine {
  readonly script: Script;
  readonly folder: Folder;
  depth = 0;
  readonly #steps = new Steps();
  readonly #statics: Statics;
  readonly #owners = new Map<number, number>();
  readonly #sources = new Set<string>();
  readonly #numbers = new Map<number, number>();

  constructor(folder: Folder) {
    this.script = folder.script;
    this.folder = folder;
    this.#statics = new Statics(this, this.#steps);
  }

  /** What a function of the script gives for these arguments; undefined when it cannot be told. */
  resultOf(fn: number, args: readonly (Value | undefined)[]): Value | undefined {
    if (this.depth > 0 || this.#steps.isSpent) return undefined;
    this.#steps.begin();
    const callee = this.attempt(() => this.#statics.closureOf(fn));
    if (callee === undefined) return undefined;
    const result = this.attempt(() => this.call(callee.value, undefined, args.map(runOf)));
    return result === undefined ? undefined : valueOfRun(result.value);
  }

  get isSettling(): boolean {
    return this.#statics.isSettling;
  }

  step(): void {
    this.#steps.take();
  }

  numberAt(node: number): number {
    let number = this.#numbers.get(node);
    if (number === undefined) {
      this.#numbers.set(node, (number = numberValue(this.script.tree, node)));
    }
    return number;
  }

  evaluate(node: number, frame: Frame | undefined): Run {
    this.step();
    if (this.depth > MAX_DEPTH) throw new Stuck();
    this.depth += 1;
    const result = evaluateExpression(this, node, frame);
    this.depth -= 1;
    return result;
  }

  execute(node: number, frame: Frame): Completion | undefined {
    this.step();
    if (this.depth > MAX_DEPTH) throw new Stuck();
    this.depth += 1;
    const result = executeStatement(this, node, frame);
    this.depth -= 1;
    return result;
  }

  call(callee: Run, self: Run, args: readonly Run[]): Run {
    if (callee instanceof FunctionThing) return this.#run(callee, self, args);
    if (callee instanceof NativeThing) return callNative(callee.name, args);
    if (!(callee instanceof Unknown)) throw new Thrown(UNKNOWN);
    if (mayBeChanged(args)) throw new Stuck();
    return UNKNOWN;
  }

  construct(callee: Run, args: readonly Run[]): Run {
    if (callee instanceof NativeThing) {
      const [pattern, flags] = args;
      return callee.name === 'RegExp' && typeof pattern === 'string'
        ? new PatternThing(pattern, typeof flags === 'string' ? flags : '')
        : constructNative(callee.name, args);
    }
    if (!(callee instanceof FunctionThing)) return this.call(callee, undefined, args);
    const prototype = callee.members.get('prototype');
    const made = new Thing(false, prototype instanceof Thing ? prototype : undefined);
    const result = this.#run(callee, made, args);
    return result instanceof Thing ? result : made;
  }

  read(binding: number, frame: Frame | undefined): Run {
    const { scopes } = this.script;
    if (binding < 0) return UNKNOWN;
    for (let at = frame; at !== undefined; at = at.parent) {
      if (at.values.has(binding)) return at.values.get(binding);
    }
    const kind = scopes.bindingKind[binding];
    if (kind === BindingKind.Arguments) {
      const own = this.#frameOf(binding, frame);
      return own === undefined ? UNKNOWN : new ListThing([...own.args]);
    }
    const own = kind === BindingKind.Global ? undefined : this.#frameOf(binding, frame);
    if (own === undefined) return this.#statics.valueOf(binding);
    const fn = kind === BindingKind.Function ? this.#statics.functionOf(binding) : -1;
    const value = fn < 0 ? undefined : new FunctionThing(fn, own, own.self);
    own.values.set(binding, value);
    return value;
  }

  write(binding: number, frame: Frame | undefined, value: Run): void {
    for (let at = frame; at !== undefined; at = at.parent) {
      if (!at.values.has(binding)) continue;
      at.values.set(binding, value);
      return;
    }
    const own = this.#frameOf(binding, frame);
    if (own !== undefined) own.values.set(binding, value);
    // A function that replaces itself at its first call; other state is not ours to keep.
    else if (binding >= 0 && (this.isSettling || value instanceof FunctionThing))
      this.#statics.set(binding, value);
    else throw new Stuck();
  }

  sourceOf(fn: number): string {
    const text = textOf(this.script.tree, fn);
    this.#sources.add(text);
    return text;
  }

  isSource(text: string): boolean {
    return this.#sources.has(text);
  }

  /** What `work` gives; undefined when it is stuck or the script throws. */
  attempt<T>(work: () => T): { readonly value: T } | undefined {
    const depth = this.depth;
    try {
      return { value: work() };
    } catch (error) {
      if (!(error instanceof Stuck || error instanceof Thrown)) throw error;
      this.depth = depth;
      return undefined;
    }
  }

  #run(callee: FunctionThing, self: Run, given: readonly Run[]): Run {
    this.step();
    const { tree } = this.script;
    const { node, bound } = callee;
    if ((tree.flags[node]! & (Flag.Async | Flag.Generator)) !== 0) throw new Stuck();
    const args = bound === undefined ? given : [...bound.args, ...given];
    const isArrow = tree.kind[node] === Kind.Arrow;
    const frame = new Frame(
      node,
      callee.frame,
      isArrow ? callee.self : (bound?.self ?? self),
      args,
    );
    let index = 0;
    for (const param of children(tree, node, Role.Param)) {
      const isRest = tree.kind[param] === Kind.Rest;
      const value = isRest ? new ListThing(args.slice(index)) : args[index];
      assignTo(this, isRest ? param + 1 : param, frame, value, true);
      index += 1;
    }
    const body = child(tree, node, Role.Body);
    if (tree.kind[body] !== Kind.Block) return this.evaluate(body, frame);
    const completion = this.execute(body, frame);
    return completion?.kind === 'return' ? completion.value : undefined;
  }

  /** The frame of the function that a binding belongs to; undefined when that is not being worked out. */
  #frameOf(binding: number, frame: Frame | undefined): Frame | undefined {
    if (frame === undefined || binding < 0) return undefined;
    let owner = this.#owners.get(binding);
    if (owner === undefined) this.#owners.set(binding, (owner = this.#ownerOf(binding)));
    if (owner < 0) return undefined;
    for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
      if (at.fn === owner) return at;
    }
    return undefined;
  }

  #ownerOf(binding: number): number {
    const { tree, scopes } = this.script;
    const scope = scopes.bindingScope[binding]!;
    if (scope < 0) return -1;
    const node = scopes.scopeNode[scope]!;
    return isFunction(tree, node) ? node : enclosingFunction(tree, node);
  }
}
