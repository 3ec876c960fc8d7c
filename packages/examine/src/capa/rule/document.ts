import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { RuleFault } from './rule.ts';

/** Deeper than any rule; beyond it a document is made to exhaust the stack. */
const MAX_DEPTH = 60;

/** A part of a document that knows its place. */
export type Part =
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Part[] }
  | { readonly kind: 'text'; readonly at: number; readonly text: string };

export interface Entry {
  readonly key: string;
  readonly at: number;
  readonly value: Part;
}

/** A fault while a rule is read; caught where the rule's document is. */
export class FaultAt extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * A YAML document as maps, lists and texts: every scalar is kept as written, so
 * that no number loses digits. Aliases are refused, as is what is no YAML.
 */
export function readDocument(text: string): { readonly root: Part; at(offset: number): Place } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) throw new PlacedFault(at(error.pos[0]), error.message);
  try {
    return { root: partOf(document.contents, 0, 0), at };
  } catch (fault) {
    if (fault instanceof FaultAt) throw new PlacedFault(at(fault.at), fault.message);
    throw fault;
  }
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A fault with its line and column, for whoever knows the file. */
export class PlacedFault extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }

  in(file: string): RuleFault {
    return { file, ...this.place, message: this.message };
  }
}

function partOf(node: Node | null | undefined, near: number, depth: number): Part {
  const at = node?.range?.[0] ?? near;
  if (depth > MAX_DEPTH) throw new FaultAt(at, `nested deeper than ${MAX_DEPTH}`);
  if (node === null || node === undefined) return { kind: 'text', at, text: '' };
  if (isAlias(node)) throw new FaultAt(at, 'an alias: write the value out');
  if (isScalar(node)) return { kind: 'text', at, text: textOf(node) };
  if (isSeq(node)) {
    const items = node.items.map((item) => partOf(item as Node | null, at, depth + 1));
    return { kind: 'list', at, items };
  }
  if (!isMap(node)) throw new FaultAt(at, 'neither a map, a list nor a text');
  const entries = node.items.map(({ key, value }) => {
    const keyNode = key as Node;
    const keyAt = keyNode.range?.[0] ?? at;
    if (!isScalar(keyNode)) throw new FaultAt(keyAt, 'a key that is no text');
    const valueNode = value as Node | null;
    return { key: textOf(keyNode), at: keyAt, value: partOf(valueNode, keyAt, depth + 1) };
  });
  return { kind: 'map', at, entries };
}

function textOf({ value }: Scalar): string {
  return typeof value === 'string' ? value : value === null ? '' : String(value);
}

export function mapOf(part: Part | undefined, what: string, near: number): readonly Entry[] {
  if (part?.kind === 'map') return part.entries;
  throw new FaultAt(part?.at ?? near, `${what} is to be a map`);
}

export function listOf(part: Part | undefined, what: string, near: number): readonly Part[] {
  if (part?.kind === 'list') return part.items;
  throw new FaultAt(part?.at ?? near, `${what} is to be a list`);
}

export function wordOf(part: Part | undefined, what: string, near: number): string {
  if (part?.kind === 'text') return part.text;
  throw new FaultAt(part?.at ?? near, `${what} is to be a text`);
}

export function entryOf(entries: readonly Entry[], key: string): Part | undefined {
  return entries.find((entry) => entry.key === key)?.value;
}
