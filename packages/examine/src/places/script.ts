import { decodeText, Refused } from '@avow/bytes';
import {
  child,
  isFunction,
  Kind,
  nameOf,
  Role,
  readScript,
  type ScriptTree,
  scriptText,
} from '@avow/formats/script';
import type { Position } from '@avow/locator';
import type { LinePosition, PlacedFunction } from './place.ts';

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** A script that was parsed for its places. */
export class PlacedScript {
  readonly tree: ScriptTree;
  readonly #starts: readonly number[];

  /** Undefined for what no parser takes. */
  static read(path: string, bytes: Uint8Array): PlacedScript | undefined {
    const language = /\.tsx$/.test(path) ? 'tsx' : /\.[cm]?ts$/.test(path) ? 'ts' : 'js';
    try {
      const { text } = scriptText(bytes);
      return new PlacedScript(readScript(text, { language, goal: 'unknown' }));
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  constructor(tree: ScriptTree) {
    this.tree = tree;
    this.#starts = startsOf(tree.text);
  }

  functions(): readonly PlacedFunction[] {
    const { tree } = this;
    const found: PlacedFunction[] = [];
    for (let node = 0; node < tree.count; node++) {
      if (!isFunction(tree, node)) continue;
      const [start, end] = [this.#at(tree.start[node]!), this.#at(tree.end[node]!)];
      found.push({ name: functionName(tree, node), start, end });
    }
    return found;
  }

  /** Offset of a position; without a column that of the line's first character that is no blank. */
  offsetOf({ line, column }: Position): number | undefined {
    const start = this.#starts[line - 1];
    if (start === undefined) return undefined;
    if (column !== undefined) return start + column - 1;
    const blank = /[ \t]*/y;
    blank.lastIndex = start;
    return start + blank.exec(this.tree.text)![0].length;
  }

  #at(offset: number): LinePosition {
    return positionIn(this.#starts, offset);
  }
}

/** Its own name, else that of the variable, property or method that holds it. */
export function functionName(tree: ScriptTree, node: number): string {
  const id = child(tree, node, Role.Id);
  if (id >= 0) return nameOf(tree, id) ?? '';
  const parent = tree.parent[node]!;
  switch (tree.kind[parent]) {
    case Kind.VariableDeclarator:
    case Kind.Assignment: {
      const target = tree.kind[parent + 1];
      const isNamed = target === Kind.Identifier || target === Kind.Member;
      return isNamed ? (nameOf(tree, parent + 1) ?? '') : '';
    }
    case Kind.Property:
    case Kind.Method:
    case Kind.Field:
      return nameOf(tree, parent) ?? '';
    default:
      return '';
  }
}

export function lineLengths(bytes: Uint8Array): readonly number[] {
  const { text } = decodeText(bytes);
  return text.split(LINE_END).map(({ length }) => length);
}

/** Bytes as they lie in the file, so a mark at its start counts; undefined beyond its end. */
export function positionOfByte(bytes: Uint8Array, offset: bigint): Position | undefined {
  if (offset >= BigInt(bytes.length)) return undefined;
  const before = decodeText(bytes.subarray(0, Number(offset))).text;
  const { line, column } = positionIn(startsOf(before), before.length);
  return { line, column };
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(LINE_END)) starts.push(index + end.length);
  return starts;
}

function positionIn(starts: readonly number[], offset: number): LinePosition {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}
