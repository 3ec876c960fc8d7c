import { Flag, Kind, Role } from '../kinds.ts';
import { USE_FLAGS, Use } from '../use.ts';
import { endWithoutType, type Identifier, keyId, keyText, type Literal } from './names.ts';
import { type EsNode, type EstreeWalk, type Handler, on } from './walk.ts';

interface Operands {
  readonly left: EsNode;
  readonly right: EsNode;
  readonly operator: string;
}
interface Operand {
  readonly argument: EsNode | null;
}
interface Invocation {
  readonly callee: EsNode;
  readonly arguments: EsNode[];
  readonly optional?: boolean;
}
interface Member {
  readonly object: EsNode;
  readonly property: EsNode;
  readonly computed: boolean;
  readonly optional?: boolean;
}
interface Property {
  readonly key: EsNode;
  readonly value: EsNode;
  readonly kind?: string;
  readonly computed?: boolean;
  readonly method?: boolean;
  readonly shorthand?: boolean;
}
interface Pieces {
  readonly quasis: EsNode[];
  readonly expressions: EsNode[];
}

/** ESTree 5 to 2026, expressions and patterns. */
export const EXPRESSIONS: Readonly<Record<string, Handler>> = {
  Identifier: on<Identifier>((walk, node) => {
    // The `this` parameter of TypeScript and Flow is a type.
    if (walk.use === Use.Declare && node.name === 'this') return;
    const place = { start: node.start, end: endWithoutType(walk, node) };
    walk.open(place, Kind.Identifier, walk.nameId(node.name), USE_FLAGS[walk.use]!);
  }),
  PrivateIdentifier: on<Identifier>((walk, node) => {
    walk.open(node, Kind.PrivateName, walk.nameId(keyText(node)));
  }),
  Literal: on<Literal>(literal),
  ThisExpression: on((walk, node) => walk.open(node, Kind.This)),
  Super: on((walk, node) => walk.open(node, Kind.Super)),
  MetaProperty: on<{ meta: Identifier }>((walk, node) => {
    walk.open(node, node.meta.name === 'import' ? Kind.ImportMeta : Kind.NewTarget);
  }),
  TemplateLiteral: on<Pieces>((walk, node) => {
    walk.open(node, Kind.Template);
    for (const [index, piece] of node.quasis.entries()) {
      walk.child(piece, Role.Piece);
      walk.child(node.expressions[index], Role.Expression);
    }
  }),
  TemplateElement: on<{ value: { cooked?: string | null } }>((walk, node) => {
    const { cooked } = node.value;
    walk.open(node, Kind.TemplateElement, typeof cooked === 'string' ? walk.nameId(cooked) : -1);
  }),
  TaggedTemplateExpression: on<{ tag: EsNode; quasi: EsNode }>((walk, node) => {
    walk.open(node, Kind.TaggedTemplate);
    walk.child(node.tag, Role.Tag);
    walk.child(node.quasi, Role.Quasi);
  }),
  ArrayExpression: on<{ elements: (EsNode | null)[] }>((walk, node) => {
    walk.open(node, Kind.Array);
    elements(walk, node);
  }),
  ArrayPattern: on<{ elements: (EsNode | null)[] } & Identifier>((walk, node) => {
    walk.open({ start: node.start, end: endWithoutType(walk, node) }, Kind.ArrayPattern);
    elements(walk, node);
  }),
  Hole: on((walk, node) => walk.open(node, Kind.Hole)),
  ObjectExpression: on<{ properties: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Object);
    walk.children(node.properties, Role.Property);
  }),
  ObjectPattern: on<{ properties: EsNode[] } & Identifier>((walk, node) => {
    walk.open({ start: node.start, end: endWithoutType(walk, node) }, Kind.ObjectPattern);
    walk.children(node.properties, Role.Property, walk.use);
  }),
  Property: on<Property>((walk, node) => {
    const flags =
      (node.computed ? Flag.Computed : 0) |
      (node.method ? Flag.Method : 0) |
      (node.shorthand ? Flag.Shorthand : 0) |
      (node.kind === 'get' ? Flag.Get : node.kind === 'set' ? Flag.Set : 0);
    const { use } = walk;
    walk.open(node, Kind.Property, keyId(walk, node), flags);
    if (node.computed) walk.child(node.key, Role.Key);
    walk.child(node.value, Role.Value, use);
  }),
  SpreadElement: on<Operand>((walk, node) => {
    walk.open(node, Kind.Spread);
    walk.child(node.argument, Role.Operand);
  }),
  RestElement: on<Operand & Identifier>((walk, node) => {
    const { use } = walk;
    const end = node.typeAnnotation
      ? endWithoutType(walk, {
          ...(node.argument as Identifier),
          typeAnnotation: node.typeAnnotation,
        })
      : node.end;
    walk.open({ start: node.start, end }, Kind.Rest);
    walk.child(node.argument, Role.Operand, use);
  }),
  AssignmentPattern: on<Operands>((walk, node) => {
    const { use } = walk;
    walk.open(node, Kind.Default);
    walk.child(node.left, Role.Left, use);
    walk.child(node.right, Role.Right);
  }),
  UnaryExpression: on<Operand & { operator: string }>((walk, node) => {
    walk.open(node, Kind.Unary, walk.nameId(node.operator));
    walk.child(node.argument, Role.Operand);
  }),
  UpdateExpression: on<Operand & { operator: string; prefix: boolean }>((walk, node) => {
    walk.open(node, Kind.Update, walk.nameId(node.operator), node.prefix ? Flag.Prefix : 0);
    walk.child(node.argument, Role.Operand, Use.ReadWrite);
  }),
  BinaryExpression: on<Operands>((walk, node) => {
    walk.open(node, Kind.Binary, walk.nameId(node.operator));
    walk.child(node.left, Role.Left);
    walk.child(node.right, Role.Right);
  }),
  LogicalExpression: on<Operands>((walk, node) => {
    walk.open(node, Kind.Logical, walk.nameId(node.operator));
    walk.child(node.left, Role.Left);
    walk.child(node.right, Role.Right);
  }),
  AssignmentExpression: on<Operands>((walk, node) => {
    walk.open(node, Kind.Assignment, walk.nameId(node.operator));
    walk.child(node.left, Role.Left, node.operator === '=' ? Use.Write : Use.ReadWrite);
    walk.child(node.right, Role.Right);
  }),
  ConditionalExpression: on<{ test: EsNode; consequent: EsNode; alternate: EsNode }>(
    (walk, node) => {
      walk.open(node, Kind.Conditional);
      walk.child(node.test, Role.Test);
      walk.child(node.consequent, Role.Consequent);
      walk.child(node.alternate, Role.Alternate);
    },
  ),
  CallExpression: on<Invocation>((walk, node) => {
    walk.open(node, Kind.Call, -1, node.optional ? Flag.Optional : 0);
    walk.child(node.callee, Role.Callee);
    walk.children(node.arguments, Role.Argument);
  }),
  NewExpression: on<Invocation>((walk, node) => {
    walk.open(node, Kind.New);
    walk.child(node.callee, Role.Callee);
    walk.children(node.arguments, Role.Argument);
  }),
  MemberExpression: on<Member>((walk, node) => {
    const flags =
      USE_FLAGS[walk.use]! |
      (node.computed ? Flag.Computed : 0) |
      (node.optional ? Flag.Optional : 0);
    const name = node.computed ? -1 : walk.nameId(keyText(node.property));
    walk.open(node, Kind.Member, name, flags);
    walk.child(node.object, Role.Object);
    if (node.computed) walk.child(node.property, Role.Index);
  }),
  SequenceExpression: on<{ expressions: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Sequence);
    walk.children(node.expressions, Role.Expression);
  }),
  YieldExpression: on<Operand & { delegate: boolean }>((walk, node) => {
    walk.open(node, Kind.Yield, -1, node.delegate ? Flag.Delegate : 0);
    walk.child(node.argument, Role.Operand);
  }),
  AwaitExpression: on<Operand>((walk, node) => {
    walk.open(node, Kind.Await);
    walk.child(node.argument, Role.Operand);
  }),
  ImportExpression: on<{ source: EsNode; options?: EsNode | null }>((walk, node) => {
    walk.open(node, Kind.ImportCall);
    walk.child(node.source, Role.Source);
    walk.child(node.options, Role.Options);
  }),
  ChainExpression: on<{ expression: EsNode }>((walk, node) => walk.instead(node.expression)),
  ParenthesizedExpression: on<{ expression: EsNode }>((walk, node) =>
    walk.instead(node.expression),
  ),
};

function elements(walk: EstreeWalk, node: EsNode & { elements: (EsNode | null)[] }): void {
  const { use } = walk;
  const hole = { type: 'Hole', start: node.start, end: node.start };
  for (const element of node.elements) walk.child(element ?? hole, Role.Element, use);
}

function literal(walk: EstreeWalk, node: Literal): void {
  const { value } = node;
  if (typeof value === 'string') walk.open(node, Kind.String, walk.nameId(value));
  else if (typeof value === 'number') walk.open(node, Kind.Number);
  else if (typeof value === 'boolean') walk.open(node, Kind.Boolean, walk.nameId(String(value)));
  else if (node.regex !== undefined) walk.open(node, Kind.RegExp);
  else if (typeof node.bigint === 'string') walk.open(node, Kind.BigInt);
  else walk.open(node, Kind.Null);
}
