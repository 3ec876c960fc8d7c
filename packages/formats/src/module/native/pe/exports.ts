import { Refused } from '@avow/bytes';
import { type NativeSymbols, SymbolColumns, SymbolFlag } from '../symbols.ts';
import { nameAt } from '../text.ts';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';

/** What a PE file exports: its own code and data, and names that it forwards to other libraries. */
export interface PeExports {
  readonly symbols: NativeSymbols;
  readonly forwards: readonly { readonly name: string; readonly to: string }[];
}

/**
 * Exported names (PE format, "The .edata Section"). A forwarded export has no
 * code here and is no symbol; one without a name is `#12`. Refuses `pe.exports`
 * when a table passes the end of the file.
 */
export function readExports(file: PeFile): PeExports {
  const table = file.header.directories[DIRECTORY.exports];
  const symbols = new SymbolColumns(file.cursor.bytes);
  const forwards: { name: string; to: string }[] = [];
  if (table === undefined || table.rva === 0) return { symbols: symbols.done(), forwards };
  const { cursor } = file;
  const at = file.offset(table.rva);
  const base = cursor.u32(at + 16);
  const count = cursor.u32(at + 20);
  const nameCount = cursor.u32(at + 24);
  if (count * 4 > cursor.length || nameCount * 4 > cursor.length) {
    throw new Refused('pe.exports', at, `${count} exports and ${nameCount} names`);
  }
  const names = new Map<number, string>();
  if (nameCount > 0) {
    const namesAt = file.offset(cursor.u32(at + 32));
    const numbersAt = file.offset(cursor.u32(at + 36));
    for (let index = 0; index < nameCount; index += 1) {
      const name = nameAt(cursor.bytes, file.offset(cursor.u32(namesAt + index * 4)));
      names.set(cursor.u16(numbersAt + index * 2), name);
    }
  }
  if (count === 0) return { symbols: symbols.done(), forwards };
  const addressesAt = file.offset(cursor.u32(at + 28));
  for (let index = 0; index < count; index += 1) {
    const rva = cursor.u32(addressesAt + index * 4);
    const isForwarded = rva >= table.rva && rva < table.rva + table.size;
    if (isForwarded) {
      const to = nameAt(cursor.bytes, file.offset(rva));
      forwards.push({ name: names.get(index) ?? `#${base + index}`, to });
    }
    if (rva === 0 || isForwarded) continue;
    const range = file.ranges.find((one) => rva >= one.rva && rva < one.rva + one.size);
    const flags = SymbolFlag.exported | (range?.executable ? SymbolFlag.function : 0);
    symbols.pushNamed(rva, 0, flags, names.get(index) ?? `#${base + index}`);
  }
  return { symbols: symbols.done(), forwards };
}
