import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Spot } from './declaration.ts';
import { type DeclarationFault, DeclarationRefused } from './refused.ts';

/** YAML or JSON as places and values, nothing resolved that the text does not say. */
export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue extends Spot {
  readonly kind: 'map';
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly key: ScalarValue;
  readonly value: Value;
}

export interface ListValue extends Spot {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

export interface ScalarValue extends Spot {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

/** A thousand entries are some 200 KB, and the YAML reader takes 2 s of CPU for this much. */
export const MAX_TEXT = 1024 * 1024;
/** Ours nests four deep. */
const MAX_DEPTH = 16;
/** More of the same tells a reader nothing. */
const MAX_FAULTS = 100;

/**
 * Reads YAML 1.2 (core schema), of which JSON is a part, without aliases,
 * anchors and tags.
 *
 * Refuses `declaration.too-large`, `declaration.syntax`, `declaration.alias`,
 * `declaration.too-deep`, `declaration.duplicate`.
 */
export function readDocument(text: string, file = ''): Value {
  if (text.length > MAX_TEXT) {
    refuse(file, {
      code: 'declaration.too-large',
      found: `${text.length} characters`,
      expected: `at most ${MAX_TEXT}`,
      line: 1,
      column: 1,
    });
  }
  const depth = deepestFlow(text);
  if (depth !== undefined) refuse(file, tooDeep(depth));
  const lines = new LineCounter();
  const parsed = parseOrTooDeep(text, lines, file);
  const faults: DeclarationFault[] = parsed.errors.slice(0, MAX_FAULTS).map((error) => ({
    code: 'declaration.syntax',
    ...spotOf(lines, error.pos[0]),
    found: error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''),
    expected: 'YAML 1.2 or JSON',
  }));
  const reader = new Reader(lines, faults);
  const value = faults.length > 0 ? undefined : reader.read(parsed.contents as Node | null, 0);
  const [first, ...others] = faults;
  if (first !== undefined) throw new DeclarationRefused([first, ...others], file);
  return value ?? { kind: 'scalar', value: null, line: 1, column: 1 };
}

function refuse(file: string, fault: DeclarationFault): never {
  throw new DeclarationRefused([fault], file);
}

function tooDeep(spot: Spot): DeclarationFault {
  return {
    code: 'declaration.too-deep',
    line: spot.line,
    column: spot.column,
    found: `more than ${MAX_DEPTH} levels`,
    expected: 'a declaration of four levels',
  };
}

/** Brackets that nest beyond reason, seen before a recursive parser is asked; quotes make no difference to a bomb. */
function deepestFlow(text: string): Spot | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    else if (code === 0x0a && depth > 0 && text.charCodeAt(at + 1) > 0x20) depth = 0;
    if (depth > MAX_DEPTH * 16) return { line: text.slice(0, at).split('\n').length, column: 1 };
  }
  return undefined;
}

function parseOrTooDeep(text: string, lineCounter: LineCounter, file: string) {
  try {
    return parseDocument(text, {
      lineCounter,
      keepSourceTokens: false,
      merge: false,
      prettyErrors: false,
      schema: 'core',
      uniqueKeys: false,
      version: '1.2',
    });
  } catch (error) {
    if (error instanceof RangeError) return refuse(file, tooDeep({ line: 1, column: 1 }));
    throw error;
  }
}

class Reader {
  readonly #lines: LineCounter;
  readonly #faults: DeclarationFault[];

  constructor(lines: LineCounter, faults: DeclarationFault[]) {
    this.#lines = lines;
    this.#faults = faults;
  }

  read(node: Node | null, depth: number): Value {
    const spot = spotOf(this.#lines, node?.range?.[0] ?? 0);
    if (node === null) return { kind: 'scalar', value: null, ...spot };
    if (depth > MAX_DEPTH) this.#fault(tooDeep(spot));
    else if (isAlias(node) || node.anchor !== undefined || isTagged(node)) this.#alias(spot);
    else if (isMap(node)) {
      return { kind: 'map', pairs: this.#pairs(node.items as RawPair[], depth), ...spot };
    } else if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null, depth + 1));
      return { kind: 'list', items, ...spot };
    } else if (isScalar(node)) return { kind: 'scalar', value: scalarOf(node.value), ...spot };
    return { kind: 'scalar', value: null, ...spot };
  }

  #pairs(items: readonly RawPair[], depth: number): Pair[] {
    const seen = new Set<string>();
    return items.map((item) => {
      const key = this.read(item.key, depth + 1);
      const value = this.read(item.value, depth + 1);
      const name = key.kind === 'scalar' ? String(key.value) : '';
      if (key.kind !== 'scalar' || seen.has(name)) {
        this.#fault({
          code: 'declaration.duplicate',
          line: key.line,
          column: key.column,
          found:
            key.kind === 'scalar' ? `"${shorten(name)}" a second time` : 'a list or map as key',
          expected: 'each key once, as text',
        });
      }
      seen.add(name);
      const word: ScalarValue = { kind: 'scalar', value: name, line: key.line, column: key.column };
      return { key: word, value };
    });
  }

  #alias(spot: Spot): void {
    this.#fault({
      code: 'declaration.alias',
      ...spot,
      found: 'an alias, anchor or tag',
      expected: 'the value itself, written out',
    });
  }

  #fault(fault: DeclarationFault): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }
}

interface RawPair {
  readonly key: Node | null;
  readonly value: Node | null;
}

function isTagged(node: Node): boolean {
  return (
    node.tag !== undefined &&
    !/^tag:yaml\.org,2002:(?:map|seq|str|int|float|bool|null)$/.test(node.tag)
  );
}

function scalarOf(value: unknown): ScalarValue['value'] {
  if (typeof value === 'bigint') return Number(value);
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : null;
}

function spotOf(lines: LineCounter, offset: number): Spot {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
