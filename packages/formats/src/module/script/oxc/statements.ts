import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { EXPRESSION, wordsOf } from './expressions.ts';
import { FIELDS, STRIDES, TEXTS } from './layout.ts';
import { BINDING_PATTERN } from './patterns.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

export const STATEMENT = unionTable('Statement');
const FOR_INIT = unionTable('ForStatementInit');
const FOR_LEFT = unionTable('ForStatementLeft');
const DECLARATIONS = wordsOf(TEXTS.VariableDeclarationKind);

const F = FIELDS;
const DIRECTIVE = STRUCT_IDS['Directive']!;
const STRING = STRUCT_IDS['StringLiteral']!;
const BLOCK = STRUCT_IDS['BlockStatement']!;
const CATCH = STRUCT_IDS['CatchClause']!;
const CASE = STRUCT_IDS['SwitchCase']!;
const DECLARATOR = STRUCT_IDS['VariableDeclarator']!;
/** Where directives and statements follow each other, the second list comes right after the first. */
const LIST_SIZE = 24;

/** All statements but functions, classes and modules. */
export const STATEMENTS: Readonly<Record<string, Handler>> = {
  Program: (walk, at) => {
    walk.open(at, Kind.Program, -1, 0);
    directivesAndStatements(walk, at + F.Program.body);
  },
  Directive: (walk, at) => {
    walk.open(at, Kind.ExpressionStatement, -1, Flag.Directive);
    walk.ask(STRING, at + F.Directive.expression, Role.Expression, Use.Read);
  },
  ExpressionStatement: (walk, at) => {
    walk.open(at, Kind.ExpressionStatement, -1, 0);
    walk.union(EXPRESSION, at + F.ExpressionStatement.expression, Role.Expression);
  },
  BlockStatement: (walk, at) => {
    walk.open(at, Kind.Block, -1, 0);
    walk.unions(STATEMENT, at + F.BlockStatement.body, Role.Statement);
  },
  EmptyStatement: (walk, at) => walk.open(at, Kind.Empty, -1, 0),
  DebuggerStatement: (walk, at) => walk.open(at, Kind.Debugger, -1, 0),
  WithStatement: (walk, at) => {
    walk.open(at, Kind.With, -1, 0);
    walk.union(STATEMENT, at + F.WithStatement.body, Role.Body);
    walk.union(EXPRESSION, at + F.WithStatement.object, Role.Object);
  },
  ReturnStatement: (walk, at) => {
    walk.open(at, Kind.Return, -1, 0);
    walk.optional(EXPRESSION, at + F.ReturnStatement.argument, Role.Operand);
  },
  ThrowStatement: (walk, at) => {
    walk.open(at, Kind.Throw, -1, 0);
    walk.union(EXPRESSION, at + F.ThrowStatement.argument, Role.Operand);
  },
  LabeledStatement: (walk, at) => {
    const label = at + F.LabeledStatement.label;
    walk.open(at, Kind.Labeled, walk.nameId(label + F.LabelIdentifier.name), 0);
    walk.union(STATEMENT, at + F.LabeledStatement.body, Role.Body);
  },
  BreakStatement: (walk, at) => {
    walk.open(at, Kind.Break, labelId(walk, at + F.BreakStatement.label), 0);
  },
  ContinueStatement: (walk, at) => {
    walk.open(at, Kind.Continue, labelId(walk, at + F.ContinueStatement.label), 0);
  },
  IfStatement: (walk, at) => {
    walk.open(at, Kind.If, -1, 0);
    walk.optional(STATEMENT, at + F.IfStatement.alternate, Role.Alternate);
    walk.union(STATEMENT, at + F.IfStatement.consequent, Role.Consequent);
    walk.union(EXPRESSION, at + F.IfStatement.test, Role.Test);
  },
  SwitchStatement: (walk, at) => {
    walk.open(at, Kind.Switch, -1, 0);
    walk.structs(CASE, STRIDES.SwitchCase, at + F.SwitchStatement.cases, Role.Case);
    walk.union(EXPRESSION, at + F.SwitchStatement.discriminant, Role.Discriminant);
  },
  SwitchCase: (walk, at) => {
    walk.open(at, Kind.SwitchCase, -1, 0);
    walk.unions(STATEMENT, at + F.SwitchCase.consequent, Role.Statement);
    walk.optional(EXPRESSION, at + F.SwitchCase.test, Role.Test);
  },
  TryStatement: (walk, at) => {
    walk.open(at, Kind.Try, -1, 0);
    const finalizer = walk.pointer(at + F.TryStatement.finalizer);
    const handler = walk.pointer(at + F.TryStatement.handler);
    if (finalizer !== 0) walk.ask(BLOCK, finalizer, Role.Finalizer, Use.Read);
    if (handler !== 0) walk.ask(CATCH, handler, Role.Handler, Use.Read);
    walk.ask(BLOCK, walk.pointer(at + F.TryStatement.block), Role.Block, Use.Read);
  },
  CatchClause: (walk, at) => {
    walk.open(at, Kind.Catch, -1, 0);
    walk.ask(BLOCK, walk.pointer(at + F.CatchClause.body), Role.Body, Use.Read);
    const pattern = at + F.CatchClause.param + F.CatchParameter.pattern;
    walk.optional(BINDING_PATTERN, pattern, Role.Param, Use.Declare);
  },
  WhileStatement: (walk, at) => {
    walk.open(at, Kind.While, -1, 0);
    walk.union(STATEMENT, at + F.WhileStatement.body, Role.Body);
    walk.union(EXPRESSION, at + F.WhileStatement.test, Role.Test);
  },
  DoWhileStatement: (walk, at) => {
    walk.open(at, Kind.DoWhile, -1, 0);
    walk.union(EXPRESSION, at + F.DoWhileStatement.test, Role.Test);
    walk.union(STATEMENT, at + F.DoWhileStatement.body, Role.Body);
  },
  ForStatement: (walk, at) => {
    walk.open(at, Kind.For, -1, 0);
    walk.union(STATEMENT, at + F.ForStatement.body, Role.Body);
    walk.optional(EXPRESSION, at + F.ForStatement.update, Role.Update);
    walk.optional(EXPRESSION, at + F.ForStatement.test, Role.Test);
    walk.optional(FOR_INIT, at + F.ForStatement.init, Role.Init);
  },
  ForInStatement: (walk, at) => {
    walk.open(at, Kind.ForIn, -1, 0);
    walk.union(STATEMENT, at + F.ForInStatement.body, Role.Body);
    walk.union(EXPRESSION, at + F.ForInStatement.right, Role.Right);
    walk.union(FOR_LEFT, at + F.ForInStatement.left, Role.Left, Use.Write);
  },
  ForOfStatement: (walk, at) => {
    const flags = walk.isTrue(at + F.ForOfStatement.await) ? Flag.Async : 0;
    walk.open(at, Kind.ForOf, -1, flags);
    walk.union(STATEMENT, at + F.ForOfStatement.body, Role.Body);
    walk.union(EXPRESSION, at + F.ForOfStatement.right, Role.Right);
    walk.union(FOR_LEFT, at + F.ForOfStatement.left, Role.Left, Use.Write);
  },
  VariableDeclaration: (walk, at) => {
    if (walk.isTrue(at + F.VariableDeclaration.declare)) return;
    const word = DECLARATIONS[walk.bytes[at + F.VariableDeclaration.kind]!]!;
    walk.open(at, Kind.VariableDeclaration, word, 0);
    const list = at + F.VariableDeclaration.declarations;
    walk.structs(DECLARATOR, STRIDES.VariableDeclarator, list, Role.Declaration);
  },
  VariableDeclarator: (walk, at) => {
    walk.open(at, Kind.VariableDeclarator, -1, 0);
    walk.optional(EXPRESSION, at + F.VariableDeclarator.init, Role.Init);
    walk.union(BINDING_PATTERN, at + F.VariableDeclarator.pattern, Role.Id, Use.Declare);
  },
};

/** Two lists, the first of directives, at `at`. */
export function directivesAndStatements(walk: OxcWalk, at: number): void {
  walk.unions(STATEMENT, at + LIST_SIZE, Role.Statement);
  walk.structs(DIRECTIVE, STRIDES.Directive, at, Role.Statement);
}

/** An optional label: a name without a text is none. */
function labelId(walk: OxcWalk, at: number): number {
  const name = at + F.LabelIdentifier.name;
  return walk.pointer(name) === 0 ? -1 : walk.nameId(name);
}
