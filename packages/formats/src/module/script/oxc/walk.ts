import { Columns } from '../columns.ts';
import { type Kind, Role } from '../kinds.ts';
import type { ScriptTree } from '../tree.ts';
import { Use } from '../use.ts';
import { ABSENT, STRUCTS, UNIONS } from './layout.ts';
import { ByteNames } from './names.ts';
import type { TransferBuffer } from './transfer.ts';

/** Structs of the package by number, and places that it has no struct for. */
export const STRUCT_IDS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ...STRUCTS,
    'Hole',
    'ParameterDefault',
    'ParameterRest',
    'ShorthandDefault',
    'ExportFromSpecifier',
  ].map((name, id) => [name, id]),
);

/** Adds one node and asks for its children, the last first. */
export type Handler = (walk: OxcWalk, at: number) => void;

/** Structs by the number in a union's first byte. */
export type UnionTable = Uint8Array;

const UNKNOWN = 255;
const ABSENT_UNION = ABSENT.union;
/** A union: its number, and from here a pointer to the struct. */
const UNION_POINTER = 8;
/** A list (`Vec`): a pointer, and from here its length. */
const LIST_LENGTH = 8;

export function unionTable(name: keyof typeof UNIONS): UnionTable {
  const table = new Uint8Array(256).fill(UNKNOWN);
  for (const [number, struct] of Object.entries(UNIONS[name])) {
    table[Number(number)] = STRUCT_IDS[struct] ?? UNKNOWN;
  }
  return table;
}

/**
 * Reads a syntax tree where the native parser left it, in its transfer
 * buffer, into columns. `at` is always a struct's place in the buffer, in
 * bytes. What is still to be read waits on a stack, so that depth costs no
 * calls; children are therefore asked for in reverse.
 */
export class OxcWalk {
  bytes: Uint8Array = new Uint8Array(0);
  words: Int32Array = new Int32Array(0);
  floats: Float64Array = new Float64Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the source text lies: names before it were escaped in the source. */
  sourceFrom = 0;
  use: Use = Use.Read;
  /** The tree's node that children asked for belong to. */
  node = -1;
  role: Role = Role.Root;
  parent = -1;
  readonly columns = new Columns();
  readonly names = new ByteNames();
  #stack = new Int32Array(3 << 12);
  #top = 0;

  run(
    transfer: TransferBuffer,
    text: string,
    goal: ScriptTree['goal'],
    handlers: readonly Handler[],
    isLent: boolean,
  ): ScriptTree {
    this.bytes = transfer.bytes;
    this.words = transfer.words;
    this.floats = transfer.floats;
    this.view = transfer.view;
    this.sourceFrom = transfer.sourceFrom;
    this.names.begin();
    this.columns.count = 0;
    this.columns.reserve(text.length);
    this.node = -1;
    this.#top = 0;
    this.ask(STRUCT_IDS['Program']!, transfer.program, Role.Root, Use.Read);
    while (this.#top > 0) {
      const top = this.#top - 3;
      const stack = this.#stack;
      this.#top = top;
      const what = stack[top + 1]!;
      this.parent = this.node = stack[top + 2]!;
      this.role = ((what >> 2) & 63) as Role;
      this.use = (what & 3) as Use;
      handlers[what >> 8]!(this, stack[top]!);
    }
    const { columns, names } = this;
    return isLent ? columns.lend(text, goal, names.list) : columns.take(text, goal, names.list);
  }

  /** Adds a node of the tree at the struct's own place. */
  open(at: number, kind: Kind, name: number, flags: number): void {
    const word = at >> 2;
    this.node = this.columns.add(
      kind,
      this.role,
      flags,
      this.parent,
      this.words[word]!,
      this.words[word + 1]!,
      name,
    );
  }

  ask(struct: number, at: number, role: Role, use: Use): void {
    const top = this.#top;
    if (top + 3 > this.#stack.length) this.#grow();
    const stack = this.#stack;
    stack[top] = at;
    stack[top + 1] = (struct << 8) | (role << 2) | use;
    stack[top + 2] = this.node;
    this.#top = top + 3;
  }

  /** A union at `at`. */
  union(table: UnionTable, at: number, role: Role, use: Use = Use.Read): void {
    this.ask(table[this.bytes[at]!]!, this.words[(at + UNION_POINTER) >> 2]!, role, use);
  }

  optional(table: UnionTable, at: number, role: Role, use: Use = Use.Read): void {
    if (this.bytes[at] !== ABSENT_UNION) this.union(table, at, role, use);
  }

  /** A list of unions at `at`; missing ones are holes. */
  unions(table: UnionTable, at: number, role: Role, use: Use = Use.Read): void {
    const first = this.words[at >> 2]!;
    const last = first + (this.words[(at + LIST_LENGTH) >> 2]! - 1) * 16;
    for (let item = last; item >= first; item -= 16) {
      if (this.bytes[item] === ABSENT_UNION) this.ask(HOLE, item, role, use);
      else this.union(table, item, role, use);
    }
  }

  /** A list of structs of `stride` bytes at `at`. */
  structs(struct: number, stride: number, at: number, role: Role, use: Use = Use.Read): void {
    const first = this.words[at >> 2]!;
    const last = first + (this.words[(at + LIST_LENGTH) >> 2]! - 1) * stride;
    for (let item = last; item >= first; item -= stride) this.ask(struct, item, role, use);
  }

  /** A pointer at `at`; 0 when there is none. */
  pointer(at: number): number {
    return this.words[at >> 2]!;
  }

  isTrue(at: number): boolean {
    return this.bytes[at] === 1;
  }

  /** A name or text without escapes at `at`: pointer and length. */
  nameId(at: number): number {
    const word = at >> 2;
    return this.names.idOf(this.view, this.words[word]!, this.words[word + 2]!);
  }

  /** The value of a string literal's or template piece's text at `at`, -1 when it has none. */
  textId(at: number): number {
    const mark = this.bytes[at + TEXT_MARK]!;
    if (mark === ABSENT.text) return -1;
    if (mark === 0) return this.nameId(at);
    return this.names.idOfText(this.#withSurrogates(at));
  }

  /** UTF-8 in which lone surrogates are written as if they were characters. */
  #withSurrogates(at: number): string {
    const { bytes } = this;
    let from = this.words[at >> 2]!;
    const end = from + this.words[(at >> 2) + 2]!;
    let text = '';
    while (from < end) {
      const first = bytes[from]!;
      const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      let point = size === 1 ? first : first & (0xff >> (size + 1));
      for (let index = 1; index < size; index += 1) {
        point = (point << 6) | (bytes[from + index]! & 0x3f);
      }
      text += String.fromCodePoint(point);
      from += size;
    }
    return text;
  }

  #grow(): void {
    const stack = new Int32Array(this.#stack.length * 2);
    stack.set(this.#stack);
    this.#stack = stack;
  }
}

/** Of a text that may hold lone surrogates: whether it does, or is absent. */
const TEXT_MARK = 12;
const HOLE = STRUCT_IDS['Hole']!;

/** Handlers by struct; a struct without one is a fault of ours when met. */
export function handlerList(handlers: Readonly<Record<string, Handler>>): readonly Handler[] {
  const list: Handler[] = new Array(UNKNOWN + 1).fill((_walk: OxcWalk, at: number) => {
    throw new Error(`no handler for what the parser left at ${at}`);
  });
  for (const [name, handler] of Object.entries(handlers)) {
    const id = STRUCT_IDS[name];
    if (id === undefined) throw new Error(`the parser has no ${name}`);
    list[id] = handler;
  }
  return list;
}
