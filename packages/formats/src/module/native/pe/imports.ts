import { Refused } from '@avow/bytes';
import type { NativeImport } from '../image.ts';
import { nameAt } from '../text.ts';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';

/** More libraries or names than any linker writes; beyond it the table is an attack on time. */
const MAX_LIBRARIES = 4096;
const MAX_NAMES = 1_000_000;

/**
 * Imports and delay imports (PE format, "The .idata Section" and "Delay-Load
 * Import Tables"). An import by number is named `#12`. Refuses `pe.imports`
 * when a table is longer than any linker writes.
 */
export function readImports(file: PeFile): { imports: NativeImport[]; libraries: string[] } {
  const imports: NativeImport[] = [];
  const libraries: string[] = [];
  const table = file.header.directories[DIRECTORY.imports];
  if (table !== undefined && table.rva !== 0) {
    for (let index = 0; ; index += 1) {
      if (index > MAX_LIBRARIES)
        throw new Refused('pe.imports', table.rva, 'the table does not end');
      const at = file.offset(table.rva + index * 20);
      const nameRva = file.cursor.u32(at + 12);
      const slotsRva = file.cursor.u32(at + 16);
      if (nameRva === 0 || slotsRva === 0) break;
      const namesRva = file.cursor.u32(at) || slotsRva;
      const library = nameAt(file.cursor.bytes, file.offset(nameRva)).toLowerCase();
      libraries.push(library);
      pushNames(file, imports, library, namesRva, slotsRva, 0n);
    }
  }
  readDelayed(file, imports, libraries);
  return { imports, libraries };
}

function readDelayed(file: PeFile, imports: NativeImport[], libraries: string[]): void {
  const table = file.header.directories[DIRECTORY.delayImports];
  if (table === undefined || table.rva === 0) return;
  for (let index = 0; index < MAX_LIBRARIES; index += 1) {
    const at = file.offset(table.rva + index * 32);
    if (file.cursor.u32(at + 4) === 0) return;
    // Before Visual C++ 7 these were virtual addresses; bit 0 says they are RVAs.
    const less = (file.cursor.u32(at) & 1) === 0 ? Number(file.header.base) : 0;
    const library = nameAt(
      file.cursor.bytes,
      file.offset(file.cursor.u32(at + 4) - less),
    ).toLowerCase();
    libraries.push(library);
    pushNames(
      file,
      imports,
      library,
      file.cursor.u32(at + 16) - less,
      file.cursor.u32(at + 12) - less,
      BigInt(less),
    );
  }
}

function pushNames(
  file: PeFile,
  imports: NativeImport[],
  library: string,
  namesRva: number,
  slotsRva: number,
  less: bigint,
): void {
  const step = file.header.isPlus ? 8 : 4;
  const byNumber = file.header.isPlus ? 1n << 63n : 1n << 31n;
  for (let index = 0; ; index += 1) {
    if (imports.length > MAX_NAMES) throw new Refused('pe.imports', namesRva, 'too many names');
    const at = file.offset(namesRva + index * step);
    const value = file.header.isPlus ? file.cursor.u64(at) : BigInt(file.cursor.u32(at));
    if (value === 0n) return;
    const slot = slotsRva + index * step;
    if ((value & byNumber) !== 0n) {
      imports.push({ name: `#${value & 0xffffn}`, library, slot });
    } else {
      const name = nameAt(file.cursor.bytes, file.offset(Number(value - less)) + 2);
      imports.push({ name, library, slot });
    }
  }
}
