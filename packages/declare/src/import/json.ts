import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Spot } from '../declaration/declaration.ts';
import {
  MAX_TEXT,
  type Pair,
  type ScalarValue,
  shorten,
  type Value,
} from '../declaration/document.ts';
import { DeclarationRefused } from '../declaration/refused.ts';

/** A manifest may carry far more than its declaration: translations, file lists. */
const MAX_JSON = 8 * MAX_TEXT;
const MAX_DEPTH = 64;

/**
 * Reads JSON with comments and trailing commas, as browsers, VS Code and Deno
 * take it, to places and values. Refuses `import.too-large`, `import.syntax`,
 * `import.too-deep`.
 */
export function readJson(text: string, file = ''): Value {
  if (text.length > MAX_JSON) {
    refuse(
      file,
      'import.too-large',
      { line: 1, column: 1 },
      `${text.length} characters`,
      `at most ${MAX_JSON}`,
    );
  }
  const lines = lineStarts(text);
  if (isTooDeep(text)) {
    refuse(file, 'import.too-deep', { line: 1, column: 1 }, 'a thousand levels', 'a manifest');
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\ufeff/, ' '), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || tree === undefined) {
    const found = error === undefined ? 'nothing' : printParseErrorCode(error.error);
    refuse(file, 'import.syntax', spotAt(lines, error?.offset ?? 0), found, 'JSON');
  }
  return nodeValue(tree, lines, 0, file);
}

function nodeValue(node: Node, lines: readonly number[], depth: number, file: string): Value {
  const spot = spotAt(lines, node.offset);
  if (depth > MAX_DEPTH) refuse(file, 'import.too-deep', spot, `${depth} levels`, 'a manifest');
  switch (node.type) {
    case 'object': {
      const pairs = (node.children ?? []).map((pair): Pair => {
        const [key, value] = pair.children as [Node, Node];
        const word: ScalarValue = {
          kind: 'scalar',
          value: String(key.value),
          ...spotAt(lines, key.offset),
        };
        return { key: word, value: nodeValue(value, lines, depth + 1, file) };
      });
      return { kind: 'map', pairs, ...spot };
    }
    case 'array': {
      const items = (node.children ?? []).map((item) => nodeValue(item, lines, depth + 1, file));
      return { kind: 'list', items, ...spot };
    }
    default:
      return { kind: 'scalar', value: node.value as ScalarValue['value'], ...spot };
  }
}

/** Brackets beyond reason, seen before a recursive parser is asked. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > 1_000) return true;
  }
  return false;
}

function refuse(file: string, code: string, spot: Spot, found: string, expected: string): never {
  throw new DeclarationRefused([{ code, ...spot, found, expected }], file);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function spotAt(starts: readonly number[], offset: number): Spot {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** The value at a path of keys, or undefined. */
export function at(value: Value | undefined, ...keys: readonly string[]): Value | undefined {
  let found = value;
  for (const key of keys) {
    if (found?.kind !== 'map') return undefined;
    found = found.pairs.findLast((pair) => pair.key.value === key)?.value;
  }
  return found;
}

/** A text with its place. */
export interface Word extends Spot {
  readonly text: string;
}

/** The texts of a list, or the one text; other things are no words of a manifest. */
export function textsAt(value: Value | undefined, ...keys: readonly string[]): readonly Word[] {
  const found = at(value, ...keys);
  const items = found?.kind === 'list' ? found.items : found === undefined ? [] : [found];
  return items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== ''
      ? [{ text: shortenTo(item.value), line: item.line, column: item.column }]
      : [],
  );
}

/** The keys of a map whose value is not `false`. */
export function keysAt(value: Value | undefined, ...keys: readonly string[]): readonly Word[] {
  const found = at(value, ...keys);
  if (found?.kind !== 'map') return [];
  return found.pairs.flatMap(({ key, value: on }) =>
    on.kind === 'scalar' && on.value === false
      ? []
      : [{ text: shortenTo(String(key.value)), line: key.line, column: key.column }],
  );
}

function shortenTo(text: string): string {
  return text.length > 1_000 ? shorten(text) : text;
}
