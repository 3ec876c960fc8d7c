/**
 * What the nodes of a `ScriptTree` are: ESTree (2026, with JSX and the parts of
 * TypeScript that run) made flat, with as few nodes as carry meaning.
 *
 * Not in the tree: parentheses, types and type-only declarations, chain and
 * JSX container wrappers, class bodies, JSX closing tags; a plain key, label,
 * operator or member name is its node's `name`, not a child. The page
 * `docs/formats/script.md` shows each kind with its children.
 */
export const Kind = {
  Program: 1,
  // Statements.
  ExpressionStatement: 2,
  Block: 3,
  Empty: 4,
  Debugger: 5,
  With: 6,
  Return: 7,
  /** `name`: the label. */
  Labeled: 8,
  /** `name`: the label, or -1. */
  Break: 9,
  /** `name`: the label, or -1. */
  Continue: 10,
  If: 11,
  Switch: 12,
  /** Without a `Test` child: `default`. */
  SwitchCase: 13,
  Throw: 14,
  Try: 15,
  Catch: 16,
  While: 17,
  DoWhile: 18,
  For: 19,
  ForIn: 20,
  /** `Async`: `for await`. */
  ForOf: 21,
  /** `name`: `var`, `let`, `const`, `using`, `await using`. */
  VariableDeclaration: 22,
  VariableDeclarator: 23,
  FunctionDeclaration: 24,
  ClassDeclaration: 25,
  // Modules.
  ImportDeclaration: 26,
  /** `name`: what is imported; its `Id` child is the local binding. */
  ImportSpecifier: 27,
  ImportDefault: 28,
  ImportNamespace: 29,
  /** `name`: the key; its `Value` child the value. */
  ImportAttribute: 30,
  /** Of a declaration, of local names, or (with a `Source` child) of another module's names. */
  ExportNamed: 31,
  /** `name`: as what; its `Local` child: an `Identifier`, or a `Name` when there is a source. */
  ExportSpecifier: 32,
  ExportDefault: 33,
  /** `name`: as what, or -1. */
  ExportAll: 34,
  // Expressions.
  Identifier: 35,
  This: 36,
  Super: 37,
  /** `name`: the value. */
  String: 38,
  /** See `numberValue`. */
  Number: 39,
  BigInt: 40,
  /** `name`: `true` or `false`. */
  Boolean: 41,
  Null: 42,
  /** See `regexpParts`. */
  RegExp: 43,
  /** Its children, in order: `Piece` and `Expression` in turn. */
  Template: 44,
  /** `name`: cooked, -1 when an escape is malformed (tagged templates only); raw: see `rawPiece`. */
  TemplateElement: 45,
  TaggedTemplate: 46,
  Array: 47,
  /** An array's or pattern's missing element; its place is the array's start. */
  Hole: 48,
  Object: 49,
  /**
   * Of an object or a pattern. `name`: the key as the engine takes it (`{1e3: x}`: `1000`),
   * or -1 with a `Key` child and `Computed`. `Get`, `Set`, `Method`, `Shorthand`.
   */
  Property: 50,
  Spread: 51,
  FunctionExpression: 52,
  Arrow: 53,
  ClassExpression: 54,
  /** `name`: the key, `#x` when private, or -1 with a `Key` child and `Computed`. `Static`, `Get`, `Set`, `Constructor`. */
  Method: 55,
  /** As `Method`; its `Value` child is there when initialised. */
  Field: 56,
  /** `accessor x = 1` of the decorators proposal; as `Field`. */
  Accessor: 57,
  StaticBlock: 58,
  Decorator: 59,
  /** `name`: the operator. */
  Unary: 60,
  /** `name`: the operator. `Prefix`. */
  Update: 61,
  /** `name`: the operator. */
  Binary: 62,
  /** `name`: the operator. */
  Logical: 63,
  /** `name`: the operator. */
  Assignment: 64,
  Conditional: 65,
  /** `Optional`: `f?.()`. */
  Call: 66,
  New: 67,
  /** `name`: the property (`#x` when private), or -1 with an `Index` child and `Computed`. `Optional`: `a?.b`. */
  Member: 68,
  Sequence: 69,
  /** `Delegate`: `yield*`. */
  Yield: 70,
  Await: 71,
  /** `import(source, options)`. */
  ImportCall: 72,
  ImportMeta: 73,
  NewTarget: 74,
  /** `#x` to the left of `in`. */
  PrivateName: 75,
  // Patterns.
  ArrayPattern: 76,
  ObjectPattern: 77,
  /** A target with a default: `Left` and `Right`. */
  Default: 78,
  Rest: 79,
  /** A name that is neither read nor bound: what `export { a } from` takes. */
  Name: 80,
  // JSX.
  /** Its `Name` child: `Identifier` and `Member` (values), or `JsxName` (a tag of the page). */
  JsxElement: 81,
  JsxFragment: 82,
  /** `name`: the tag; `a:b` when namespaced. */
  JsxName: 83,
  /** `name`: the attribute; its `Value` child is absent when it is `true`, and a `String` with the text as written. */
  JsxAttribute: 84,
  /** As written, entities not decoded: read its text. */
  JsxText: 85,
  // What runs of TypeScript.
  Enum: 86,
  /** `name`: the key. */
  EnumMember: 87,
  Namespace: 88,
  /** `import a = require("b")` (`Source`) and `import a = b.c` (`Value`). */
  ImportEquals: 89,
  /** `export = a`. */
  ExportAssignment: 90,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What a node is to its parent. */
export const Role = {
  /** The program itself. */
  Root: 0,
  /** One of a list of statements. */
  Statement: 1,
  /** Of a function, loop, `with`, label, catch clause, namespace. */
  Body: 2,
  /** What is bound: the name of a function or class, a declarator's target, an import's local name. */
  Id: 3,
  /** Of a function, or what a catch clause binds. */
  Param: 4,
  Init: 5,
  Test: 6,
  Update: 7,
  Consequent: 8,
  Alternate: 9,
  /** What is switched on. */
  Discriminant: 10,
  /** A `SwitchCase`. */
  Case: 11,
  /** Of `try`. */
  Block: 12,
  /** Of `try`: a `Catch`. */
  Handler: 13,
  Finalizer: 14,
  /** A declarator of a declaration; what an export declares. */
  Declaration: 15,
  Specifier: 16,
  /** The module that an import or export names: a `String`; of `import()` any expression. */
  Source: 17,
  /** The second argument of `import()`. */
  Options: 18,
  /** Import attributes; attributes of a JSX element (also `Spread`). */
  Attribute: 19,
  /** See `ExportSpecifier`. */
  Local: 20,
  /** The only operand: unary, update, spread, rest, await, yield, return, throw, decorator. */
  Operand: 21,
  Left: 22,
  Right: 23,
  /** Receiver of a member; object of `with`. */
  Object: 24,
  /** Computed property of a member. */
  Index: 25,
  Callee: 26,
  Argument: 27,
  Tag: 28,
  /** The `Template` of a tagged template. */
  Quasi: 29,
  /** A `TemplateElement`. */
  Piece: 30,
  /** Of an expression statement, template, sequence. */
  Expression: 31,
  /** Of an array or array pattern. */
  Element: 32,
  /** Of an object or object pattern. */
  Property: 33,
  /** Computed key. */
  Key: 34,
  /** Of a property, method, field, attribute, default export, enum member. */
  Value: 35,
  SuperClass: 36,
  /** Of a class or an enum. */
  Member: 37,
  Decorator: 38,
  /** Of a JSX element. */
  Name: 39,
  /** Of a JSX element or fragment. */
  Child: 40,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Bits of `ScriptTree.flags`. */
export const Flag = {
  /** Key or member in brackets: there is a `Key` or `Index` child. */
  Computed: 1 << 0,
  /** The `?.` stands right here. */
  Optional: 1 << 1,
  Static: 1 << 2,
  Async: 1 << 3,
  Generator: 1 << 4,
  Get: 1 << 5,
  Set: 1 << 6,
  Shorthand: 1 << 7,
  Method: 1 << 8,
  Constructor: 1 << 9,
  /** An `Identifier` that binds its name. */
  Declares: 1 << 10,
  /** An `Identifier` or `Member` whose value is taken. */
  Reads: 1 << 11,
  /** An `Identifier` or `Member` that is assigned to; with `Reads`: `+=`, `++`. */
  Writes: 1 << 12,
  Prefix: 1 << 13,
  Delegate: 1 << 14,
  /** An expression statement of a directive prologue. */
  Directive: 1 << 15,
} as const;
export type Flag = (typeof Flag)[keyof typeof Flag];

/**
 * Names that have the same index in every tree's `names`: operators, kinds of
 * declarations and names that analysis asks for all the time.
 */
export const WORDS = [
  ...['', 'var', 'let', 'const', 'using', 'await using', 'true', 'false'],
  ...['==', '!=', '===', '!==', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '**', '<<', '>>'],
  ...['>>>', '|', '^', '&', 'in', 'instanceof', '||', '&&', '??', '=', '+=', '-=', '*=', '/='],
  ...['%=', '**=', '<<=', '>>=', '>>>=', '|=', '^=', '&=', '||=', '&&=', '??=', '!', '~'],
  ...['typeof', 'void', 'delete', '++', '--'],
  ...['undefined', 'arguments', 'eval', 'require', 'module', 'exports', 'default', 'globalThis'],
  ...['window', 'self', 'global', 'process', 'constructor', 'prototype', 'Function', 'then'],
] as const;

export type Word = (typeof WORDS)[number];

/** The index of a word in every tree's `names`. */
export const wordId: Readonly<Record<Word, number>> = Object.fromEntries(
  WORDS.map((word, id) => [word, id]),
) as Record<Word, number>;

/** Names of kinds and roles, for people and tests. */
export const KIND_NAMES: readonly string[] = namesByValue(Kind);
export const ROLE_NAMES: readonly string[] = namesByValue(Role);

function namesByValue(table: Readonly<Record<string, number>>): string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(table)) names[value] = name;
  return names;
}
