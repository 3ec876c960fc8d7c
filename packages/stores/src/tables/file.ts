import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/**
 * A file of columns: what was computed from one object, to be asked often.
 *
 * Layout: `AVOWTAB1`; the length of the head, 32 bits, little-endian; the head,
 * JSON: `about` and each column's name, type, place and count; the columns as
 * they are in memory, each at a multiple of eight bytes. It is read on machines
 * of the same byte order only, as a cache of one machine is.
 */
export interface TableFile {
  readonly about: unknown;
  readonly columns: Readonly<Record<string, TableColumn>>;
}

export type TableColumn = Uint8Array | Uint32Array | Int32Array | Float64Array;

interface ColumnHead {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  /** From the beginning of the columns, in bytes. */
  readonly at: number;
  /** Numbers, not bytes. */
  readonly count: number;
}

const MAGIC = 'AVOWTAB1';
const TYPES = { u8: Uint8Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const;

/** Writes the file whole, or not at all: it is renamed into its place. */
export function writeTableFile(path: string, { about, columns }: TableFile): void {
  let at = 0;
  const heads: ColumnHead[] = [];
  for (const [name, column] of Object.entries(columns)) {
    heads.push({ name, type: typeOf(column), at, count: column.length });
    at += aligned(column.byteLength);
  }
  const head = Buffer.from(JSON.stringify({ about, columns: heads }));
  const start = Buffer.alloc(aligned(MAGIC.length + 4 + head.length));
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(head.length, MAGIC.length);
  start.set(head, MAGIC.length + 4);
  const made = `${path}.${process.pid}`;
  const file = openSync(made, 'w', 0o600);
  try {
    writeAll(file, start);
    for (const column of Object.values(columns)) {
      writeAll(file, Buffer.from(column.buffer, column.byteOffset, column.byteLength));
      writeAll(file, Buffer.alloc(aligned(column.byteLength) - column.byteLength));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(made, path);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function typeOf(column: TableColumn): ColumnHead['type'] {
  if (column instanceof Uint8Array) return 'u8';
  if (column instanceof Uint32Array) return 'u32';
  return column instanceof Int32Array ? 'i32' : 'f64';
}

function aligned(size: number): number {
  return (size + 7) & ~7;
}

/** Undefined for what is no such file, or not a whole one. */
export function readTableFile(path: string): TableFile | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  if (bytes.length < MAGIC.length + 4 || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return undefined;
  }
  const size = bytes.readUInt32LE(MAGIC.length);
  const start = aligned(MAGIC.length + 4 + size);
  if (start > bytes.length) return undefined;
  try {
    const text = bytes.toString('utf8', MAGIC.length + 4, MAGIC.length + 4 + size);
    const head = JSON.parse(text) as { about: unknown; columns: readonly ColumnHead[] };
    // A small file is read into a buffer that others share, at any place in it.
    const { buffer } = bytes.byteOffset === 0 ? bytes : new Uint8Array(bytes);
    const columns = head.columns.map(({ name, type, at, count }) => {
      const column = new TYPES[type](buffer as ArrayBuffer, start + at, count);
      if (start + at + column.byteLength > bytes.length) throw new RangeError(name);
      return [name, column] as const;
    });
    return { about: head.about, columns: Object.fromEntries(columns) };
  } catch {
    // Cut off or damaged: it is made again.
    return undefined;
  }
}
