import { Refused } from '@avow/bytes';
import { isParseError, parse } from 'meriyah';
import { treeFromEstree } from './estree/build.ts';
import type { EsNode } from './estree/walk.ts';
import { refusalOf } from './faults.ts';
import type { ScriptTree } from './tree.ts';

/**
 * JavaScript and JSX by meriyah, which is JavaScript itself: slower than the
 * native parser, and nothing that it is given can crash the process.
 *
 * Refuses `script.syntax` at the offset that meriyah names, and
 * `script.too-deep` when nesting exhausts its stack.
 */
export function readWithMeriyah(text: string, goal: ScriptTree['goal']): ScriptTree {
  return treeFromEstree(parsed(text, goal), text, goal);
}

function parsed(text: string, goal: ScriptTree['goal']): EsNode {
  try {
    const program = parse(text, {
      sourceType: goal,
      jsx: true,
      next: true,
      webcompat: true,
      ranges: { start: true, end: true, range: false },
      validateRegex: false,
    });
    return program as unknown as EsNode;
  } catch (error) {
    if (isParseError(error)) throw new Refused('script.syntax', error.start, error.description);
    throw refusalOf(error);
  }
}
