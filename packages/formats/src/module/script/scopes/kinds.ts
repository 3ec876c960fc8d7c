/** What a binding was made by; `var x` over a parameter stays a parameter. */
export const BindingKind = {
  /** Nothing in this script declares it: a global of the engine or of another script. */
  Global: 0,
  Var: 1,
  Let: 2,
  Const: 3,
  Function: 4,
  Class: 5,
  Param: 6,
  Import: 7,
  Catch: 8,
  /** Name of a function or class expression, seen only inside it. */
  Self: 9,
  /** The implicit `arguments` of a function. */
  Arguments: 10,
  Enum: 11,
  Namespace: 12,
} as const;
export type BindingKind = (typeof BindingKind)[keyof typeof BindingKind];

export const ScopeKind = {
  /** The script, module or (CommonJS) module function. */
  Top: 0,
  Function: 1,
  Arrow: 2,
  /** Body of a function whose parameters have expressions (ECMA-262, 10.2.11, step 28). */
  FunctionBody: 3,
  StaticBlock: 4,
  Namespace: 5,
  Block: 6,
  Class: 7,
  Catch: 8,
  /** Names inside are properties of an object first. */
  With: 9,
  Enum: 10,
} as const;
export type ScopeKind = (typeof ScopeKind)[keyof typeof ScopeKind];

/**
 * Who each name of a script is: bindings, their declarations and all their
 * references, by the scoping rules of ECMA-262 (2026) with Annex B.3.2, in
 * compact lists. Temporal dead zones are not: a name means its binding
 * wherever the binding is in scope.
 */
export interface Scopes {
  /** Of each node: the binding that this `Identifier` declares, reads or writes; -1 for other nodes. */
  readonly bindingOf: Int32Array;
  readonly bindingCount: number;
  /** A `BindingKind`. */
  readonly bindingKind: Uint8Array;
  /** Index into the tree's `names`. */
  readonly bindingName: Int32Array;
  /** -1 for globals. */
  readonly bindingScope: Int32Array;
  /** Bindings of kind `Global`, one for each name, in the order of first use. */
  readonly globals: Int32Array;
  /** Declaring nodes of binding `b`: `declarations` from `declarationsFrom[b]` to `declarationsFrom[b + 1]`. */
  readonly declarationsFrom: Int32Array;
  readonly declarations: Int32Array;
  /** Referencing nodes of binding `b`, in the order of the text; their flags say `Reads`, `Writes`. */
  readonly referencesFrom: Int32Array;
  readonly references: Int32Array;
  readonly scopeCount: number;
  /** A `ScopeKind`. */
  readonly scopeKind: Uint8Array;
  /** The node that opens it; ascending. */
  readonly scopeNode: Int32Array;
  /** -1 for the top. */
  readonly scopeParent: Int32Array;
  /** 1 where a direct `eval` of sloppy code may add names. */
  readonly scopeHasEval: Uint8Array;
}
