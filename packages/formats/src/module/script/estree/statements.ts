import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { type Identifier, keyText, type Literal } from './names.ts';
import { type EsNode, type EstreeWalk, type Handler, on } from './walk.ts';

type Maybe = EsNode | null | undefined;
interface Labelled {
  readonly label: Identifier | null;
}
interface ForEach {
  readonly left: EsNode;
  readonly right: EsNode;
  readonly body: EsNode;
  readonly await?: boolean;
}

/** ESTree 5 and 6, statements. */
export const STATEMENTS: Readonly<Record<string, Handler>> = {
  Program: on<{ body: EsNode[] }>((walk, node) => {
    walk.open({ start: 0, end: walk.text.length }, Kind.Program);
    prologueAndStatements(walk, node.body);
  }),
  FunctionBody: on<{ body: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Block);
    prologueAndStatements(walk, node.body);
  }),
  ExpressionStatement: on<{ expression: EsNode }>((walk, node) => {
    walk.open(node, Kind.ExpressionStatement);
    walk.child(node.expression, Role.Expression);
  }),
  Directive: on<{ expression: EsNode }>((walk, node) => {
    walk.open(node, Kind.ExpressionStatement, -1, Flag.Directive);
    walk.child(node.expression, Role.Expression);
  }),
  BlockStatement: on<{ body: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Block);
    walk.children(node.body, Role.Statement);
  }),
  EmptyStatement: on((walk, node) => walk.open(node, Kind.Empty)),
  DebuggerStatement: on((walk, node) => walk.open(node, Kind.Debugger)),
  WithStatement: on<{ object: EsNode; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.With);
    walk.child(node.object, Role.Object);
    walk.child(node.body, Role.Body);
  }),
  ReturnStatement: on<{ argument: Maybe }>((walk, node) => {
    walk.open(node, Kind.Return);
    walk.child(node.argument, Role.Operand);
  }),
  LabeledStatement: on<{ label: Identifier; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.Labeled, walk.nameId(keyText(node.label)));
    walk.child(node.body, Role.Body);
  }),
  BreakStatement: on<Labelled>((walk, node) => {
    walk.open(node, Kind.Break, node.label ? walk.nameId(keyText(node.label)) : -1);
  }),
  ContinueStatement: on<Labelled>((walk, node) => {
    walk.open(node, Kind.Continue, node.label ? walk.nameId(keyText(node.label)) : -1);
  }),
  IfStatement: on<{ test: EsNode; consequent: EsNode; alternate: Maybe }>((walk, node) => {
    walk.open(node, Kind.If);
    walk.child(node.test, Role.Test);
    walk.child(node.consequent, Role.Consequent);
    walk.child(node.alternate, Role.Alternate);
  }),
  SwitchStatement: on<{ discriminant: EsNode; cases: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Switch);
    walk.child(node.discriminant, Role.Discriminant);
    walk.children(node.cases, Role.Case);
  }),
  SwitchCase: on<{ test: Maybe; consequent: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.SwitchCase);
    walk.child(node.test, Role.Test);
    walk.children(node.consequent, Role.Statement);
  }),
  ThrowStatement: on<{ argument: EsNode }>((walk, node) => {
    walk.open(node, Kind.Throw);
    walk.child(node.argument, Role.Operand);
  }),
  TryStatement: on<{ block: EsNode; handler: Maybe; finalizer: Maybe }>((walk, node) => {
    walk.open(node, Kind.Try);
    walk.child(node.block, Role.Block);
    walk.child(node.handler, Role.Handler);
    walk.child(node.finalizer, Role.Finalizer);
  }),
  CatchClause: on<{ param: Maybe; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.Catch);
    walk.child(node.param, Role.Param, Use.Declare);
    walk.child(node.body, Role.Body);
  }),
  WhileStatement: on<{ test: EsNode; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.While);
    walk.child(node.test, Role.Test);
    walk.child(node.body, Role.Body);
  }),
  DoWhileStatement: on<{ test: EsNode; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.DoWhile);
    walk.child(node.body, Role.Body);
    walk.child(node.test, Role.Test);
  }),
  ForStatement: on<{ init: Maybe; test: Maybe; update: Maybe; body: EsNode }>((walk, node) => {
    walk.open(node, Kind.For);
    walk.child(node.init, Role.Init);
    walk.child(node.test, Role.Test);
    walk.child(node.update, Role.Update);
    walk.child(node.body, Role.Body);
  }),
  ForInStatement: on<ForEach>((walk, node) => {
    walk.open(node, Kind.ForIn);
    walk.child(node.left, Role.Left, Use.Write);
    walk.child(node.right, Role.Right);
    walk.child(node.body, Role.Body);
  }),
  ForOfStatement: on<ForEach>((walk, node) => {
    walk.open(node, Kind.ForOf, -1, node.await ? Flag.Async : 0);
    walk.child(node.left, Role.Left, Use.Write);
    walk.child(node.right, Role.Right);
    walk.child(node.body, Role.Body);
  }),
  VariableDeclaration: on<{ kind: string; declarations: EsNode[]; declare?: boolean }>(
    (walk, node) => {
      if (node.declare) return;
      walk.open(node, Kind.VariableDeclaration, walk.nameId(node.kind));
      walk.children(node.declarations, Role.Declaration);
    },
  ),
  VariableDeclarator: on<{ id: EsNode; init: Maybe }>((walk, node) => {
    walk.open(node, Kind.VariableDeclarator);
    walk.child(node.id, Role.Id, Use.Declare);
    walk.child(node.init, Role.Init);
  }),
};

/**
 * Statements of a function or program; the first ones that are strings alone
 * are directives (ECMA-262, 11.2.1). Parsers' own marks go wrong at the end
 * of the prologue.
 */
export function prologueAndStatements(walk: EstreeWalk, body: readonly EsNode[]): void {
  let isPrologue = true;
  for (const statement of body) {
    isPrologue &&= isStringAlone(statement);
    walk.child(isPrologue ? { ...statement, type: 'Directive' } : statement, Role.Statement);
  }
}

function isStringAlone(statement: EsNode): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const { expression } = statement as EsNode & { expression: Literal };
  if (expression.type !== 'Literal' || typeof expression.value !== 'string') return false;
  // One in parentheses is an expression.
  return expression.start === statement.start;
}
