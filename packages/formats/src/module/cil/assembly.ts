import { Cursor, utf8Text } from '@avow/bytes';
import { CilTables, type RowIndex, TABLE } from './tables.ts';

/** Types within types that are named: more is an attack on the stack. */
const MAX_NESTING = 16;

/** A method that a token names. */
export interface CilTarget {
  /** `System.Net.WebClient`; empty where its type has no name. */
  readonly type: string;
  readonly name: string;
  /** The assembly that it comes from; of a function of machine code the library. Undefined for this one. */
  readonly from: string | undefined;
  /** Whether it is a function of machine code, imported by name (P/Invoke). */
  readonly isNative: boolean;
  /** How many arguments it takes, without the object that it is called on. */
  readonly parameters: number;
}

/** Names in the metadata of an assembly (ECMA-335, II.22): what calls of it mean. */
export class CilNames {
  readonly #tables: CilTables;
  readonly #strings: Uint8Array;
  readonly #userStrings: Uint8Array;
  readonly #blobs: Uint8Array;
  /** First methods of types, ascending, and the types' rows. */
  readonly #firsts: number[] = [];
  /** By method row: what machine code it stands for. */
  readonly #native = new Map<number, CilTarget>();

  constructor(streams: ReadonlyMap<string, Uint8Array>) {
    this.#tables = new CilTables(streams.get('#~') ?? streams.get('#-') ?? new Uint8Array());
    this.#strings = streams.get('#Strings') ?? new Uint8Array();
    this.#userStrings = streams.get('#US') ?? new Uint8Array();
    this.#blobs = streams.get('#Blob') ?? new Uint8Array();
    const { rows } = this.#tables;
    for (let row = 1; row <= rows[TABLE.typeDef]!; row += 1) {
      this.#firsts.push(this.#tables.value(TABLE.typeDef, row, 5));
    }
    for (let row = 1; row <= rows[TABLE.implMap]!; row += 1) {
      const method = this.#tables.index(TABLE.implMap, row, 1);
      if (method?.table !== TABLE.methodDef) continue;
      const scope = this.#tables.value(TABLE.implMap, row, 3);
      const from = scope === 0 ? '' : this.#text(this.#tables.value(TABLE.moduleRef, scope, 0));
      const name = this.#text(this.#tables.value(TABLE.implMap, row, 2));
      const parameters = this.#parameters(this.#tables.value(TABLE.methodDef, method.row, 4));
      const isNative = true;
      this.#native.set(method.row, {
        type: '',
        name,
        from: from.toLowerCase(),
        isNative,
        parameters,
      });
    }
  }

  /** Assemblies that this one refers to. */
  assemblies(): string[] {
    return Array.from({ length: this.#tables.rows[TABLE.assemblyRef]! }, (_, index) =>
      this.#text(this.#tables.value(TABLE.assemblyRef, index + 1, 6)),
    );
  }

  /** Functions of machine code that it imports, in order. */
  imports(): CilTarget[] {
    return [...this.#native.values()];
  }

  /** The method that a token of a call names; undefined for a token that names none. */
  target(token: number): CilTarget | undefined {
    const table = token >>> 24;
    const row = token & 0xffffff;
    if (row === 0 || row > (this.#tables.rows[table] ?? 0)) return undefined;
    switch (table) {
      case TABLE.methodDef:
        return this.#native.get(row) ?? this.#own(row);
      case TABLE.memberRef: {
        const parent = this.#tables.index(TABLE.memberRef, row, 0);
        const name = this.#text(this.#tables.value(TABLE.memberRef, row, 1));
        const parameters = this.#parameters(this.#tables.value(TABLE.memberRef, row, 2));
        return { ...this.#typeOf(parent, 0), name, isNative: false, parameters };
      }
      case TABLE.methodSpec: {
        const method = this.#tables.index(TABLE.methodSpec, row, 0);
        if (method === undefined || method.table === TABLE.methodSpec) return undefined;
        return this.target(method.table * 2 ** 24 + method.row);
      }
      default:
        return undefined;
    }
  }

  /** Namespace, type and name of one of its own methods. */
  #own(row: number): CilTarget {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#firsts[middle]! <= row) low = middle + 1;
      else high = middle;
    }
    const name = this.#text(this.#tables.value(TABLE.methodDef, row, 3));
    const type = low === 0 ? '' : this.#named(TABLE.typeDef, low);
    const parameters = this.#parameters(this.#tables.value(TABLE.methodDef, row, 4));
    return { type, name, from: undefined, isNative: false, parameters };
  }

  /** Of a signature in the blob heap (II.23.2.1): its size, convention, generic parameters, parameters. */
  #parameters(blob: number): number {
    const heap = new Cursor(this.#blobs, 'pe');
    if (blob + 6 > heap.length) return 0;
    const first = heap.u8(blob);
    const at = blob + (first < 0x80 ? 1 : first < 0xc0 ? 2 : 4);
    if (at + 4 > heap.length) return 0;
    const isGeneric = (heap.u8(at) & 0x10) !== 0;
    const count = heap.u8(at + (isGeneric ? 2 : 1));
    return count < 0x80 ? count : 0;
  }

  #typeOf(index: RowIndex | undefined, depth: number): Pick<CilTarget, 'type' | 'from'> {
    if (index === undefined || index.row === 0 || depth > MAX_NESTING) return NAMELESS;
    switch (index.table) {
      case TABLE.typeDef:
        return { type: this.#named(TABLE.typeDef, index.row), from: undefined };
      case TABLE.moduleRef:
        return { type: '', from: this.#text(this.#tables.value(TABLE.moduleRef, index.row, 0)) };
      case TABLE.typeRef: {
        const type = this.#named(TABLE.typeRef, index.row);
        const scope = this.#tables.index(TABLE.typeRef, index.row, 0);
        if (scope?.table === TABLE.assemblyRef && scope.row > 0) {
          return { type, from: this.#text(this.#tables.value(TABLE.assemblyRef, scope.row, 6)) };
        }
        if (scope?.table !== TABLE.typeRef) return { type, from: undefined };
        const outer = this.#typeOf(scope, depth + 1);
        return { type: `${outer.type}.${type}`, from: outer.from };
      }
      default:
        return NAMELESS;
    }
  }

  #named(table: number, row: number): string {
    const name = this.#text(this.#tables.value(table, row, 1));
    const space = this.#text(this.#tables.value(table, row, 2));
    return space === '' ? name : `${space}.${name}`;
  }

  #text(at: number): string {
    const end = this.#strings.indexOf(0, at);
    return end < 0 ? '' : (utf8Text(this.#strings.subarray(at, end)) ?? '');
  }

  /** The text of a `ldstr` token (II.24.2.4): UTF-16, its size before it. */
  userText(token: number): string | undefined {
    if (token >>> 24 !== 0x70) return undefined;
    const heap = new Cursor(this.#userStrings, 'pe');
    let at = token & 0xffffff;
    if (at + 4 > heap.length) return undefined;
    const first = heap.u8(at);
    let size = first;
    if ((first & 0x80) === 0) at += 1;
    else if ((first & 0x40) === 0) {
      size = ((first & 0x3f) << 8) | heap.u8(at + 1);
      at += 2;
    } else {
      size = heap.u32(at, false) & 0x1fffffff;
      at += 4;
    }
    if (size < 1 || at + size > heap.length) return undefined;
    let text = '';
    for (let unit = at; unit + 1 < at + size && text.length < MAX_TEXT; unit += 2) {
      text += String.fromCharCode(heap.u16(unit));
    }
    return text;
  }
}

/** Texts longer than this are cut: arguments worth showing are shorter. */
const MAX_TEXT = 1024;

const NAMELESS = { type: '', from: undefined } as const;
