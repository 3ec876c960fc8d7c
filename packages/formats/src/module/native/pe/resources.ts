import type { Fact } from '../image.ts';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';

const VERSION_TYPE = 16;
/** Entries of one resource folder that are looked at. */
const MAX_ENTRIES = 4096;
/** Characters of a key; every one that is shown is shorter. */
const MAX_KEY = 32;
/** Characters of a value that are shown. */
const MAX_VALUE = 1024;
const SHOWN = new Set([
  'CompanyName',
  'FileDescription',
  'FileVersion',
  'InternalName',
  'OriginalFilename',
  'ProductName',
  'ProductVersion',
]);

/** Strings of the version resource (PE format, "The .rsrc Section"; VS_VERSIONINFO of the Win32 API). */
export function versionStrings(file: PeFile): Fact[] {
  const table = file.header.directories[DIRECTORY.resources];
  if (table === undefined || table.rva === 0) return [];
  const root = file.offset(table.rva);
  let at: number | undefined = entryOf(file, root, root, VERSION_TYPE);
  // Type, name, language: three folders, then the data entry.
  for (let level = 0; level < 2 && at !== undefined; level += 1) {
    at = entryOf(file, root, at, undefined);
  }
  if (at === undefined) return [];
  const data = file.offset(file.cursor.u32(at));
  return stringsIn(file, data, file.cursor.u32(at + 4));
}

/** File offset that the folder's entry of a type, or its first entry, leads to. */
function entryOf(
  file: PeFile,
  root: number,
  folder: number,
  type: number | undefined,
): number | undefined {
  const { cursor } = file;
  const count = Math.min(MAX_ENTRIES, cursor.u16(folder + 12) + cursor.u16(folder + 14));
  for (let index = 0; index < count; index += 1) {
    const at = folder + 16 + index * 8;
    if (type === undefined || cursor.u32(at) === type) {
      return root + (cursor.u32(at + 4) & 0x7fffffff);
    }
  }
  return undefined;
}

/** `String` structures: length, value length, type, key, padding, value, all aligned to four bytes. */
function stringsIn(file: PeFile, start: number, size: number): Fact[] {
  const { cursor } = file;
  cursor.need(start, size);
  const facts: Fact[] = [];
  const end = start + size;
  for (let at = start; at + 6 < end; at += 4) {
    const length = cursor.u16(at);
    const valueWords = cursor.u16(at + 2);
    if (cursor.u16(at + 4) !== 1 || length < 8 || at + length > end) continue;
    const name = utf16At(file, at + 6, Math.min(at + length, at + 6 + 2 * MAX_KEY));
    if (!SHOWN.has(name)) continue;
    const valueAt = start + ((at + 6 + (name.length + 1) * 2 - start + 3) & ~3);
    const value = utf16At(
      file,
      valueAt,
      Math.min(end, valueAt + 2 * Math.min(valueWords, MAX_VALUE)),
    );
    if (value !== '') facts.push({ name, value });
  }
  return facts;
}

function utf16At(file: PeFile, at: number, end: number): string {
  let text = '';
  for (let offset = at; offset + 1 < end; offset += 2) {
    const unit = file.cursor.u16(offset);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text;
}
