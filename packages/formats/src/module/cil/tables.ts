import { Cursor, Refused } from '@avow/bytes';

/** Tables of CLI metadata that are looked into (ECMA-335, 6th edition, II.22), by number. */
export const TABLE = {
  typeRef: 0x01,
  typeDef: 0x02,
  methodDef: 0x06,
  memberRef: 0x0a,
  moduleRef: 0x1a,
  typeSpec: 0x1b,
  implMap: 0x1c,
  assemblyRef: 0x23,
  methodSpec: 0x2b,
} as const;

/** Kinds of coded indices (II.24.2.6): which tables their low bits choose among. */
const CODED = {
  typeDefOrRef: [0x02, 0x01, 0x1b],
  hasConstant: [0x04, 0x08, 0x17],
  hasCustomAttribute: [
    0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23,
    0x26, 0x27, 0x28, 0x2a, 0x2c, 0x2b,
  ],
  hasFieldMarshal: [0x04, 0x08],
  hasDeclSecurity: [0x02, 0x06, 0x20],
  memberRefParent: [0x02, 0x01, 0x1a, 0x06, 0x1b],
  hasSemantics: [0x14, 0x17],
  methodDefOrRef: [0x06, 0x0a],
  memberForwarded: [0x04, 0x06],
  implementation: [0x26, 0x23, 0x27],
  customAttributeType: [0x06, 0x0a, 0x06, 0x0a, 0x0a],
  resolutionScope: [0x00, 0x1a, 0x23, 0x01],
  typeOrMethodDef: [0x02, 0x06],
} as const satisfies Record<string, readonly number[]>;

/** A column: bytes, a heap (`s`, `g`, `b`), a table's number plus 100, or a kind of coded index. */
type Column = 1 | 2 | 4 | 's' | 'g' | 'b' | number | keyof typeof CODED;

const OF = 100;

/** Columns of each table, in order of its number; those that no standard has are empty. */
const COLUMNS: readonly (readonly Column[])[] = [
  [2, 's', 'g', 'g', 'g'],
  ['resolutionScope', 's', 's'],
  [4, 's', 's', 'typeDefOrRef', OF + 0x04, OF + 0x06],
  [OF + 0x04],
  [2, 's', 'b'],
  [OF + 0x06],
  [4, 2, 2, 's', 'b', OF + 0x08],
  [OF + 0x08],
  [2, 2, 's'],
  [OF + 0x02, 'typeDefOrRef'],
  ['memberRefParent', 's', 'b'],
  [2, 'hasConstant', 'b'],
  ['hasCustomAttribute', 'customAttributeType', 'b'],
  ['hasFieldMarshal', 'b'],
  [2, 'hasDeclSecurity', 'b'],
  [2, 4, OF + 0x02],
  [4, OF + 0x04],
  ['b'],
  [OF + 0x02, OF + 0x14],
  [OF + 0x14],
  [2, 's', 'typeDefOrRef'],
  [OF + 0x02, OF + 0x17],
  [OF + 0x17],
  [2, 's', 'b'],
  [2, OF + 0x06, 'hasSemantics'],
  [OF + 0x02, 'methodDefOrRef', 'methodDefOrRef'],
  ['s'],
  ['b'],
  [2, 'memberForwarded', 's', OF + 0x1a],
  [4, OF + 0x04],
  [4, 4],
  [4],
  [4, 2, 2, 2, 2, 4, 'b', 's', 's'],
  [4],
  [4, 4, 4],
  [2, 2, 2, 2, 4, 'b', 's', 's', 'b'],
  [4, OF + 0x23],
  [4, 4, 4, OF + 0x23],
  [4, 's', 'b'],
  [4, 4, 's', 's', 'implementation'],
  [4, 4, 's', 'implementation'],
  [OF + 0x02, OF + 0x02],
  [2, 2, 'typeOrMethodDef', 's'],
  ['methodDefOrRef', 'b'],
  [OF + 0x2a, 'typeDefOrRef'],
];

/** A row that another one names: table and row from 1; row 0 names none. */
export interface RowIndex {
  readonly table: number;
  readonly row: number;
}

/**
 * The tables of CLI metadata (II.24.2.6). Refuses `pe.cil` for a table that no
 * standard has and for rows beyond the stream.
 */
export class CilTables {
  readonly rows: readonly number[];
  readonly #file: Cursor;
  readonly #heaps: number;
  readonly #starts: number[] = [];
  readonly #sizes: number[] = [];
  /** Offsets of columns within a row, by table. */
  readonly #offsets: number[][] = [];

  constructor(stream: Uint8Array) {
    const file = new Cursor(stream, 'pe');
    this.#file = file;
    this.#heaps = file.u8(6);
    const valid = file.u64(8);
    const rows: number[] = [];
    let at = 24;
    for (let table = 0; table < 64; table += 1) {
      const isThere = ((valid >> BigInt(table)) & 1n) === 1n;
      rows.push(isThere ? file.u32(at) : 0);
      if (isThere) at += 4;
    }
    if ((this.#heaps & 0x40) !== 0) at += 4;
    this.rows = rows;
    for (const [table, count] of rows.entries()) {
      const columns = COLUMNS[table] ?? [];
      if (count > 0 && columns.length === 0) throw fault(`table 0x${table.toString(16)}`);
      const offsets: number[] = [];
      let size = 0;
      for (const column of columns) {
        offsets.push(size);
        size += this.#width(column);
      }
      this.#offsets.push(offsets);
      this.#sizes.push(size);
      this.#starts.push(at);
      if (at + count * size > file.length)
        throw fault(`${count} rows of ${size} bytes pass the end`);
      at += count * size;
    }
  }

  #width(column: Column): number {
    if (column === 's') return (this.#heaps & 1) !== 0 ? 4 : 2;
    if (column === 'g') return (this.#heaps & 2) !== 0 ? 4 : 2;
    if (column === 'b') return (this.#heaps & 4) !== 0 ? 4 : 2;
    if (typeof column === 'number') {
      if (column < OF) return column;
      return this.rows[column - OF]! > 0xffff ? 4 : 2;
    }
    const tables: readonly number[] = CODED[column];
    const most = 2 ** (16 - tagBits(tables));
    return tables.some((table) => this.rows[table]! >= most) ? 4 : 2;
  }

  /** A column of a row from 1: a number, an offset in a heap, or an index. */
  value(table: number, row: number, column: number): number {
    if (row < 1 || row > this.rows[table]!)
      throw fault(`row ${row} of table 0x${table.toString(16)}`);
    const at =
      this.#starts[table]! + (row - 1) * this.#sizes[table]! + this.#offsets[table]![column]!;
    const width = this.#width(COLUMNS[table]![column]!);
    return width === 4 ? this.#file.u32(at) : width === 2 ? this.#file.u16(at) : this.#file.u8(at);
  }

  /** What a coded index in that column names; undefined where its tag names no table. */
  index(table: number, row: number, column: number): RowIndex | undefined {
    const kind = COLUMNS[table]![column];
    if (typeof kind !== 'string' || !(kind in CODED)) return undefined;
    const tables: readonly number[] = CODED[kind as keyof typeof CODED];
    const bits = tagBits(tables);
    const value = this.value(table, row, column);
    const chosen = tables[value & (2 ** bits - 1)];
    return chosen === undefined ? undefined : { table: chosen, row: value >>> bits };
  }
}

function tagBits(tables: readonly number[]): number {
  return Math.ceil(Math.log2(tables.length));
}

function fault(message: string): Refused {
  return new Refused('pe.cil', undefined, message);
}
