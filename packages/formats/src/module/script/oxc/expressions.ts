import { Flag, Kind, Role, type Word, wordId } from '../kinds.ts';
import { USE_FLAGS, Use } from '../use.ts';
import { FIELDS, STRIDES, TEXTS } from './layout.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const ARGUMENT = unionTable('Argument');
const ARRAY_ELEMENT = unionTable('ArrayExpressionElement');
const CHAIN_ELEMENT = unionTable('ChainElement');
export const EXPRESSION = unionTable('Expression');
const OBJECT_PROPERTY = unionTable('ObjectPropertyKind');
const ASSIGNMENT_TARGET = unionTable('AssignmentTarget');
const SIMPLE_TARGET = unionTable('SimpleAssignmentTarget');

/** Index of each operator's text in every tree's names. */
export function wordsOf(texts: Readonly<Record<number, string>>): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  for (const [number, text] of Object.entries(texts)) ids[Number(number)] = wordId[text as Word];
  return ids;
}

const ASSIGNMENTS = wordsOf(TEXTS.AssignmentOperator);
const BINARIES = wordsOf(TEXTS.BinaryOperator);
const LOGICALS = wordsOf(TEXTS.LogicalOperator);
const UNARIES = wordsOf(TEXTS.UnaryOperator);
const UPDATES = wordsOf(TEXTS.UpdateOperator);

const F = FIELDS;
const PIECE = STRUCT_IDS['TemplateElement']!;
const TEMPLATE = STRUCT_IDS['TemplateLiteral']!;
const PRIVATE_NAME = STRUCT_IDS['PrivateIdentifier']!;
const COOKED = F.TemplateElement.value + F.TemplateElementValue.cooked;
const STATIC_NAME = F.StaticMemberExpression.property + F.IdentifierName.name;
const PRIVATE_PROPERTY = F.PrivateFieldExpression.property;

/** Literals, names and operators. */
export const EXPRESSIONS: Readonly<Record<string, Handler>> = {
  BooleanLiteral: (walk, at) => {
    const value = walk.isTrue(at + F.BooleanLiteral.value);
    walk.open(at, Kind.Boolean, value ? wordId.true : wordId.false, 0);
  },
  NullLiteral: (walk, at) => walk.open(at, Kind.Null, -1, 0),
  NumericLiteral: (walk, at) => walk.open(at, Kind.Number, -1, 0),
  BigIntLiteral: (walk, at) => walk.open(at, Kind.BigInt, -1, 0),
  RegExpLiteral: (walk, at) => walk.open(at, Kind.RegExp, -1, 0),
  StringLiteral: (walk, at) => {
    walk.open(at, Kind.String, walk.textId(at + F.StringLiteral.value), 0);
  },
  IdentifierReference: (walk, at) => {
    const name = walk.nameId(at + F.IdentifierReference.name);
    walk.open(at, Kind.Identifier, name, USE_FLAGS[walk.use]!);
  },
  BindingIdentifier: (walk, at) => {
    walk.open(at, Kind.Identifier, walk.nameId(at + F.BindingIdentifier.name), Flag.Declares);
  },
  PrivateIdentifier: (walk, at) => walk.open(at, Kind.PrivateName, privateId(walk, at), 0),
  ThisExpression: (walk, at) => walk.open(at, Kind.This, -1, 0),
  Super: (walk, at) => walk.open(at, Kind.Super, -1, 0),
  ImportMeta: (walk, at) => walk.open(at, Kind.ImportMeta, -1, 0),
  NewTarget: (walk, at) => walk.open(at, Kind.NewTarget, -1, 0),
  TemplateLiteral: (walk, at) => {
    walk.open(at, Kind.Template, -1, 0);
    const pieces = walk.words[(at + F.TemplateLiteral.quasis) >> 2]!;
    const values = walk.words[(at + F.TemplateLiteral.expressions) >> 2]!;
    const count = walk.words[(at + F.TemplateLiteral.expressions + 8) >> 2]!;
    for (let index = count; index >= 0; index -= 1) {
      if (index < count) walk.union(EXPRESSION, values + index * 16, Role.Expression);
      walk.ask(PIECE, pieces + index * STRIDES.TemplateElement, Role.Piece, Use.Read);
    }
  },
  TemplateElement: (walk, at) => {
    walk.open(at, Kind.TemplateElement, walk.textId(at + COOKED), 0);
  },
  TaggedTemplateExpression: (walk, at) => {
    walk.open(at, Kind.TaggedTemplate, -1, 0);
    walk.ask(TEMPLATE, at + F.TaggedTemplateExpression.quasi, Role.Quasi, Use.Read);
    walk.union(EXPRESSION, at + F.TaggedTemplateExpression.tag, Role.Tag);
  },
  ArrayExpression: (walk, at) => {
    walk.open(at, Kind.Array, -1, 0);
    walk.unions(ARRAY_ELEMENT, at + F.ArrayExpression.elements, Role.Element);
  },
  Elision: hole,
  Hole: hole,
  ObjectExpression: (walk, at) => {
    walk.open(at, Kind.Object, -1, 0);
    walk.unions(OBJECT_PROPERTY, at + F.ObjectExpression.properties, Role.Property);
  },
  SpreadElement: (walk, at) => {
    walk.open(at, Kind.Spread, -1, 0);
    walk.union(EXPRESSION, at + F.SpreadElement.argument, Role.Operand);
  },
  UnaryExpression: (walk, at) => {
    walk.open(at, Kind.Unary, UNARIES[walk.bytes[at + F.UnaryExpression.operator]!]!, 0);
    walk.union(EXPRESSION, at + F.UnaryExpression.argument, Role.Operand);
  },
  UpdateExpression: (walk, at) => {
    const flags = walk.isTrue(at + F.UpdateExpression.prefix) ? Flag.Prefix : 0;
    walk.open(at, Kind.Update, UPDATES[walk.bytes[at + F.UpdateExpression.operator]!]!, flags);
    walk.union(SIMPLE_TARGET, at + F.UpdateExpression.argument, Role.Operand, Use.ReadWrite);
  },
  BinaryExpression: (walk, at) => {
    walk.open(at, Kind.Binary, BINARIES[walk.bytes[at + F.BinaryExpression.operator]!]!, 0);
    walk.union(EXPRESSION, at + F.BinaryExpression.right, Role.Right);
    walk.union(EXPRESSION, at + F.BinaryExpression.left, Role.Left);
  },
  PrivateInExpression: (walk, at) => {
    walk.open(at, Kind.Binary, wordId.in, 0);
    walk.union(EXPRESSION, at + F.PrivateInExpression.right, Role.Right);
    walk.ask(PRIVATE_NAME, at + F.PrivateInExpression.left, Role.Left, Use.Read);
  },
  LogicalExpression: (walk, at) => {
    walk.open(at, Kind.Logical, LOGICALS[walk.bytes[at + F.LogicalExpression.operator]!]!, 0);
    walk.union(EXPRESSION, at + F.LogicalExpression.right, Role.Right);
    walk.union(EXPRESSION, at + F.LogicalExpression.left, Role.Left);
  },
  AssignmentExpression: (walk, at) => {
    const operator = ASSIGNMENTS[walk.bytes[at + F.AssignmentExpression.operator]!]!;
    const use = operator === wordId['='] ? Use.Write : Use.ReadWrite;
    walk.open(at, Kind.Assignment, operator, 0);
    walk.union(EXPRESSION, at + F.AssignmentExpression.right, Role.Right);
    walk.union(ASSIGNMENT_TARGET, at + F.AssignmentExpression.left, Role.Left, use);
  },
  ConditionalExpression: (walk, at) => {
    walk.open(at, Kind.Conditional, -1, 0);
    walk.union(EXPRESSION, at + F.ConditionalExpression.alternate, Role.Alternate);
    walk.union(EXPRESSION, at + F.ConditionalExpression.consequent, Role.Consequent);
    walk.union(EXPRESSION, at + F.ConditionalExpression.test, Role.Test);
  },
  CallExpression: (walk, at) => {
    walk.open(at, Kind.Call, -1, optional(walk, at + F.CallExpression.optional));
    walk.unions(ARGUMENT, at + F.CallExpression.arguments, Role.Argument);
    walk.union(EXPRESSION, at + F.CallExpression.callee, Role.Callee);
  },
  NewExpression: (walk, at) => {
    walk.open(at, Kind.New, -1, 0);
    walk.unions(ARGUMENT, at + F.NewExpression.arguments, Role.Argument);
    walk.union(EXPRESSION, at + F.NewExpression.callee, Role.Callee);
  },
  StaticMemberExpression: (walk, at) => {
    const flags = USE_FLAGS[walk.use]! | optional(walk, at + F.StaticMemberExpression.optional);
    walk.open(at, Kind.Member, walk.nameId(at + STATIC_NAME), flags);
    walk.union(EXPRESSION, at + F.StaticMemberExpression.object, Role.Object);
  },
  PrivateFieldExpression: (walk, at) => {
    const flags = USE_FLAGS[walk.use]! | optional(walk, at + F.PrivateFieldExpression.optional);
    walk.open(at, Kind.Member, privateId(walk, at + PRIVATE_PROPERTY), flags);
    walk.union(EXPRESSION, at + F.PrivateFieldExpression.object, Role.Object);
  },
  ComputedMemberExpression: (walk, at) => {
    const flags = USE_FLAGS[walk.use]! | optional(walk, at + F.ComputedMemberExpression.optional);
    walk.open(at, Kind.Member, -1, flags | Flag.Computed);
    walk.union(EXPRESSION, at + F.ComputedMemberExpression.property, Role.Index);
    walk.union(EXPRESSION, at + F.ComputedMemberExpression.object, Role.Object);
  },
  SequenceExpression: (walk, at) => {
    walk.open(at, Kind.Sequence, -1, 0);
    walk.unions(EXPRESSION, at + F.SequenceExpression.expressions, Role.Expression);
  },
  YieldExpression: (walk, at) => {
    const flags = walk.isTrue(at + F.YieldExpression.delegate) ? Flag.Delegate : 0;
    walk.open(at, Kind.Yield, -1, flags);
    walk.optional(EXPRESSION, at + F.YieldExpression.argument, Role.Operand);
  },
  AwaitExpression: (walk, at) => {
    walk.open(at, Kind.Await, -1, 0);
    walk.union(EXPRESSION, at + F.AwaitExpression.argument, Role.Operand);
  },
  ImportExpression: (walk, at) => {
    walk.open(at, Kind.ImportCall, -1, 0);
    walk.optional(EXPRESSION, at + F.ImportExpression.options, Role.Options);
    walk.union(EXPRESSION, at + F.ImportExpression.source, Role.Source);
  },
  ChainExpression: (walk, at) => {
    walk.union(CHAIN_ELEMENT, at + F.ChainExpression.expression, walk.role, walk.use);
  },
  ParenthesizedExpression: inside(F.ParenthesizedExpression.expression),
  TSAsExpression: inside(F.TSAsExpression.expression),
  TSSatisfiesExpression: inside(F.TSSatisfiesExpression.expression),
  TSTypeAssertion: inside(F.TSTypeAssertion.expression),
  TSNonNullExpression: inside(F.TSNonNullExpression.expression),
  TSInstantiationExpression: inside(F.TSInstantiationExpression.expression),
};

/** A wrapper that is not in the tree: what it holds takes its place. */
function inside(field: number): Handler {
  return (walk, at) => walk.union(EXPRESSION, at + field, walk.role, walk.use);
}

function optional(walk: OxcWalk, at: number): number {
  return walk.isTrue(at) ? Flag.Optional : 0;
}

/** A missing element has no place of its own: it takes the start of the array. */
function hole(walk: OxcWalk): void {
  const { columns, parent, role } = walk;
  const start = columns.start[parent]!;
  columns.add(Kind.Hole, role, 0, parent, start, start, -1);
}

/** `#x`: the name that the package keeps has no `#`, but the source before it does. */
export function privateId(walk: OxcWalk, at: number): number {
  const word = (at + F.PrivateIdentifier.name) >> 2;
  const from = walk.words[word]!;
  const length = walk.words[word + 2]!;
  const { bytes, view, names } = walk;
  if (from > walk.sourceFrom && bytes[from - 1] === 0x23) {
    return names.idOf(view, from - 1, length + 1);
  }
  return names.idOfText(`#${names.list[names.idOf(view, from, length)]}`);
}
