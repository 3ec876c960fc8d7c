import { Cursor, Refused, utf8Text } from '@avow/bytes';

/** Table numbers of ECMA-335 (6th edition), II.22, up to the one that is read. */
const TABLES = ['Module', 'TypeRef', 'TypeDef', 'FieldPtr', 'Field', 'MethodPtr', 'MethodDef'];
const METHOD_DEF = 6;
const SIGNATURE = 0x424a5342;
/** Streams of real files: five. */
const MAX_STREAMS = 64;

/** One row of MethodDef: its place in the image, zero where it has no body, and its name. */
export interface MethodRow {
  readonly rva: number;
  readonly name: string;
}

/**
 * Rows of the MethodDef table of CLI metadata (ECMA-335, II.24.2 and II.22.26);
 * row `n` is token `0x06000000 + n + 1`.
 *
 * Refuses `pe.cil` where the metadata is not what the standard says, and
 * `pe.truncated` where it ends early.
 */
export function methodRows(metadata: Uint8Array): MethodRow[] {
  const streams = metadataStreams(metadata);
  const tables = streams.get('#~') ?? streams.get('#-');
  if (tables === undefined) throw fault('there is no stream of tables');
  return readTables(new Cursor(tables, 'pe'), streams.get('#Strings') ?? new Uint8Array());
}

/** Streams of CLI metadata by name (II.24.2.2). Refuses as `methodRows` does. */
export function metadataStreams(metadata: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const root = new Cursor(metadata, 'pe');
  if (root.u32(0) !== SIGNATURE) throw fault('the metadata does not start with BSJB');
  const afterVersion = 16 + root.u32(12);
  const count = root.u16(afterVersion + 2);
  if (count > MAX_STREAMS) throw fault(`${count} streams`);
  const streams = new Map<string, Uint8Array>();
  let at = afterVersion + 4;
  for (let index = 0; index < count; index++) {
    const [offset, size] = [root.u32(at), root.u32(at + 4)];
    const end = metadata.indexOf(0, at + 8);
    if (end < 0 || end > at + 8 + 32) throw fault('the name of a stream does not end');
    const name = String.fromCharCode(...metadata.subarray(at + 8, end));
    streams.set(name, root.piece(offset, size));
    at = at + 8 + ((end - at - 8 + 4) & ~3);
  }
  return streams;
}

function readTables(tables: Cursor, strings: Uint8Array): MethodRow[] {
  const wide = tables.u8(6);
  const valid = tables.u64(8);
  const rows: number[] = [];
  let at = 24;
  for (let table = 0n; table < 64n; table++) {
    const isThere = (valid & (1n << table)) !== 0n;
    rows.push(isThere ? tables.u32(at) : 0);
    if (isThere) at += 4;
  }
  // A flag of edit-and-continue metadata: four more bytes (II.24.2.6 leaves it reserved).
  if ((wide & 0x40) !== 0) at += 4;
  const sizes = rowSizes(rows, wide);
  for (const [table, size] of sizes.entries()) {
    if (table < METHOD_DEF) at += rows[table]! * size;
  }
  const size = sizes[METHOD_DEF]!;
  const count = rows[METHOD_DEF]!;
  tables.need(at, count * size);
  return Array.from({ length: count }, (_, index) => {
    const row = at + index * size;
    const name = (wide & 1) !== 0 ? tables.u32(row + 8) : tables.u16(row + 8);
    return { rva: tables.u32(row), name: textAt(strings, name) };
  });
}

/** Bytes a row of each table: indices are four bytes wide where what they count has grown (II.24.2.6). */
function rowSizes(rows: readonly number[], wide: number): readonly number[] {
  const string = (wide & 1) !== 0 ? 4 : 2;
  const guid = (wide & 2) !== 0 ? 4 : 2;
  const blob = (wide & 4) !== 0 ? 4 : 2;
  const index = (table: number): number => (rows[table]! > 0xffff ? 4 : 2);
  const coded = (...tables: readonly number[]): number =>
    tables.some((table) => rows[table]! > 0x3fff) ? 4 : 2;
  const sizes = [
    2 + string + 3 * guid,
    // ResolutionScope: Module, ModuleRef, AssemblyRef, TypeRef
    coded(0x00, 0x1a, 0x23, 0x01) + 2 * string,
    // TypeDefOrRef: TypeDef, TypeRef, TypeSpec
    4 + 2 * string + coded(0x02, 0x01, 0x1b) + index(0x04) + index(0x06),
    index(0x04),
    2 + string + blob,
    index(0x06),
    8 + string + blob + index(0x08),
  ];
  return sizes.slice(0, TABLES.length);
}

function textAt(strings: Uint8Array, at: number): string {
  const end = strings.indexOf(0, at);
  return end < 0 ? '' : (utf8Text(strings.subarray(at, end)) ?? '');
}

function fault(message: string): Refused {
  return new Refused('pe.cil', undefined, message);
}
