import type { Statement } from './rule.ts';

/** Every statement of a rule, outermost first. */
export function* statementsOf(statement: Statement): Generator<Statement> {
  yield statement;
  switch (statement.kind) {
    case 'and':
    case 'or':
    case 'some':
      for (const child of statement.children) yield* statementsOf(child);
      return;
    case 'not':
    case 'within':
      yield* statementsOf(statement.child);
      return;
    case 'count':
    case 'feature':
      return;
    default:
      statement satisfies never;
  }
}
