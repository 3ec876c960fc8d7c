import { Kind } from './kinds.ts';
import type { ScriptTree } from './tree.ts';

/** What a script is written in, as its name says; `js` takes JSX and Flow as well. */
export type ScriptDialect = 'js' | 'jsx' | 'ts' | 'tsx' | 'dts';

export interface ScriptKind {
  readonly language: ScriptDialect;
  /** `unknown`: a module if it parses as one and has imports or exports, else a script. */
  readonly goal: Goal | 'unknown';
}

type Goal = ScriptTree['goal'];

/** One attempt: a goal, and whether its tree is taken only with imports or exports in it. */
export interface Step {
  readonly goal: Goal;
  readonly needsModuleSyntax: boolean;
}

/**
 * Goals in the order in which they are tried. What engines accept comes
 * first; then what is nevertheless readable, since a file under the wrong
 * name still says what it does.
 */
const STEPS: Readonly<Record<Goal, readonly Step[]>> = {
  module: steps('module', 'commonjs'),
  commonjs: steps('commonjs', 'module'),
  script: steps('script', 'module', 'commonjs'),
};
const UNKNOWN = steps('script', 'commonjs', 'module');
const SURELY_MODULE: Step = { goal: 'module', needsModuleSyntax: true };
const MODULE_FIRST = [SURELY_MODULE, ...UNKNOWN];
const SCRIPT_FIRST = [UNKNOWN[0]!, SURELY_MODULE, ...UNKNOWN.slice(1)];
const TYPED_MODULE = steps('module', 'script', 'commonjs');

/** With neither word there is no module. */
const MAY_BE_MODULE = /\b(?:import|export)\b/;

/**
 * Attempts for a script. Whether an unknown one is tried as a module first
 * decides only how often it is parsed: imports and exports are errors in a
 * script, so at most one of the two fits.
 */
export function stepsOf({ goal, language }: ScriptKind, text: string): readonly Step[] {
  if (goal !== 'unknown') return STEPS[goal];
  if (!MAY_BE_MODULE.test(text)) return UNKNOWN;
  // What only imports or exports types leaves no trace of it in the tree.
  if (language !== 'js' && language !== 'jsx') return TYPED_MODULE;
  const isLikelyModule = beginsLine(text, 'import') || beginsLine(text, 'export');
  return isLikelyModule ? MODULE_FIRST : SCRIPT_FIRST;
}

const BLANK = /[ \t]/;
const WORD_PART = /\w/;
const LINE_END = /[\n\r\u2028\u2029]/;

/** Whether a line begins with a word. The pattern for it looks at each line, which took a tenth of parsing. */
function beginsLine(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (WORD_PART.test(text.charAt(at + word.length))) continue;
    let before = at - 1;
    while (before >= 0 && BLANK.test(text[before]!)) before -= 1;
    if (before < 0 || LINE_END.test(text[before]!)) return true;
  }
  return false;
}

function steps(...goals: readonly Goal[]): readonly Step[] {
  return goals.map((goal) => ({ goal, needsModuleSyntax: false }));
}

const MODULE_KINDS: ReadonlySet<number> = new Set([
  Kind.ImportDeclaration,
  Kind.ExportNamed,
  Kind.ExportDefault,
  Kind.ExportAll,
  Kind.ImportEquals,
  Kind.ExportAssignment,
]);

export function hasModuleSyntax(tree: ScriptTree): boolean {
  for (let at = 1; at < tree.count; at = tree.next[at]!) {
    if (MODULE_KINDS.has(tree.kind[at]!)) return true;
  }
  return tree.kind.includes(Kind.ImportMeta);
}
