import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { type Identifier, keyId } from './names.ts';
import { type EsNode, type EstreeWalk, type Handler, on } from './walk.ts';

interface EsFunction extends EsNode {
  readonly id?: Identifier | null;
  readonly params: EsNode[];
  readonly body: EsNode | null;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly declare?: boolean;
}
interface EsClass extends EsNode {
  readonly id: Identifier | null;
  readonly superClass: EsNode | null;
  readonly body: EsNode & { readonly body: EsNode[] };
  readonly decorators?: EsNode[] | null;
  readonly declare?: boolean;
}
interface EsMember extends EsNode {
  readonly key: EsNode;
  readonly value: EsNode | null;
  readonly computed?: boolean;
  readonly static?: boolean;
  readonly kind?: string;
  readonly decorators?: EsNode[] | null;
  readonly declare?: boolean;
  readonly abstract?: boolean;
}

/** ESTree 5 to 2026, functions and classes. */
export const FUNCTIONS: Readonly<Record<string, Handler>> = {
  FunctionDeclaration: on<EsFunction>((walk, node) => {
    // Without a body it is an overload or ambient: a type.
    if (node.declare || !node.body) return;
    addFunction(walk, node, Kind.FunctionDeclaration);
  }),
  FunctionExpression: on<EsFunction>((walk, node) =>
    addFunction(walk, node, Kind.FunctionExpression),
  ),
  ArrowFunctionExpression: on<EsFunction>((walk, node) => addFunction(walk, node, Kind.Arrow)),
  ClassDeclaration: on<EsClass>((walk, node) => {
    if (!node.declare) addClass(walk, node, Kind.ClassDeclaration);
  }),
  ClassExpression: on<EsClass>((walk, node) => addClass(walk, node, Kind.ClassExpression)),
  MethodDefinition: on<EsMember>((walk, node) => {
    const value = node.value as EsFunction | null;
    if (node.abstract || !value?.body) return;
    addMember(walk, node, Kind.Method);
  }),
  PropertyDefinition: on<EsMember>((walk, node) => {
    if (!node.declare && !node.abstract) addMember(walk, node, Kind.Field);
  }),
  AccessorProperty: on<EsMember>((walk, node) => {
    if (!node.declare && !node.abstract) addMember(walk, node, Kind.Accessor);
  }),
  StaticBlock: on<{ body: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.StaticBlock);
    walk.children(node.body, Role.Statement);
  }),
  Decorator: on<{ expression: EsNode }>((walk, node) => {
    walk.open(node, Kind.Decorator);
    walk.child(node.expression, Role.Operand);
  }),
};

function addFunction(walk: EstreeWalk, node: EsFunction, kind: Kind): void {
  const flags = (node.async ? Flag.Async : 0) | (node.generator ? Flag.Generator : 0);
  walk.open(node, kind, -1, flags);
  walk.child(node.id, Role.Id, Use.Declare);
  for (const param of node.params) {
    walk.children(decoratorsOf(param), Role.Decorator);
    walk.child(param, Role.Param, Use.Declare);
  }
  const isBlock = node.body?.type === 'BlockStatement';
  walk.child(isBlock ? { ...node.body!, type: 'FunctionBody' } : node.body, Role.Body);
}

/** Of a parameter with a default, Babel gives them to the whole or to the name. */
function decoratorsOf(param: EsNode & { decorators?: EsNode[]; left?: EsNode }): readonly EsNode[] {
  const own = param.decorators ?? [];
  if (own.length > 0 || param.left === undefined) return own;
  return decoratorsOf(param.left);
}

function addClass(walk: EstreeWalk, node: EsClass, kind: Kind): void {
  walk.open(node, kind);
  walk.children(node.decorators, Role.Decorator);
  walk.child(node.id, Role.Id, Use.Declare);
  walk.child(node.superClass, Role.SuperClass);
  walk.children(node.body.body, Role.Member);
}

function addMember(walk: EstreeWalk, node: EsMember, kind: Kind): void {
  const flags =
    (node.computed ? Flag.Computed : 0) |
    (node.static ? Flag.Static : 0) |
    (node.kind === 'get' ? Flag.Get : node.kind === 'set' ? Flag.Set : 0) |
    (node.kind === 'constructor' ? Flag.Constructor : 0);
  walk.open(node, kind, keyId(walk, node), flags);
  walk.children(node.decorators, Role.Decorator);
  if (node.computed) walk.child(node.key, Role.Key);
  walk.child(node.value, Role.Value);
}
