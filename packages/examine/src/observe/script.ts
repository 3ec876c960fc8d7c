import {
  BindingKind,
  declarationsOf,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
  referencesOf,
  type Scopes,
  type ScriptTree,
  scopesOf,
} from '@avow/formats/script';

/** A value that a binding has once and for all, where that can be told. */
export interface Definition {
  /** The node whose value it takes; for a pattern, what is taken apart. */
  readonly node: number;
  /** Keys on the way from that value to the binding's. */
  readonly path: readonly string[];
}

/** Values of one variable that are looked at. */
const MAX_VALUES = 24;

/** One script with its scopes, and what its bindings are by their definitions. */
export class Script {
  readonly tree: ScriptTree;
  readonly scopes: Scopes;
  /** Tells the whole text that an expression gives; nothing until there is a folder. */
  constantAt: (node: number) => string | undefined = () => undefined;
  readonly #definitions = new Map<number, Definition | undefined>();

  constructor(tree: ScriptTree) {
    this.tree = tree;
    this.scopes = scopesOf(tree);
  }

  /** The name, when `node` is an identifier that nothing in the script declares. */
  globalName(node: number): string | undefined {
    const { tree, scopes } = this;
    if (tree.kind[node] !== Kind.Identifier) return undefined;
    const binding = scopes.bindingOf[node]!;
    if (binding < 0 || scopes.bindingKind[binding] !== BindingKind.Global) return undefined;
    return nameOf(tree, node);
  }

  bindingAt(node: number): number {
    return this.tree.kind[node] === Kind.Identifier ? this.scopes.bindingOf[node]! : -1;
  }

  /** The only value that a binding ever takes: declared once and never assigned to, or late and once. */
  definitionOf(binding: number): Definition | undefined {
    if (this.#definitions.has(binding)) return this.#definitions.get(binding);
    this.#definitions.set(binding, undefined);
    const definition = this.#define(binding);
    this.#definitions.set(binding, definition);
    return definition;
  }

  /**
   * All that a variable is ever given, in the order of the text: its initial
   * value, what is assigned, and each `+=` itself. Empty when it is a
   * parameter, or given in another way.
   */
  valuesOf(binding: number): readonly number[] {
    const { tree, scopes } = this;
    const kind = scopes.bindingKind[binding];
    if (kind !== BindingKind.Var && kind !== BindingKind.Let) return [];
    const values: number[] = [];
    for (const declaration of declarationsOf(scopes, binding)) {
      const parent = tree.parent[declaration]!;
      if (tree.kind[parent] !== Kind.VariableDeclarator) return [];
      const init = siblingWith(tree, parent, Role.Init);
      if (init >= 0) values.push(init);
    }
    for (const reference of referencesOf(scopes, binding)) {
      if ((tree.flags[reference]! & Flag.Writes) === 0) continue;
      const parent = tree.parent[reference]!;
      if (tree.kind[parent] !== Kind.Assignment || tree.role[reference] !== Role.Left) return [];
      const operator = nameOf(tree, parent);
      if (operator === '=') values.push(tree.next[reference]!);
      else if (operator === '+=') values.push(parent);
      else return [];
      if (values.length > MAX_VALUES) return [];
    }
    return values;
  }

  #define(binding: number): Definition | undefined {
    const { tree, scopes } = this;
    const kind = scopes.bindingKind[binding];
    if (kind === BindingKind.Param || kind === BindingKind.Catch || kind === BindingKind.Arguments)
      return undefined;
    const declared = declarationsOf(scopes, binding);
    if (declared.length > 1) return undefined;
    let write = -1;
    for (const reference of referencesOf(scopes, binding)) {
      if ((tree.flags[reference]! & Flag.Writes) === 0) continue;
      if (write >= 0 || (tree.flags[reference]! & Flag.Reads) !== 0) return undefined;
      write = reference;
    }
    const own = declared.length === 0 ? undefined : this.#valueOfTarget(declared[0]!, []);
    // A function that replaces itself when it is first called is what it is until then.
    if (write < 0 || (own !== undefined && this.#isWithin(write, own.node))) return own;
    return own === undefined ? this.#valueOfTarget(write, []) : undefined;
  }

  #isWithin(node: number, fn: number): boolean {
    return isFunction(this.tree, fn) && node > fn && node < this.tree.next[fn]!;
  }

  /** What a target (a name in a declaration, assignment or pattern) takes. */
  #valueOfTarget(target: number, path: readonly string[]): Definition | undefined {
    const { tree } = this;
    const parent = tree.parent[target]!;
    switch (tree.kind[parent]) {
      case Kind.VariableDeclarator: {
        const init = siblingWith(tree, parent, Role.Init);
        return init < 0 ? undefined : { node: init, path };
      }
      case Kind.Assignment: {
        if (tree.role[target] !== Role.Left || nameOf(tree, parent) !== '=') return undefined;
        return { node: siblingWith(tree, parent, Role.Right), path };
      }
      case Kind.FunctionDeclaration:
      case Kind.FunctionExpression:
      case Kind.ClassDeclaration:
      case Kind.ClassExpression:
      case Kind.Enum:
        return tree.role[target] === Role.Id ? { node: parent, path } : undefined;
      case Kind.ImportSpecifier:
      case Kind.ImportDefault:
      case Kind.ImportNamespace:
      case Kind.ImportEquals:
        return { node: parent, path };
      case Kind.Property: {
        const name = nameOf(tree, parent);
        if (name === undefined || tree.kind[tree.parent[parent]!] !== Kind.ObjectPattern) {
          return undefined;
        }
        return this.#valueOfTarget(tree.parent[parent]!, [name, ...path]);
      }
      case Kind.Default:
        return undefined;
      default:
        return undefined;
    }
  }

  /** The function that an expression is, directly or by a name; -1 when it is none we know. */
  functionAt(node: number, depth = 0): number {
    const { tree } = this;
    if (depth > 8) return -1;
    if (isFunction(tree, node)) return node;
    if (tree.kind[node] === Kind.Assignment || tree.kind[node] === Kind.Sequence) {
      let last = -1;
      for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) last = at;
      return last < 0 ? -1 : this.functionAt(last, depth + 1);
    }
    const binding = this.bindingAt(node);
    if (binding < 0) return -1;
    const definition = this.definitionOf(binding);
    const given = definition === undefined ? this.#givenTo(binding) : -1;
    if (given >= 0) return this.functionAt(given, depth + 1);
    if (definition === undefined || definition.path.length > 0) return -1;
    return this.functionAt(definition.node, depth + 1);
  }

  /** What a parameter gets of a function that is called where it is written, and nowhere else: UMD's factory; else -1. */
  #givenTo(binding: number): number {
    const { tree, scopes } = this;
    if (scopes.bindingKind[binding] !== BindingKind.Param) return -1;
    const param = declarationsOf(scopes, binding)[0];
    if (param === undefined || tree.role[param] !== Role.Param) return -1;
    const fn = tree.parent[param]!;
    const call = tree.parent[fn]!;
    if (tree.role[fn] !== Role.Callee || tree.kind[call] !== Kind.Call) return -1;
    let index = 0;
    for (let at = fn + 1; at < param; at = tree.next[at]!)
      if (tree.role[at] === Role.Param) index += 1;
    for (let at = tree.next[fn]!; at < tree.next[call]!; at = tree.next[at]!, index -= 1) {
      if (tree.kind[at] === Kind.Spread) return -1;
      if (index === 0) return at;
    }
    return -1;
  }
}

function siblingWith(tree: ScriptTree, parent: number, role: Role): number {
  for (let at = parent + 1; at < tree.next[parent]!; at = tree.next[at]!) {
    if (tree.role[at] === role) return at;
  }
  return -1;
}
