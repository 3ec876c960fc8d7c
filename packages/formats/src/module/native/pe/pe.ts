import { type Refused, why } from '@avow/bytes';
import { type EntryPoint, type Fact, type NativeImage, rvaOfVa, type Unread } from '../image.ts';
import { absolutePointer } from '../pointers.ts';
import { RangeColumns, SymbolColumns } from '../symbols.ts';
import { readExports } from './exports.ts';
import { readFacts } from './facts.ts';
import { PeFile } from './file.ts';
import { DIRECTORY, machineOf, sectionsOf } from './header.ts';
import { readImports } from './imports.ts';
import { readUnwindRanges } from './unwind.ts';

/**
 * A PE file as an image (Microsoft PE format, 2024). The headers must be right
 * or the file is refused; a table beyond them that is broken is listed in
 * `unread` and the rest is read.
 */
export function readPe(bytes: Uint8Array): NativeImage {
  const file = new PeFile(bytes);
  const unread: Unread[] = [];
  const attempt = <Value>(what: string, fallback: Value, read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      const { code, message } = why(error);
      unread.push({ what, code, message, offset: (error as Refused).at });
      return fallback;
    }
  };
  const [architecture, machine] = machineOf(file.header.machine);
  const { imports, libraries } = attempt('imports', { imports: [], libraries: [] }, () =>
    readImports(file),
  );
  const noExports = { symbols: new SymbolColumns(bytes).done(), forwards: [] };
  const { symbols, forwards } = attempt('exports', noExports, () => readExports(file));
  const facts = attempt('facts', { facts: [] as Fact[], buildId: undefined }, () =>
    readFacts(file, unread),
  );
  return {
    format: 'pe',
    architecture,
    machine,
    bits: file.header.isPlus ? 64 : 32,
    littleEndian: true,
    bytes,
    base: file.header.base,
    ranges: file.ranges,
    sections: sectionsOf(file.header, bytes.length),
    imports,
    symbols,
    ...(forwards.length === 0 ? {} : { forwards }),
    functionRanges: attempt('unwind tables', new RangeColumns(), () => readUnwindRanges(file)),
    entryPoints: attempt('entry points', [], () => entryPoints(file)),
    globalOffsets: undefined,
    libraries,
    buildId: facts.buildId,
    facts: facts.facts,
    unread,
    pointerAt: absolutePointer({
      bytes,
      ranges: file.ranges,
      base: file.header.base,
      bits: file.header.isPlus ? 64 : 32,
      littleEndian: true,
    }),
  };
}

const DLL = 0x2000;

/** TLS callbacks run before the entry point; more than this is an attack on time. */
const MAX_CALLBACKS = 256;

function entryPoints(file: PeFile): EntryPoint[] {
  const found: EntryPoint[] = [];
  // A library's entry, DllMain, is called when it is loaded.
  const what = (file.header.characteristics & DLL) !== 0 ? 'init' : 'entry';
  if (file.header.entry !== 0) found.push({ rva: file.header.entry, what });
  const table = file.header.directories[DIRECTORY.tls];
  if (table === undefined || table.rva === 0) return found;
  const { cursor, header } = file;
  const at = file.offset(table.rva);
  const step = header.isPlus ? 8 : 4;
  const address = (offset: number): bigint =>
    header.isPlus ? cursor.u64(offset) : BigInt(cursor.u32(offset));
  const list = rvaOfVa(header, address(at + 3 * step));
  if (list === undefined) return found;
  for (let index = 0; index < MAX_CALLBACKS; index += 1) {
    const callback = address(file.offset(list + index * step));
    if (callback === 0n) break;
    const rva = rvaOfVa(header, callback);
    if (rva !== undefined) found.push({ rva, what: 'tls' });
  }
  return found;
}
