import { isFunction, Kind } from '@avow/formats/script';
import type { Folder } from './fold/fold.ts';
import { EITHER, hasHole } from './fold/value.ts';
import type { Observation } from './follow/value.ts';

export interface EvaluatedCode {
  /** The whole code, when it is constant. */
  readonly text: string | undefined;
  /** Whether it is some text at all, and not a function. */
  readonly isText: boolean;
}

/**
 * The code that a call evaluates; undefined when it evaluates nothing:
 * `Function("a", "return a")`, `new Function()`, `eval("…")`, `setTimeout("…")`.
 */
export function evaluatedText(folder: Folder, use: Observation): EvaluatedCode | undefined {
  const { args } = use;
  if (args === undefined) return { text: undefined, isText: false };
  const isFunctionMaker = use.held.symbol.text === 'global:Function';
  const at = isFunctionMaker ? args.length - 1 : 0;
  const node = args[at];
  if (node === undefined) return undefined;
  const { tree } = folder.script;
  if (isFunction(tree, node)) return undefined;
  const value = folder.value(node);
  if (typeof value === 'string') {
    if (hasHole(value) || value.includes(EITHER)) return { text: undefined, isText: true };
    if (!isFunctionMaker) return { text: value, isText: true };
    const params = args.slice(0, at).map((arg) => folder.text(arg));
    const isKnown = params.every(
      (param) => param !== undefined && !hasHole(param) && !param.includes(EITHER),
    );
    return isKnown
      ? { text: `(function (${params.join(', ')}) {\n${value}\n})()`, isText: true }
      : { text: undefined, isText: true };
  }
  const kind = tree.kind[node];
  return { text: undefined, isText: kind === Kind.Binary || kind === Kind.Template };
}
