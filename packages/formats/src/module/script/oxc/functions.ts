import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { EXPRESSION } from './expressions.ts';
import { FIELDS, STRIDES, TEXTS } from './layout.ts';
import { BINDING_PATTERN, openKeyed } from './patterns.ts';
import { directivesAndStatements, STATEMENT } from './statements.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const ARROW_BODY = unionTable('ArrowFunctionBody');
const CLASS_ELEMENT = unionTable('ClassElement');
const PROPERTY_KEY = unionTable('PropertyKey');

const F = FIELDS;
const FUNCTION = STRUCT_IDS['Function']!;
const FUNCTION_BODY = STRUCT_IDS['FunctionBody']!;
const BINDING = STRUCT_IDS['BindingIdentifier']!;
const PARAMETER = STRUCT_IDS['FormalParameter']!;
const PARAMETER_DEFAULT = STRUCT_IDS['ParameterDefault']!;
const PARAMETER_REST = STRUCT_IDS['ParameterRest']!;
const BINDING_REST = STRUCT_IDS['BindingRestElement']!;
const DECORATOR = STRUCT_IDS['Decorator']!;
/** The package has no name for it: decorators, then a `BindingRestElement`. */
const PARAMETER_REST_ELEMENT = F.FormalParameters.start;

const IS_FUNCTION_DECLARATION = numberOf(TEXTS.FunctionType, 'FunctionDeclaration');
const IS_FUNCTION_EXPRESSION = numberOf(TEXTS.FunctionType, 'FunctionExpression');
const IS_CLASS_DECLARATION = numberOf(TEXTS.ClassType, 'ClassDeclaration');
/** Of methods, fields and accessors alike: not abstract. */
const IS_CONCRETE = numberOf(TEXTS.MethodDefinitionType, 'MethodDefinition');
const METHOD_FLAGS: Readonly<Record<string, number>> = {
  constructor: Flag.Constructor,
  method: 0,
  get: Flag.Get,
  set: Flag.Set,
};
const METHOD_KINDS = Object.values(TEXTS.MethodDefinitionKind).map((kind) => METHOD_FLAGS[kind]!);

/** Functions and classes. */
export const FUNCTIONS: Readonly<Record<string, Handler>> = {
  Function: (walk, at) => {
    const type = walk.bytes[at + F.Function.type];
    // Others have no body: overloads and ambient ones are types.
    if (type !== IS_FUNCTION_DECLARATION && type !== IS_FUNCTION_EXPRESSION) return;
    if (walk.isTrue(at + F.Function.declare)) return;
    const isDeclaration = type === IS_FUNCTION_DECLARATION;
    const flags =
      (walk.isTrue(at + F.Function.async) ? Flag.Async : 0) |
      (walk.isTrue(at + F.Function.generator) ? Flag.Generator : 0);
    walk.open(at, isDeclaration ? Kind.FunctionDeclaration : Kind.FunctionExpression, -1, flags);
    const body = walk.pointer(at + F.Function.body);
    if (body !== 0) walk.ask(FUNCTION_BODY, body, Role.Body, Use.Read);
    parameters(walk, walk.pointer(at + F.Function.params));
    identifier(walk, at + F.Function.id);
  },
  ArrowFunctionExpression: (walk, at) => {
    const flags = walk.isTrue(at + F.ArrowFunctionExpression.async) ? Flag.Async : 0;
    walk.open(at, Kind.Arrow, -1, flags);
    walk.union(ARROW_BODY, at + F.ArrowFunctionExpression.body, Role.Body);
    parameters(walk, walk.pointer(at + F.ArrowFunctionExpression.params));
  },
  FunctionBody: (walk, at) => {
    walk.open(at, Kind.Block, -1, 0);
    directivesAndStatements(walk, at + F.FunctionBody.body);
  },
  FormalParameter: (walk, at) => {
    if (walk.pointer(at + F.FormalParameter.initializer) !== 0) {
      walk.ask(PARAMETER_DEFAULT, at, Role.Param, Use.Declare);
    } else {
      walk.union(BINDING_PATTERN, at + F.FormalParameter.pattern, Role.Param, Use.Declare);
    }
    decorators(walk, at + F.FormalParameter.decorators);
  },
  ParameterDefault: (walk, at) => {
    walk.open(at, Kind.Default, -1, 0);
    const initializer = walk.pointer(at + F.FormalParameter.initializer);
    walk.union(EXPRESSION, initializer, Role.Right);
    const pattern = at + F.FormalParameter.pattern;
    walk.union(BINDING_PATTERN, pattern, Role.Left, Use.Declare);
    // The package's place takes in decorators and `private`; ours begins with the name.
    const name = walk.words[(pattern + 8) >> 2]!;
    walk.columns.start[walk.node] = walk.words[name >> 2]!;
  },
  ParameterRest: (walk, at) => {
    walk.ask(BINDING_REST, at + PARAMETER_REST_ELEMENT, Role.Param, Use.Declare);
    decorators(walk, at + F.FormalParameter.decorators);
  },
  Class: (walk, at) => {
    if (walk.isTrue(at + F.Class.declare)) return;
    const isDeclaration = walk.bytes[at + F.Class.type] === IS_CLASS_DECLARATION;
    walk.open(at, isDeclaration ? Kind.ClassDeclaration : Kind.ClassExpression, -1, 0);
    const body = walk.pointer(at + F.Class.body);
    walk.unions(CLASS_ELEMENT, body + F.ClassBody.body, Role.Member);
    walk.optional(EXPRESSION, at + F.Class.superClass, Role.SuperClass);
    identifier(walk, at + F.Class.id);
    decorators(walk, at + F.Class.decorators);
  },
  MethodDefinition: (walk, at) => {
    const fn = walk.pointer(at + F.MethodDefinition.value);
    if (walk.bytes[at + F.MethodDefinition.type] !== IS_CONCRETE) return;
    if (walk.bytes[fn + F.Function.type] !== IS_FUNCTION_EXPRESSION) return;
    const key = at + F.MethodDefinition.key;
    const isComputed = walk.isTrue(at + F.MethodDefinition.computed);
    const flags =
      METHOD_KINDS[walk.bytes[at + F.MethodDefinition.kind]!]! |
      (walk.isTrue(at + F.MethodDefinition.static) ? Flag.Static : 0);
    openKeyed(walk, at, Kind.Method, key, isComputed, flags);
    walk.ask(FUNCTION, fn, Role.Value, Use.Read);
    if (isComputed) walk.union(PROPERTY_KEY, key, Role.Key);
    decorators(walk, at + F.MethodDefinition.decorators);
  },
  PropertyDefinition: (walk, at) => {
    if (walk.bytes[at + F.PropertyDefinition.type] !== IS_CONCRETE) return;
    if (walk.isTrue(at + F.PropertyDefinition.declare)) return;
    const isComputed = walk.isTrue(at + F.PropertyDefinition.computed);
    const flags = walk.isTrue(at + F.PropertyDefinition.static) ? Flag.Static : 0;
    openKeyed(walk, at, Kind.Field, at + F.PropertyDefinition.key, isComputed, flags);
    walk.optional(EXPRESSION, at + F.PropertyDefinition.value, Role.Value);
    if (isComputed) walk.union(PROPERTY_KEY, at + F.PropertyDefinition.key, Role.Key);
    decorators(walk, at + F.PropertyDefinition.decorators);
  },
  AccessorProperty: (walk, at) => {
    if (walk.bytes[at + F.AccessorProperty.type] !== IS_CONCRETE) return;
    const isComputed = walk.isTrue(at + F.AccessorProperty.computed);
    const flags = walk.isTrue(at + F.AccessorProperty.static) ? Flag.Static : 0;
    openKeyed(walk, at, Kind.Accessor, at + F.AccessorProperty.key, isComputed, flags);
    walk.optional(EXPRESSION, at + F.AccessorProperty.value, Role.Value);
    if (isComputed) walk.union(PROPERTY_KEY, at + F.AccessorProperty.key, Role.Key);
    decorators(walk, at + F.AccessorProperty.decorators);
  },
  StaticBlock: (walk, at) => {
    walk.open(at, Kind.StaticBlock, -1, 0);
    walk.unions(STATEMENT, at + F.StaticBlock.body, Role.Statement);
  },
  Decorator: (walk, at) => {
    walk.open(at, Kind.Decorator, -1, 0);
    walk.union(EXPRESSION, at + F.Decorator.expression, Role.Operand);
  },
  TSIndexSignature: () => {},
};

function parameters(walk: OxcWalk, at: number): void {
  const rest = walk.pointer(at + F.FormalParameters.rest);
  if (rest !== 0) walk.ask(PARAMETER_REST, rest, Role.Param, Use.Declare);
  const list = at + F.FormalParameters.params;
  walk.structs(PARAMETER, STRIDES.FormalParameter, list, Role.Param, Use.Declare);
}

/** An optional name: one without a text is none. */
function identifier(walk: OxcWalk, at: number): void {
  if (walk.pointer(at + F.BindingIdentifier.name) !== 0) {
    walk.ask(BINDING, at, Role.Id, Use.Declare);
  }
}

function decorators(walk: OxcWalk, at: number): void {
  walk.structs(DECORATOR, STRIDES.Decorator, at, Role.Decorator);
}

function numberOf(texts: Readonly<Record<number, string>>, text: string): number {
  return Number(Object.entries(texts).find(([, each]) => each === text)![0]);
}
