import { IntList } from '../int-list.ts';
import { wordId } from '../kinds.ts';
import type { ScriptTree } from '../tree.ts';
import type { Collected } from './collect.ts';
import { compacted } from './compact.ts';
import { hoistedFunctions } from './hoist.ts';
import { BindingKind, ScopeKind, type Scopes } from './kinds.ts';

/** In `meaning`: no binding in sight. */
const UNBOUND = -1;

const bindingKind = new IntList();
const bindingName = new IntList();
const bindingScope = new IntList();
/** Binding of each declaration, -1 until its scope is entered. */
const bindingOfDeclaration = new IntList();
/** What each name means where the walk stands: a binding, or `UNBOUND`. */
let meaning = new Int32Array(1 << 12).fill(UNBOUND);
/** Names that were given a meaning, and what they meant before, innermost last. */
const shadowedName = new IntList();
const shadowedMeaning = new IntList();
const openScopes = new IntList();
/** Length of `shadowedName` when each open scope was entered. */
const openMarks = new IntList();
const globals = new IntList();
const referenceBinding = new IntList();
/** Declarations of a scope, turned round. */
const order = new IntList();

/**
 * Walks scopes and references in the order of the text, keeping for each
 * name what it means at that place: a name is resolved by one look.
 */
export function resolveNames(tree: ScriptTree, collected: Collected): Scopes {
  const names = tree.names.length;
  if (meaning.length < names) meaning = new Int32Array(names * 2).fill(UNBOUND);
  for (const list of LISTS) list.clear();
  const bindingOf = columnFor(tree).fill(-1);
  new Resolver(tree, collected, bindingOf).run();
  return compacted(collected, bindingOf, {
    kind: bindingKind,
    name: bindingName,
    scope: bindingScope,
    ofDeclaration: bindingOfDeclaration,
    globals,
    referenceBinding,
  });
}

let lent = new Int32Array(0);

/** A larger column is given back with the next tree that does not need it. */
const MOST_KEPT = 1 << 20;

/** A column of its own for a tree that has such; else one that lasts as long as the lent tree. */
function columnFor({ count, isLent }: ScriptTree): Int32Array {
  if (!isLent) return new Int32Array(count);
  const isTooLarge = lent.length > MOST_KEPT && count <= MOST_KEPT;
  if (lent.length < count || isTooLarge) lent = new Int32Array(count);
  return lent.subarray(0, count);
}

/** Gives back the memory of the largest lent tree's names. */
export function dropLentScopes(): void {
  lent = new Int32Array(0);
}

const LISTS = [
  ...[bindingKind, bindingName, bindingScope, bindingOfDeclaration, globals, referenceBinding],
  ...[shadowedName, shadowedMeaning, openScopes, openMarks],
];

class Resolver {
  readonly #tree: ScriptTree;
  readonly #collected: Collected;
  readonly #bindingOf: Int32Array;
  /** By declaration: the function scope that a block's function is bound in as well. */
  readonly #hoisted: ReadonlyMap<number, number>;
  readonly #hoistedInto: ReadonlyMap<number, readonly number[]>;

  constructor(tree: ScriptTree, collected: Collected, bindingOf: Int32Array) {
    this.#tree = tree;
    this.#collected = collected;
    this.#bindingOf = bindingOf;
    this.#hoisted = hoistedFunctions(collected, tree.names.length);
    this.#hoistedInto = bySecond(this.#hoisted);
  }

  run(): void {
    const { references, scopeFrom, scopeKind, declarationNode } = this.#collected;
    const { name } = this.#tree;
    const scopes = scopeKind.length;
    for (let at = 0; at < declarationNode.length; at += 1) bindingOfDeclaration.push(-1);
    let scope = 0;
    for (let at = 0; at < references.length; at += 1) {
      const node = references.items[at]!;
      while (scope < scopes && scopeFrom.items[scope]! <= node) this.#enter(scope++);
      this.#leaveUntil(node);
      let binding = meaning[name[node]!]!;
      if (binding === UNBOUND) binding = this.#global(name[node]!);
      this.#bindingOf[node] = binding;
    }
    while (scope < scopes) this.#enter(scope++);
    this.#leaveUntil(this.#tree.count);
    for (let at = 0; at < globals.length; at += 1) {
      meaning[bindingName.items[globals.items[at]!]!] = UNBOUND;
    }
  }

  #leaveUntil(node: number): void {
    const { scopeTo } = this.#collected;
    while (openScopes.length > 0) {
      const scope = openScopes.items[openScopes.length - 1]!;
      if (scopeTo.items[scope]! > node) return;
      openScopes.pop();
      const mark = openMarks.pop();
      while (shadowedName.length > mark) meaning[shadowedName.pop()] = shadowedMeaning.pop();
    }
  }

  #enter(scope: number): void {
    const { scopeFrom, scopeKind, scopeLast } = this.#collected;
    this.#leaveUntil(scopeFrom.items[scope]!);
    openScopes.push(scope);
    openMarks.push(shadowedName.length);
    if (scopeKind.items[scope] === ScopeKind.Function) this.#arguments(scope);
    if (scopeLast.items[scope]! >= 0) this.#declareAll(scope);
    const hoisted = this.#hoistedInto.get(scope);
    if (hoisted !== undefined) for (const declaration of hoisted) this.#hoist(declaration, scope);
  }

  #mean(name: number, binding: number): void {
    shadowedName.push(name);
    shadowedMeaning.push(meaning[name]!);
    meaning[name] = binding;
  }

  #add(kind: BindingKind, name: number, scope: number): number {
    const binding = bindingKind.length;
    bindingKind.push(kind);
    bindingName.push(name);
    bindingScope.push(scope);
    return binding;
  }

  #arguments(scope: number): void {
    this.#mean(wordId.arguments, this.#add(BindingKind.Arguments, wordId.arguments, scope));
  }

  /** In the order of the text, though the scope's list runs backwards. */
  #declareAll(scope: number): void {
    const { scopeLast, declarationBefore } = this.#collected;
    const before = declarationBefore.items;
    let last = scopeLast.items[scope]!;
    const first = order.length;
    for (; last >= 0; last = before[last]!) order.push(last);
    while (order.length > first) this.#declare(order.pop(), scope);
  }

  #declare(declaration: number, scope: number): void {
    const { declarationName, declarationKind, declarationNode } = this.#collected;
    const name = declarationName.items[declaration]!;
    const kind = declarationKind.items[declaration] as BindingKind;
    let binding = this.#sameBinding(declaration, name, kind, scope);
    if (binding === UNBOUND) {
      binding = this.#add(kind, name, scope);
      this.#mean(name, binding);
    } else if (kind === BindingKind.Function && bindingKind.items[binding] === BindingKind.Var) {
      bindingKind.items[binding] = kind;
    }
    bindingOfDeclaration.items[declaration] = binding;
    this.#bindingOf[declarationNode.items[declaration]!] = binding;
  }

  /** The binding that this declares once more, or `UNBOUND`. */
  #sameBinding(declaration: number, name: number, kind: BindingKind, scope: number): number {
    const { scopeKind, scopeParent } = this.#collected;
    if (this.#hoisted.has(declaration)) {
      const hoisted = bindingOfDeclaration.items[declaration]!;
      if (hoisted >= 0) {
        this.#mean(name, hoisted);
        return hoisted;
      }
    }
    const known = meaning[name]!;
    if (known < 0) return UNBOUND;
    const home = bindingScope.items[known]!;
    if (home === scope) return isReplaceable(bindingKind.items[known]!) ? UNBOUND : known;
    // A body's `var` over a parameter starts with its value: one binding to us.
    const isBody = scopeKind.items[scope] === ScopeKind.FunctionBody && kind === BindingKind.Var;
    if (!isBody || home !== scopeParent.items[scope]) return UNBOUND;
    return isReplaceable(bindingKind.items[known]!) ? UNBOUND : known;
  }

  /** Binds a block's function in the function around, as a `var`. */
  #hoist(declaration: number, scope: number): void {
    const name = this.#collected.declarationName.items[declaration]!;
    const known = meaning[name]!;
    const isHere = known >= 0 && bindingScope.items[known] === scope;
    let binding = isHere && !isReplaceable(bindingKind.items[known]!) ? known : UNBOUND;
    if (binding === UNBOUND) {
      binding = this.#add(BindingKind.Function, name, scope);
      this.#mean(name, binding);
    }
    // With a parameter of that name the function stays in its block.
    if (bindingKind.items[binding] === BindingKind.Param) return;
    bindingOfDeclaration.items[declaration] = binding;
  }

  #global(name: number): number {
    const binding = this.#add(BindingKind.Global, name, -1);
    globals.push(binding);
    meaning[name] = binding;
    return binding;
  }
}

function bySecond(pairs: ReadonlyMap<number, number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [first, second] of pairs) {
    const group = groups.get(second);
    if (group === undefined) groups.set(second, [first]);
    else group.push(first);
  }
  return groups;
}

/** Gives way to any declaration of the same scope. */
function isReplaceable(kind: number): boolean {
  return kind === BindingKind.Self || kind === BindingKind.Arguments;
}
