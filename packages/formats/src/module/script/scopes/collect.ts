import { IntList } from '../int-list.ts';
import { Flag, Kind, Role, wordId } from '../kinds.ts';
import type { ScriptTree } from '../tree.ts';
import { BindingKind, ScopeKind } from './kinds.ts';

/** Bits of `scopeMarks`. */
export const HAS_EVAL = 1;
/** Seen before the function's body: the body then has a scope of its own. */
const PARAMETER_EXPRESSION = 2;

/** Scopes, declarations and references of a tree, in its order, before any name is resolved. */
export class Collected {
  readonly scopeKind = new IntList();
  readonly scopeNode = new IntList();
  readonly scopeParent = new IntList();
  /** First node inside, and first after. */
  readonly scopeFrom = new IntList();
  readonly scopeTo = new IntList();
  /** Nearest scope of `var`, itself included. */
  readonly scopeVar = new IntList();
  readonly scopeStrict = new IntList();
  readonly scopeMarks = new IntList();
  /** Last declaration made in the scope, -1 for none: a list through `declarationBefore`. */
  readonly scopeLast = new IntList();
  readonly declarationNode = new IntList();
  readonly declarationName = new IntList();
  readonly declarationKind = new IntList();
  readonly declarationScope = new IntList();
  readonly declarationBefore = new IntList();
  /** Functions in blocks of sloppy code: they may be bound in the function as well (Annex B.3.2). */
  readonly blockFunctions = new IntList();
  readonly references = new IntList();

  clear(): void {
    for (const list of Object.values(this)) (list as IntList).clear();
  }
}

const collected = new Collected();

/** Valid until the next call. */
export function collectScopes(tree: ScriptTree): Collected {
  collected.clear();
  new Collector(tree).run();
  return collected;
}

class Collector {
  readonly #tree: ScriptTree;
  #scope = -1;
  /** First node after the innermost scope. */
  #until = 0;
  readonly #withBodies = new Set<number>();
  /** Whole patterns around the node, the innermost last. */
  readonly #patterns: number[] = [];

  constructor(tree: ScriptTree) {
    this.#tree = tree;
  }

  run(): void {
    const { kind, count } = this.#tree;
    this.#open(ScopeKind.Top, 0, 0);
    for (let node = 1; node < count; node += 1) {
      while (node >= this.#until) this.#close();
      if (this.#withBodies.size > 0 && this.#withBodies.delete(node)) {
        this.#open(ScopeKind.With, node, node);
      }
      this.#take(node, kind[node]!);
    }
  }

  #take(node: number, kind: number): void {
    switch (kind) {
      case Kind.Identifier:
        this.#identifier(node);
        return;
      case Kind.Property:
      case Kind.Default:
      case Kind.Rest:
      case Kind.ArrayPattern:
      case Kind.ObjectPattern:
        this.#pattern(node);
        return;
      case Kind.FunctionDeclaration:
      case Kind.FunctionExpression:
      case Kind.Arrow:
        this.#function(node, kind);
        return;
      case Kind.Block:
        this.#block(node);
        return;
      case Kind.ClassDeclaration:
      case Kind.ClassExpression:
        this.#class(node, kind);
        return;
      case Kind.Catch:
        this.#open(ScopeKind.Catch, node, node);
        return;
      case Kind.For:
      case Kind.ForIn:
      case Kind.ForOf:
        if (this.#headIsLexical(node)) this.#open(ScopeKind.Block, node, node);
        return;
      case Kind.SwitchCase:
        this.#switchCase(node);
        return;
      case Kind.StaticBlock:
        this.#open(ScopeKind.StaticBlock, node, node);
        return;
      case Kind.Namespace:
        this.#declareId(node, BindingKind.Namespace);
        this.#open(ScopeKind.Namespace, node, node);
        return;
      case Kind.Enum:
        this.#declareId(node, BindingKind.Enum);
        this.#open(ScopeKind.Enum, node, node);
        return;
      case Kind.EnumMember:
        this.#declare(node, BindingKind.Const, this.#scope);
        return;
      case Kind.ExpressionStatement:
        this.#statement(node);
        return;
      case Kind.Call:
        this.#call(node);
        return;
      case Kind.With:
        // The object is evaluated outside.
        this.#withBodies.add(this.#tree.next[node + 1]!);
        return;
      default:
    }
  }

  #open(kind: ScopeKind, node: number, from: number): void {
    const { scopeVar, scopeStrict } = collected;
    const scope = collected.scopeKind.length;
    const above = this.#scope;
    const isVarScope = kind <= ScopeKind.Namespace;
    collected.scopeKind.push(kind);
    collected.scopeNode.push(node);
    collected.scopeParent.push(above);
    collected.scopeFrom.push(from);
    collected.scopeTo.push(this.#tree.next[node]!);
    scopeVar.push(isVarScope ? scope : scopeVar.items[above]!);
    const isStrict =
      above < 0
        ? this.#tree.goal === 'module'
        : kind === ScopeKind.Class || scopeStrict.items[above] === 1;
    scopeStrict.push(isStrict ? 1 : 0);
    collected.scopeMarks.push(0);
    collected.scopeLast.push(-1);
    this.#scope = scope;
    this.#until = this.#tree.next[node]!;
  }

  #close(): void {
    this.#scope = collected.scopeParent.items[this.#scope]!;
    this.#until = collected.scopeTo.items[this.#scope]!;
  }

  #declare(node: number, kind: BindingKind, scope: number): void {
    const declaration = collected.declarationNode.length;
    collected.declarationNode.push(node);
    collected.declarationName.push(this.#tree.name[node]!);
    collected.declarationKind.push(kind);
    collected.declarationScope.push(scope);
    collected.declarationBefore.push(collected.scopeLast.items[scope]!);
    collected.scopeLast.items[scope] = declaration;
  }

  /** Declares the name of a function, class, enum or namespace where it stands. */
  #declareId(node: number, kind: BindingKind): void {
    const id = this.#idOf(node);
    if (id >= 0) this.#declare(id, kind, this.#scope);
  }

  #idOf(node: number): number {
    const { next, role } = this.#tree;
    const end = next[node]!;
    let at = node + 1;
    while (at < end && role[at] === Role.Decorator) at = next[at]!;
    return at < end && role[at] === Role.Id ? at : -1;
  }

  #identifier(node: number): void {
    const { flags, parent, kind } = this.#tree;
    if ((flags[node]! & Flag.Declares) === 0) {
      collected.references.push(node);
      return;
    }
    const above = parent[node]!;
    if (!isPattern(kind[above]!)) {
      this.#binding(node, above);
      return;
    }
    this.#leavePatterns(node);
    this.#binding(node, parent[this.#patterns.at(-1)!]!);
  }

  #leavePatterns(node: number): void {
    const { next } = this.#tree;
    const patterns = this.#patterns;
    while (patterns.length > 0 && next[patterns[patterns.length - 1]!]! <= node) patterns.pop();
  }

  #binding(node: number, by: number): void {
    const { kind, parent, name, role } = this.#tree;
    switch (kind[by]) {
      case Kind.VariableDeclarator: {
        const word = name[parent[by]!]!;
        if (word === wordId.var) {
          this.#declare(node, BindingKind.Var, collected.scopeVar.items[this.#scope]!);
        } else {
          const isLet = word === wordId.let;
          this.#declare(node, isLet ? BindingKind.Let : BindingKind.Const, this.#scope);
        }
        return;
      }
      case Kind.FunctionDeclaration:
      case Kind.FunctionExpression:
      case Kind.Arrow:
        // The function's own name was declared when its scope was opened.
        if (role[node] !== Role.Id) this.#declare(node, BindingKind.Param, this.#scope);
        return;
      case Kind.Catch:
        this.#declare(node, BindingKind.Catch, this.#scope);
        return;
      case Kind.ImportSpecifier:
      case Kind.ImportDefault:
      case Kind.ImportNamespace:
      case Kind.ImportEquals:
        this.#declare(node, BindingKind.Import, this.#scope);
        return;
      default:
      // Classes, enums and namespaces: declared when their scope was opened.
    }
  }

  #pattern(node: number): void {
    if (!isPattern(this.#tree.kind[this.#tree.parent[node]!]!)) {
      this.#leavePatterns(node);
      this.#patterns.push(node);
    }
    if (this.#tree.kind[node] === Kind.Default) this.#parameterExpression();
    else if ((this.#tree.flags[node]! & Flag.Computed) !== 0) this.#parameterExpression();
  }

  #parameterExpression(): void {
    const kind = collected.scopeKind.items[this.#scope];
    if (kind === ScopeKind.Function || kind === ScopeKind.Arrow) {
      collected.scopeMarks.items[this.#scope]! |= PARAMETER_EXPRESSION;
    }
  }

  #function(node: number, kind: number): void {
    if (kind === Kind.FunctionDeclaration) this.#declareFunction(node);
    this.#open(kind === Kind.Arrow ? ScopeKind.Arrow : ScopeKind.Function, node, node);
    if (kind === Kind.FunctionExpression) this.#declareId(node, BindingKind.Self);
  }

  #declareFunction(node: number): void {
    const id = this.#idOf(node);
    if (id < 0) return;
    const scope = this.#scope;
    const isPlain = (this.#tree.flags[node]! & (Flag.Async | Flag.Generator)) === 0;
    const isSloppy = collected.scopeStrict.items[scope] === 0;
    if (collected.scopeVar.items[scope] !== scope && isPlain && isSloppy) {
      collected.blockFunctions.push(collected.declarationNode.length);
    }
    this.#declare(id, BindingKind.Function, scope);
  }

  #class(node: number, kind: number): void {
    if (kind === Kind.ClassDeclaration) this.#declareId(node, BindingKind.Class);
    this.#open(ScopeKind.Class, node, node);
    if (kind === Kind.ClassExpression) this.#declareId(node, BindingKind.Self);
  }

  #block(node: number): void {
    const { parent, kind } = this.#tree;
    const above = kind[parent[node]!]!;
    if (above === Kind.Catch || above === Kind.Namespace) return;
    if (
      above !== Kind.FunctionDeclaration &&
      above !== Kind.FunctionExpression &&
      above !== Kind.Arrow
    ) {
      this.#open(ScopeKind.Block, node, node);
      return;
    }
    if ((collected.scopeMarks.items[this.#scope]! & PARAMETER_EXPRESSION) === 0) return;
    this.#open(ScopeKind.FunctionBody, node, node);
  }

  #headIsLexical(node: number): boolean {
    const { kind, name, next } = this.#tree;
    const head = node + 1;
    if (head >= next[node]! || kind[head] !== Kind.VariableDeclaration) return false;
    return name[head] !== wordId.var;
  }

  /** A switch's scope begins at its first case: what is switched on lies outside. */
  #switchCase(node: number): void {
    const above = this.#tree.parent[node]!;
    if (collected.scopeNode.items[this.#scope] === above) return;
    this.#open(ScopeKind.Block, above, node);
  }

  #statement(node: number): void {
    const { flags, start, end, text } = this.#tree;
    if ((flags[node]! & Flag.Directive) === 0) return;
    const string = node + 1;
    if (end[string]! - start[string]! !== 12) return;
    if (text.startsWith('use strict', start[string]! + 1)) {
      collected.scopeStrict.items[this.#scope] = 1;
    }
  }

  /** `eval(…)` written as such: in sloppy code it may add names to the function around it. */
  #call(node: number): void {
    const { kind, name, flags } = this.#tree;
    if (kind[node + 1] !== Kind.Identifier || name[node + 1] !== wordId.eval) return;
    if ((flags[node]! & Flag.Optional) !== 0) return;
    if (collected.scopeStrict.items[this.#scope] === 1) return;
    collected.scopeMarks.items[collected.scopeVar.items[this.#scope]!]! |= HAS_EVAL;
  }
}

function isPattern(kind: number): boolean {
  return (
    kind === Kind.Property ||
    kind === Kind.Default ||
    kind === Kind.Rest ||
    kind === Kind.ArrayPattern ||
    kind === Kind.ObjectPattern
  );
}
