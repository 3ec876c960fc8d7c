import { Cursor, Refused, why } from '@avow/bytes';
import {
  type EntryPoint,
  type MappedRange,
  type NativeImage,
  type NativeImport,
  offsetOf,
  type Section,
  type Unread,
} from '../image.ts';
import { absolutePointer } from '../pointers.ts';
import { type FunctionRanges, RangeColumns, SymbolColumns, SymbolFlag } from '../symbols.ts';
import { nameAt } from '../text.ts';
import { DT, type Dynamic, readDynamic } from './dynamic.ts';
import {
  type ElfHeader,
  ElfReader,
  ET_REL,
  machineOf,
  PT_DYNAMIC,
  PT_LOAD,
  PT_NOTE,
  readElfHeader,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_WRITE,
  SHT_DYNSYM,
  SHT_NOBITS,
  SHT_SYMTAB,
} from './header.ts';
import { initialisersOf } from './initialisers.ts';
import { buildIdIn } from './notes.ts';
import { RELATIVE_TYPES, readRelocations, SLOT_TYPES } from './relocations.ts';
import {
  countByHash,
  type ElfSymbols,
  readSymbols,
  SHN_UNDEF,
  STT_FUNC,
  STT_GNU_IFUNC,
} from './symbols.ts';
import { readUnwindRanges } from './unwind.ts';

/**
 * An ELF file as an image (System V gABI 4.3 draft and the processor
 * supplements). The headers must be right or the file is refused; a table
 * beyond them that is broken is listed in `unread` and the rest is read.
 */
export function readElf(bytes: Uint8Array): NativeImage {
  const header = readElfHeader(bytes);
  return new ElfImage(bytes, header).image();
}

class ElfImage {
  readonly #read: ElfReader;
  readonly #header: ElfHeader;
  readonly #base: bigint;
  readonly #ranges: readonly MappedRange[];
  readonly #sections: readonly Section[];
  readonly #unread: Unread[] = [];
  readonly #symbols: SymbolColumns;
  #dynamicTable: ElfSymbols | undefined;
  readonly #imports: NativeImport[] = [];

  constructor(bytes: Uint8Array, header: ElfHeader) {
    this.#header = header;
    this.#symbols = new SymbolColumns(bytes);
    this.#read = new ElfReader(new Cursor(bytes, 'elf'), header.bits, header.littleEndian);
    const loads = header.segments.filter((segment) => segment.type === PT_LOAD);
    this.#base = lowest(loads.map((load) => load.address));
    this.#sections = this.#readSections();
    this.#ranges = loads.length > 0 ? this.#loaded() : this.#fromSections();
  }

  image(): NativeImage {
    const { bytes } = this.#read.file;
    const dynamic = this.#try('dynamic section', () => this.#dynamic());
    this.#try('symbol table', () => this.#readSymbolTables(dynamic));
    if (dynamic !== undefined) this.#try('relocations', () => this.#readImports(dynamic));
    const [architecture, machine] = machineOf(this.#header.machine);
    return {
      format: 'elf',
      architecture,
      machine,
      bits: this.#header.bits,
      littleEndian: this.#header.littleEndian,
      bytes,
      base: this.#base,
      ranges: this.#ranges,
      sections: this.#sections,
      imports: this.#imports,
      symbols: this.#symbols.done(),
      functionRanges: this.#try('unwind tables', () => this.#unwind()) ?? new RangeColumns(),
      entryPoints: this.#try('entry points', () => this.#entries(dynamic)) ?? [],
      globalOffsets: this.#globalOffsets(dynamic),
      libraries: dynamic?.needed ?? [],
      buildId: this.#try('notes', () => this.#buildId()),
      facts: dynamic?.soname === undefined ? [] : [{ name: 'soname', value: dynamic.soname }],
      unread: this.#unread,
      pointerAt: this.#pointers(dynamic),
    };
  }

  /** By relocations, which are read when the first pointer is asked for; else as the file has it. */
  #pointers(dynamic: Dynamic | undefined): NativeImage['pointerAt'] {
    const { bits, littleEndian } = this.#header;
    const { bytes } = this.#read.file;
    const parts = { bytes, ranges: this.#ranges, base: this.#base, bits, littleEndian };
    const stored = absolutePointer(parts);
    // Where a loader writes every pointer by an addend, what stands in the file is none.
    const isStored = this.#base > 0n || dynamic === undefined || !hasAddends(dynamic);
    let relocated: ReadonlyMap<number, number> | undefined;
    return (rva) => {
      relocated ??= dynamic === undefined ? new Map() : this.#relocated(dynamic);
      return relocated.get(rva) ?? (isStored ? stored(rva) : undefined);
    };
  }

  /** RVAs that relocations with addends write, and those of symbols that the file itself defines. */
  #relocated(dynamic: Dynamic): Map<number, number> {
    const pointers = new Map<number, number>();
    const base = Number(this.#base);
    const { machine } = this.#header;
    try {
      const symbols = this.#dynamicSymbols(dynamic);
      for (const table of this.#relocationTables(dynamic)) {
        for (let row = 0; row < table.count; row += 1) {
          const slot = table.address[row]! - base;
          const symbol = table.symbol[row]!;
          if (table.type[row] === RELATIVE_TYPES[machine]) {
            if (table.addend[row] !== 0) pointers.set(slot, table.addend[row]! - base);
          } else if (symbol > 0 && symbols !== undefined && symbol < symbols.count) {
            const isOwn = symbols.section[symbol] !== SHN_UNDEF;
            if (isOwn && SLOT_TYPES[machine]?.has(table.type[row]!)) {
              pointers.set(slot, symbols.value[symbol]! + table.addend[row]! - base);
            }
          }
        }
      }
    } catch (error) {
      // The table's own reader has listed it as broken.
      if (!(error instanceof Refused)) throw error;
    }
    return pointers;
  }

  /** A broken table costs that table alone. */
  #try<Value>(what: string, read: () => Value): Value | undefined {
    try {
      return read();
    } catch (error) {
      const { code, message } = why(error);
      this.#unread.push({ what, code, message, offset: (error as Refused).at });
      return undefined;
    }
  }

  #rva(va: bigint): number {
    const rva = va - this.#base;
    return rva >= 0n && rva <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(rva) : -1;
  }

  #offset(va: bigint): number | undefined {
    return offsetOf({ ranges: this.#ranges }, this.#rva(va));
  }

  #loaded(): MappedRange[] {
    return this.#header.segments
      .filter((segment) => segment.type === PT_LOAD && segment.memorySize > 0)
      .map((segment) => ({
        rva: this.#rva(segment.address),
        size: segment.memorySize,
        offset: segment.offset,
        fileSize: Math.max(
          0,
          Math.min(segment.fileSize, segment.memorySize, this.#read.file.length - segment.offset),
        ),
        executable: (segment.flags & 1) !== 0,
        writable: (segment.flags & 2) !== 0,
      }))
      .sort((a, b) => a.rva - b.rva);
  }

  /** Object files have no segments: each section stands at its file offset. */
  #fromSections(): MappedRange[] {
    return this.#sections.flatMap((section) =>
      section.offset === undefined
        ? []
        : [{ ...section, offset: section.offset, fileSize: section.size }],
    );
  }

  #readSections(): Section[] {
    const { sections, sectionNames, type } = this.#header;
    const names = sections[sectionNames];
    return sections.slice(1).flatMap((section) => {
      if ((section.flags & SHF_ALLOC) === 0) return [];
      const name =
        this.#try('section name', () => {
          if (names === undefined) return '';
          return nameAt(
            this.#read.file.bytes,
            names.offset + section.nameAt,
            names.offset + names.size,
          );
        }) ?? '';
      const hasBytes =
        section.type !== SHT_NOBITS && section.offset + section.size <= this.#read.file.length;
      return [
        {
          name,
          rva: type === ET_REL ? section.offset : this.#rva(section.address),
          size: section.size,
          offset: hasBytes ? section.offset : undefined,
          executable: (section.flags & SHF_EXECINSTR) !== 0,
          writable: (section.flags & SHF_WRITE) !== 0,
        },
      ];
    });
  }

  #dynamic(): Dynamic | undefined {
    const segment = this.#header.segments.find((one) => one.type === PT_DYNAMIC);
    return segment && readDynamic(this.#read, segment, (va) => this.#offset(va));
  }

  /** The dynamic table first: its names are exported, and the full table repeats them. */
  #readSymbolTables(dynamic: Dynamic | undefined): void {
    const { sections } = this.#header;
    const tables = sections.filter(({ type }) => type === SHT_SYMTAB || type === SHT_DYNSYM);
    tables.sort((a, b) => b.type - a.type);
    if (tables[0]?.type !== SHT_DYNSYM && dynamic !== undefined) {
      const symbols = this.#dynamicSymbols(dynamic);
      if (symbols !== undefined) this.#addSymbols(symbols, true);
    }
    for (const table of tables) {
      const strings = sections[table.link];
      if (strings === undefined || table.entrySize === 0) {
        throw new Refused('elf.symbols', table.offset, 'a symbol table without its strings');
      }
      const count = Math.floor(table.size / table.entrySize);
      const symbols = readSymbols(this.#read, table.offset, count, strings.offset, strings.size);
      this.#addSymbols(symbols, table.type === SHT_DYNSYM);
    }
  }

  #dynamicSymbols(dynamic: Dynamic): ElfSymbols | undefined {
    this.#dynamicTable ??= this.#readDynamicSymbols(dynamic);
    return this.#dynamicTable;
  }

  #readDynamicSymbols(dynamic: Dynamic): ElfSymbols | undefined {
    const at = this.#offset(dynamic.tags.get(DT.symTab) ?? -1n);
    const strings = this.#offset(dynamic.tags.get(DT.strTab) ?? -1n);
    if (at === undefined || strings === undefined) return undefined;
    const hash = dynamic.tags.get(DT.hash);
    const gnuHash = dynamic.tags.get(DT.gnuHash);
    const count = countByHash(
      this.#read,
      hash === undefined ? undefined : this.#offset(hash),
      gnuHash === undefined ? undefined : this.#offset(gnuHash),
      this.#header.bits === 64 && WIDE_HASH.has(this.#header.machine) ? 8 : 4,
    );
    const size = Number(dynamic.tags.get(DT.strSize) ?? 0n);
    // Undefined symbols come before the hashed ones, so relocations may name more than the hash counts.
    return readSymbols(
      this.#read,
      at,
      Math.max(count, this.#highestSymbol(dynamic) + 1),
      strings,
      size,
    );
  }

  #highestSymbol(dynamic: Dynamic): number {
    let highest = 0;
    for (const table of this.#relocationTables(dynamic)) {
      for (const symbol of table.symbol) if (symbol > highest) highest = symbol;
    }
    return highest;
  }

  #addSymbols(table: ElfSymbols, isDynamic: boolean): void {
    const base = Number(this.#base);
    for (let index = 1; index < table.count; index += 1) {
      const kind = table.info[index]! & 15;
      const isDefined = table.section[index] !== SHN_UNDEF;
      if (!isDefined || (kind > STT_FUNC && kind !== STT_GNU_IFUNC)) continue;
      const rva = table.value[index]! - base;
      const name = table.nameAt[index]!;
      if (rva < 0 || name >= table.namesEnd || this.#read.file.bytes[name] === 0) continue;
      const flags =
        (kind === STT_FUNC || kind === STT_GNU_IFUNC ? SymbolFlag.function : 0) |
        (isDynamic && table.info[index]! >> 4 !== 0 ? SymbolFlag.exported : 0);
      this.#symbols.push(rva, table.size[index]!, flags, name, table.namesEnd);
    }
  }

  *#relocationTables(dynamic: Dynamic) {
    const { tags } = dynamic;
    const tables: [number, number, boolean][] = [
      [DT.rela, DT.relaSize, true],
      [DT.rel, DT.relSize, false],
      [DT.jmpRel, DT.pltRelSize, tags.get(DT.pltRel) === BigInt(DT.rela)],
    ];
    for (const [where, size, hasAddend] of tables) {
      const at = this.#offset(tags.get(where) ?? -1n);
      if (at !== undefined) {
        yield readRelocations(this.#read, at, Number(tags.get(size) ?? 0n), hasAddend);
      }
    }
  }

  /** Undefined symbols, and the slots that the loader fills with them. */
  #readImports(dynamic: Dynamic): void {
    const symbols = this.#dynamicSymbols(dynamic);
    if (symbols === undefined) return;
    const slots = SLOT_TYPES[this.#header.machine];
    const bound = new Set<number>();
    for (const table of this.#relocationTables(dynamic)) {
      for (let index = 0; index < table.count; index += 1) {
        const symbol = table.symbol[index]!;
        if (symbol === 0 || symbol >= symbols.count || !slots?.has(table.type[index]!)) continue;
        const name = symbols.nameOf(symbol);
        const slot = table.address[index]! - Number(this.#base);
        const isOwn = symbols.section[symbol] !== SHN_UNDEF;
        const own = isOwn ? { own: symbols.value[symbol]! - Number(this.#base) } : {};
        this.#imports.push({ name, library: undefined, slot, ...own });
        bound.add(symbol);
      }
    }
    for (let index = 1; index < symbols.count; index += 1) {
      if (symbols.section[index] !== SHN_UNDEF || bound.has(index)) continue;
      const name = symbols.nameOf(index);
      if (name !== '') this.#imports.push({ name, library: undefined, slot: undefined });
    }
  }

  #unwind(): FunctionRanges {
    const frame = this.#sections.find((section) => section.name === '.eh_frame');
    if (frame?.offset === undefined) return new RangeColumns();
    return readUnwindRanges(this.#read, frame.offset, frame.size, frame.rva);
  }

  #entries(dynamic: Dynamic | undefined): EntryPoint[] {
    const found: EntryPoint[] = [];
    const push = (va: bigint | undefined, what: EntryPoint['what']): void => {
      if (va === undefined || va === 0n || va === -1n) return;
      const rva = this.#rva(va);
      if (rva >= 0) found.push({ rva, what });
    };
    push(this.#header.entry, 'entry');
    push(dynamic?.tags.get(DT.init), 'init');
    push(dynamic?.tags.get(DT.fini), 'fini');
    for (const va of this.#initialisers(dynamic)) push(BigInt(va), 'init');
    return found;
  }

  #initialisers(dynamic: Dynamic | undefined): readonly number[] {
    if (dynamic === undefined) return [];
    const read = () =>
      initialisersOf(
        this.#read,
        this.#header.machine,
        dynamic,
        (va) => this.#offset(va),
        () => this.#relocationTables(dynamic),
      );
    return this.#try('initialisers', read) ?? [];
  }

  #globalOffsets(dynamic: Dynamic | undefined): number | undefined {
    const va = dynamic?.tags.get(DT.pltGot);
    return va === undefined ? undefined : this.#rva(va);
  }

  #buildId(): string | undefined {
    for (const segment of this.#header.segments) {
      if (segment.type !== PT_NOTE) continue;
      const id = buildIdIn(this.#read, segment.offset, segment.fileSize);
      if (id !== undefined) return id;
    }
    return undefined;
  }
}

/** EM_S390 and EM_ALPHA: their hash tables are of 64-bit words. */
const WIDE_HASH = new Set([22, 0x9026]);

function hasAddends({ tags }: Dynamic): boolean {
  return (tags.get(DT.relaSize) ?? 0n) > 0n && !tags.has(DT.relr);
}

function lowest(addresses: readonly bigint[]): bigint {
  let low = addresses[0] ?? 0n;
  for (const address of addresses) if (address < low) low = address;
  return low;
}
