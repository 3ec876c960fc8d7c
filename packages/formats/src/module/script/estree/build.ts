import type { ScriptTree } from '../tree.ts';
import { EXPRESSIONS } from './expressions.ts';
import { FUNCTIONS } from './functions.ts';
import { JSX } from './jsx.ts';
import { MODULES } from './modules.ts';
import { STATEMENTS } from './statements.ts';
import { TYPES } from './types.ts';
import { type EsNode, EstreeWalk, type Handler } from './walk.ts';

const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  [STATEMENTS, EXPRESSIONS, FUNCTIONS, MODULES, JSX, TYPES].flatMap((part) => Object.entries(part)),
);

/** An ESTree program (with JSX, TypeScript or Flow) as a flat tree. */
export function treeFromEstree(
  program: EsNode,
  text: string,
  goal: ScriptTree['goal'],
): ScriptTree {
  return new EstreeWalk(text).run(program, goal, HANDLERS);
}
