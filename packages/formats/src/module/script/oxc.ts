import { Refused } from '@avow/bytes';
import { Kind } from './kinds.ts';
import { EXPRESSIONS } from './oxc/expressions.ts';
import { FUNCTIONS } from './oxc/functions.ts';
import { JSX } from './oxc/jsx.ts';
import { FIELDS, STRIDES, TEXTS } from './oxc/layout.ts';
import { MODULES } from './oxc/modules.ts';
import { PATTERNS } from './oxc/patterns.ts';
import { STATEMENTS } from './oxc/statements.ts';
import {
  type ParseOptions,
  parseIntoBuffer,
  releaseBuffer,
  type TransferBuffer,
} from './oxc/transfer.ts';
import { TYPES } from './oxc/types.ts';
import { handlerList, OxcWalk } from './oxc/walk.ts';
import { dropLentScopes } from './scopes.ts';
import type { ScriptTree } from './tree.ts';

const HANDLERS = handlerList({
  ...EXPRESSIONS,
  ...PATTERNS,
  ...STATEMENTS,
  ...FUNCTIONS,
  ...MODULES,
  ...JSX,
  ...TYPES,
});

const GOALS: Readonly<Record<number, string>> = TEXTS.ModuleKind;
const keeper = new OxcWalk();
let lender = new OxcWalk();

/**
 * Code units of a script from which on the pages that the parser wrote, some
 * nine bytes a unit, are given back once the tree is read: a new buffer costs
 * what collecting all garbage does, which smaller ones are not worth
 * (docs/decisions/0053).
 */
const RELEASE_UNITS = 4_000_000;

/**
 * Scripts by oxc-parser (pinned: its buffer's layout is in `oxc/layout.ts`),
 * read straight from its transfer buffer. Native: a text that nests some
 * thousand levels deep ends the process, so it may only be called in one
 * that is there to die.
 *
 * `goal` `unambiguous`: a module if it has imports, exports or `import.meta`,
 * else a script. Refuses `script.syntax` at the offset that oxc names.
 */
export function readWithOxc(
  text: string,
  language: ParseOptions['lang'],
  goal: ScriptTree['goal'] | 'unambiguous',
): ScriptTree {
  return treeWith(keeper, text, language, goal);
}

/**
 * The same for who is done with a script before it asks for the next: the tree
 * is valid until then, and costs no memory of its own.
 */
export function lendWithOxc(
  text: string,
  language: ParseOptions['lang'],
  goal: ScriptTree['goal'] | 'unambiguous',
): ScriptTree {
  return treeWith(lender, text, language, goal);
}

/** Gives the memory of lent trees back, which is that of the largest. The last one is valid no more. */
export function dropLent(): void {
  lender = new OxcWalk();
  dropLentScopes();
}

function treeWith(
  walk: OxcWalk,
  text: string,
  language: ParseOptions['lang'],
  goal: ScriptTree['goal'] | 'unambiguous',
): ScriptTree {
  const transfer = parseWithOxc(text, language, goal);
  const kind = GOALS[transfer.bytes[transfer.program + FIELDS.Program.sourceType]!];
  const taken = goal === 'unambiguous' ? (kind === 'module' ? 'module' : 'script') : goal;
  const tree = walk.run(transfer, text, taken, HANDLERS, walk === lender);
  if (text.length > RELEASE_UNITS) releaseBuffer();
  if (tree.kind[0] !== Kind.Program) throw new Error('the parser left no program');
  tree.start[0] = 0;
  tree.end[0] = text.length;
  return tree;
}

/** Only parses; what it left is valid until the next script. */
export function parseWithOxc(
  text: string,
  language: ParseOptions['lang'],
  goal: ScriptTree['goal'] | 'unambiguous',
): TransferBuffer {
  // JSX takes nothing from JavaScript.
  const lang = language === 'js' ? 'jsx' : language;
  const transfer = parseIntoBuffer(text, { lang, sourceType: goal, preserveParens: false });
  refuseErrors(transfer);
  return transfer;
}

/** The first error, where there is one. Warnings and advice are none. */
function refuseErrors({ words, bytes, data }: TransferBuffer): void {
  const list = (data + FIELDS.RawTransferData.errors) >> 2;
  const count = words[list + 2]!;
  for (let index = 0; index < count; index += 1) {
    const error = words[list]! + index * STRIDES.Error;
    if (TEXTS.ErrorSeverity[0] !== 'Error' || bytes[error + FIELDS.Error.severity] !== 0) continue;
    const labels = (error + FIELDS.Error.labels) >> 2;
    const at = words[labels + 2]! > 0 ? words[words[labels]! >> 2]! : undefined;
    throw new Refused('script.syntax', at, textAt(words, bytes, error + FIELDS.Error.message));
  }
}

function textAt(words: Int32Array, bytes: Uint8Array, at: number): string {
  const from = words[at >> 2]!;
  return String.fromCharCode(...bytes.subarray(from, from + Math.min(words[(at >> 2) + 2]!, 1000)));
}
