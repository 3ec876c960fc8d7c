import { latin1Text, type Refused, why } from '@avow/bytes';
import type { EntryPoint, Fact, NativeImage, NativeImport, Unread } from '../image.ts';
import { absolutePointer, chainedPointer } from '../pointers.ts';
import {
  type FunctionRanges,
  type NativeSymbols,
  RangeColumns,
  SymbolColumns,
  SymbolFlag,
} from '../symbols.ts';
import { nameAt } from '../text.ts';
import { bindsOf } from './binds.ts';
import { chainedFormatOf, chainedImportsOf, targetOfLink } from './chains.ts';
import { exportsOf, type TrieExport } from './exports.ts';
import { MachoFile } from './file.ts';
import { LC, machineOf } from './header.ts';
import { Stream } from './leb.ts';

/**
 * A thin Mach-O file, or one slice of a fat one, as an image (Apple,
 * <mach-o/loader.h>). The headers must be right or it is refused; a table
 * beyond them that is broken is listed in `unread` and the rest is read.
 */
export function readMacho(bytes: Uint8Array): NativeImage {
  const file = new MachoFile(bytes);
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
  const [architecture, machine] = machineOf(file.header.cpu);
  const of = (type: number) => file.header.commands.find((command) => command.type === type);
  const uuid = of(LC.uuid);
  const pointerAt = attempt(
    'chained fixups',
    () => undefined,
    () => pointersOf(file),
  );
  return {
    format: 'macho',
    architecture,
    machine,
    bits: file.header.bits,
    littleEndian: file.header.littleEndian,
    bytes,
    base: file.base,
    ranges: file.ranges,
    sections: file.sections,
    imports: attempt('imports', [], () => readImports(file)),
    symbols: attempt('symbol table', new SymbolColumns(bytes).done(), () =>
      readSymbols(
        file,
        attempt('exports', [], () => exportsOf(file)),
      ),
    ),
    functionRanges: attempt('function starts', new RangeColumns(), () => readFunctionStarts(file)),
    entryPoints: attempt('entry point', [], () => readEntry(file, pointerAt)),
    globalOffsets: undefined,
    libraries: file.libraries,
    buildId: uuid === undefined ? undefined : hex(file.cursor.piece(uuid.at + 8, 16)),
    facts: attempt('code signature', [], () => signatureFacts(file)),
    unread,
    pointerAt,
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Pointers as their loader relocates them: in chains, or as they stand. */
function pointersOf(file: MachoFile): NativeImage['pointerAt'] {
  const { cursor, ranges, base, header } = file;
  const { bits, littleEndian } = header;
  const parts = { bytes: cursor.bytes, ranges, base, bits, littleEndian };
  const fixups = header.commands.find(({ type }) => type === LC.chainedFixups);
  if (fixups === undefined) return absolutePointer(parts);
  const format = chainedFormatOf(file, file.u32(fixups.at + 8));
  return format === undefined
    ? absolutePointer(parts)
    : chainedPointer(parts, (link) => targetOfLink(link, format));
}

function readImports(file: MachoFile): NativeImport[] {
  const imports: NativeImport[] = [];
  for (const { type, at } of file.header.commands) {
    if (type === LC.chainedFixups) {
      imports.push(...chainedImportsOf(file, file.u32(at + 8), file.u32(at + 12)));
    } else if (type === LC.dyldInfo || type === LC.dyldInfoOnly) {
      for (const pair of [at + 16, at + 24, at + 32]) {
        for (const one of bindsOf(file, file.u32(pair), file.u32(pair + 4))) imports.push(one);
      }
    }
  }
  return imports;
}

const N_STAB = 0xe0;
const N_TYPE = 0x0e;
const N_SECT = 0x0e;
const N_EXT = 1;

/** The symbol table, and exports that it does not name. */
function readSymbols(file: MachoFile, exports: readonly TrieExport[]): NativeSymbols {
  const symbols = new SymbolColumns(file.cursor.bytes);
  const exported = addSymbolTable(file, symbols);
  for (const { name, rva } of exports) {
    if (exported.has(rva)) continue;
    const section = file.sections.find((one) => rva >= one.rva && rva < one.rva + one.size);
    const flags = SymbolFlag.exported | (section?.executable ? SymbolFlag.function : 0);
    symbols.pushNamed(rva, 0, flags, name);
  }
  return symbols.done();
}

/** Adds the symbol table; gives the RVAs of what it exports. */
function addSymbolTable(file: MachoFile, symbols: SymbolColumns): ReadonlySet<number> {
  const exported = new Set<number>();
  const command = file.header.commands.find(({ type }) => type === LC.symtab);
  if (command === undefined) return exported;
  const wide = file.header.bits === 64;
  const step = wide ? 16 : 12;
  const at = file.u32(command.at + 8);
  const count = file.u32(command.at + 12);
  const strings = file.u32(command.at + 16);
  const end = strings + file.u32(command.at + 20);
  file.cursor.need(at, count * step);
  for (let index = 0; index < count; index += 1) {
    const row = at + index * step;
    const type = file.cursor.u8(row + 4);
    if ((type & N_STAB) !== 0 || (type & N_TYPE) !== N_SECT) continue;
    const rva = Number(file.address(row + 8) - file.base);
    const section = file.sections[file.cursor.u8(row + 5) - 1];
    const flags =
      (section?.executable ? SymbolFlag.function : 0) |
      ((type & N_EXT) !== 0 ? SymbolFlag.exported : 0);
    symbols.push(rva, 0, flags, strings + file.u32(row), end);
    if ((type & N_EXT) !== 0) exported.add(rva);
  }
  return exported;
}

/** LC_FUNCTION_STARTS: distances from __TEXT, one after another. */
function readFunctionStarts(file: MachoFile): FunctionRanges {
  const command = file.header.commands.find(({ type }) => type === LC.functionStarts);
  const ranges = new RangeColumns();
  if (command === undefined) return ranges;
  const stream = new Stream(file.cursor, file.u32(command.at + 8), file.u32(command.at + 12));
  let start = 0;
  while (!stream.isDone) {
    const distance = stream.uleb();
    if (distance === 0) break;
    start += distance;
    ranges.push(start, 0);
  }
  return ranges;
}

function readEntry(file: MachoFile, pointerAt: NativeImage['pointerAt']): EntryPoint[] {
  const command = file.header.commands.find(({ type }) => type === LC.main);
  const found: EntryPoint[] = initialisers(file, pointerAt);
  if (command !== undefined) {
    const rva = file.cursor.size64(command.at + 8, file.header.littleEndian);
    found.push({ rva, what: 'entry' });
  }
  return found;
}

/** More initialisers than any program has. */
const MAX_INITIALISERS = 100_000;

/** `__init_offsets` of 32-bit offsets, and `__mod_init_func` of pointers. */
function initialisers(file: MachoFile, pointerAt: NativeImage['pointerAt']): EntryPoint[] {
  const found: EntryPoint[] = [];
  for (const section of file.sections) {
    const name = section.name.replace(/^.*,/, '');
    const isOffsets = name === '__init_offsets';
    if ((!isOffsets && name !== '__mod_init_func') || section.offset === undefined) continue;
    const step = isOffsets ? 4 : file.header.bits / 8;
    const count = Math.min(MAX_INITIALISERS, Math.floor(section.size / step));
    for (let index = 0; index < count; index += 1) {
      const rva = isOffsets
        ? file.u32(section.offset + index * step)
        : pointerAt(section.rva + index * step);
      if (rva !== undefined) found.push({ rva, what: 'init' });
    }
  }
  return found;
}

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const ENTITLEMENTS = 0xfade7171;
const MAX_BLOBS = 64;

/** Identity, team and entitlements of the code signature (xnu, <kern/cs_blobs.h>); shown, not verified. */
function signatureFacts(file: MachoFile): Fact[] {
  const command = file.header.commands.find(({ type }) => type === LC.codeSignature);
  if (command === undefined) return [];
  const { cursor } = file;
  const start = file.u32(command.at + 8);
  if (cursor.u32(start, false) !== SUPER_BLOB) return [];
  const facts: Fact[] = [];
  const count = Math.min(MAX_BLOBS, cursor.u32(start + 8, false));
  for (let index = 0; index < count; index += 1) {
    const at = start + cursor.u32(start + 12 + index * 8 + 4, false);
    const magic = cursor.u32(at, false);
    if (magic === CODE_DIRECTORY && !facts.some((fact) => fact.name === 'identity')) {
      facts.push({
        name: 'identity',
        value: nameAt(cursor.bytes, at + cursor.u32(at + 20, false)),
      });
      const team = cursor.u32(at + 8, false) >= 0x20200 ? cursor.u32(at + 48, false) : 0;
      if (team !== 0) facts.push({ name: 'team', value: nameAt(cursor.bytes, at + team) });
    } else if (magic === ENTITLEMENTS) {
      const size = cursor.u32(at + 4, false);
      facts.push({ name: 'entitlements', value: latin1Text(cursor.piece(at + 8, size - 8)) });
    }
  }
  return facts;
}
