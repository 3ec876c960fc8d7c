import { Refused } from '@avow/bytes';
import { nativeKindOf } from '@avow/formats/native';
import type { ModuleTables } from './columns.ts';
import { nativeTables } from './native.ts';
import { wasmTables } from './wasm.ts';

export type { Column, ModuleAbout, ModuleTables } from './columns.ts';
export { ModuleContents } from './contents.ts';
export type { ExportRow, FunctionRow, ImportRow, RowQuery, Rows, StringRow } from './rows.ts';

/** Changes with what tables hold, so that those of an older version are not taken for it. */
export const TABLES_VERSION = 2;

/** Whether the first bytes of a file are those of a module that has tables. */
export function hasTables(head: Uint8Array): boolean {
  return isWasm(head) || nativeKindOf(head) !== undefined;
}

/**
 * Reads a module into tables; `slice` names one of a fat file's. Refuses
 * `locate.place-kind` for what is no such module, and as its reader does.
 */
export function moduleTables(bytes: Uint8Array, slice: string | undefined): ModuleTables {
  if (isWasm(bytes)) return wasmTables(bytes);
  if (nativeKindOf(bytes) !== undefined) return nativeTables(bytes, slice);
  throw new Refused('locate.place-kind', undefined, 'it is neither machine code nor WebAssembly');
}

function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
