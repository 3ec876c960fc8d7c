import { decodeText, Refused, type TextEncoding, type Why } from '@avow/bytes';
import { readWithBabel, type TypedLanguage } from './babel.ts';
import { hasModuleSyntax, type ScriptDialect, type ScriptKind, stepsOf } from './goals.ts';
import { readWithMeriyah } from './meriyah.ts';
import type { ScriptTree } from './tree.ts';

/**
 * Any parser that gives the same trees as ours: `readWithOxc`, where the
 * process may die. Refuses as they do.
 */
export type FastParser = (
  text: string,
  language: ScriptDialect,
  goal: ScriptTree['goal'],
) => ScriptTree;

/**
 * A script's tree. `fast` is asked first, if there is one; what it refuses,
 * the parsers in JavaScript are asked for, so that its faults are not ours.
 *
 * Refuses `script.syntax` with what the parser said that came furthest, and
 * `script.too-deep`; what was found never depends on `fast`.
 */
export function readScript(text: string, kind: ScriptKind, fast?: FastParser): ScriptTree {
  const fastTree = fast === undefined ? undefined : readWithFast(text, kind, fast);
  if (fastTree !== undefined) return fastTree;
  let refused: Refused | undefined;
  for (const parser of pureParsers(kind.language, text)) {
    const tree = underGoals(kind, text, parser);
    if (!(tree instanceof Refused)) return tree;
    refused = clearer(refused, tree);
  }
  throw refused!;
}

function readWithFast(text: string, kind: ScriptKind, fast: FastParser): ScriptTree | undefined {
  const { language } = kind;
  const tree = underGoals(kind, text, (goal) => fast(text, language, goal));
  return tree instanceof Refused ? undefined : tree;
}

type GoalParser = (goal: ScriptTree['goal']) => ScriptTree;

/** The tree under the first goal that fits, or the clearest refusal. */
function underGoals(kind: ScriptKind, text: string, parser: GoalParser): ScriptTree | Refused {
  let refused: Refused | undefined;
  for (const { goal, needsModuleSyntax } of stepsOf(kind, text)) {
    const tree = attempt(parser, goal);
    if (tree instanceof Refused) {
      refused = clearer(refused, tree);
      // Depth does not depend on the goal.
      if (tree.code === 'script.too-deep') break;
    } else if (!needsModuleSyntax || hasModuleSyntax(tree)) return tree;
  }
  return refused!;
}

/** Depth says more than syntax, and of syntax errors the one that came furthest. */
function clearer(before: Refused | undefined, after: Refused): Refused {
  if (before === undefined) return after;
  if (before.code !== after.code) return before.code === 'script.too-deep' ? before : after;
  return (after.at ?? 0) > (before.at ?? 0) ? after : before;
}

function attempt(parser: GoalParser, goal: ScriptTree['goal']): ScriptTree | Refused {
  try {
    return parser(goal);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** Parsers in JavaScript, in the order in which they are asked. */
function pureParsers(language: ScriptDialect, text: string): readonly GoalParser[] {
  const typed = (as: TypedLanguage, isTolerant = false): GoalParser => {
    return (goal) => readWithBabel(text, as, goal, isTolerant);
  };
  if (language === 'js' || language === 'jsx') {
    const plain: GoalParser = (goal) => readWithMeriyah(text, goal);
    return hasLongBlank(text) ? [plain] : [plain, typed('flow')];
  }
  return [typed(language), typed(language, true)];
}

/**
 * Longest white space in what is read as Flow. Babel looks for `@flow` in the
 * first comments by a pattern whose cost grows with the square of a white
 * space's length: 50,000 spaces and an error after them took it 35 s.
 */
const MAX_BLANK = 2_000;

function hasLongBlank(text: string): boolean {
  let run = 0;
  for (let at = 0; at < text.length && run <= MAX_BLANK; at += 1) {
    run = text.charCodeAt(at) <= 0x20 || BLANK.test(text[at]!) ? run + 1 : 0;
  }
  return run > MAX_BLANK;
}

const BLANK = /\s/;

export interface ScriptText {
  /** Without a byte order mark. */
  readonly text: string;
  readonly encoding: TextEncoding;
  readonly oddities: readonly Why[];
}

/**
 * Text of a script's bytes: by its byte order mark, else UTF-8, else Latin-1.
 * Reading bytes as Latin-1 is an oddity, `script.not-utf8`: engines would
 * put U+FFFD where we have letters, and nothing else differs.
 */
export function scriptText(bytes: Uint8Array): ScriptText {
  const { text, encoding } = decodeText(bytes);
  if (encoding !== 'latin-1') return { text, encoding, oddities: [] };
  const message = 'neither UTF-8 nor marked as UTF-16: read as Latin-1';
  return { text, encoding, oddities: [{ code: 'script.not-utf8', message }] };
}
