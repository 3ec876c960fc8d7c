import {
  type Functions,
  type NativeCode,
  type NativeImage,
  type NativeSlice,
  nativeKindOf,
  ReferenceKind,
  readNative,
  SymbolFlag,
  sweepCode,
  textAt,
  visitReferences,
} from '@avow/formats/native';
import { nameOf } from '../native/place.ts';
import {
  type AboutRange,
  type Column,
  Growing,
  lastAtOrBelow,
  type ModuleAbout,
  type ModuleTables,
  sortedPair,
} from './columns.ts';
import { StringColumns } from './strings.ts';
import { TextColumn } from './texts.ts';

/** References beyond this are not kept: node has 3 million. */
const MAX_REFERENCES = 8_000_000;

/** Reads a module of machine code into tables; `slice` names one of a fat file's. Refuses as its reader does. */
export function nativeTables(bytes: Uint8Array, slice: string | undefined): ModuleTables {
  const slices = readNative(bytes, nativeKindOf(bytes)!);
  const found = slices.find((one) => one.slice !== undefined && one.slice === slice);
  const one = found ?? (slices.length === 1 ? slices[0] : undefined);
  if (one === undefined) return fatTables(slices);
  return sliceTables(one);
}

/** What is told of a file with slices: their names, to choose from. */
function fatTables(slices: readonly NativeSlice[]): ModuleTables {
  const names = slices.flatMap(({ slice }) => slice ?? []);
  const about: ModuleAbout = {
    ...EMPTY,
    slices: names,
    machine: slices.map(({ image }) => image.machine).join(', '),
  };
  return { about, columns: {} };
}

const EMPTY: ModuleAbout = {
  kind: 'macho',
  slices: [],
  machine: '',
  architecture: 'other',
  bits: 64,
  base: '0',
  offset: 0,
  libraries: [],
  facts: [],
  unread: [],
  sections: [],
  ranges: [],
  entries: [],
  signatures: [],
  importedFunctions: 0,
  data: [],
  cut: { strings: false, references: false },
};

function sliceTables({ image, offset }: NativeSlice): ModuleTables {
  const code = sweepCode(image);
  const strings = stringsOf(image);
  const text = strings.columns();
  const references = referencesOf(
    image,
    code,
    text['string.rva'] as Float64Array,
    text['string.size'] as Float64Array,
  );
  const columns: Record<string, Column> = {
    ...text,
    ...functionColumns(code.functions),
    ...symbolColumns(image),
    ...importColumns(image),
    ...exportColumns(image),
    ...siteColumns(code, image.imports.length),
    'reference.to': references.to,
    'reference.from': references.from,
    ...shortColumns(image, references.others),
  };
  return { about: aboutOf(image, offset, strings.isCut, references.isCut), columns };
}

function aboutOf(
  image: NativeImage,
  offset: number,
  isCutStrings: boolean,
  isCutReferences: boolean,
): ModuleAbout {
  const { format, machine, architecture, bits, base, buildId, libraries, facts, unread } = image;
  return {
    ...EMPTY,
    kind: format,
    machine,
    architecture,
    bits,
    base: base.toString(16),
    offset,
    ...(buildId === undefined ? {} : { buildId }),
    libraries: libraries.slice(0, MAX_LISTED),
    facts: facts.slice(0, MAX_LISTED),
    unread: unread.slice(0, MAX_LISTED).map(({ what, code, message }) => ({ what, code, message })),
    sections: image.sections.slice(0, MAX_LISTED).map((one) => ({
      name: one.name,
      rva: one.rva,
      size: one.size,
      offset: one.offset ?? null,
      executable: one.executable,
      writable: one.writable,
    })),
    ranges: rangesOf(image),
    entries: image.entryPoints.filter(({ what }) => what !== 'export').slice(0, MAX_LISTED),
    cut: { strings: isCutStrings, references: isCutReferences },
  };
}

/** Sections, libraries and facts that are told: of more, the first. */
const MAX_LISTED = 1_000;

function rangesOf({ ranges }: NativeImage): AboutRange[] {
  return ranges
    .filter(({ fileSize }) => fileSize > 0)
    .slice(0, MAX_LISTED)
    .map(({ rva, offset, fileSize, executable }) => ({ rva, offset, size: fileSize, executable }));
}

/** Texts of what is mapped and no code; names of symbols are in tables of their own. */
function stringsOf(image: NativeImage): StringColumns {
  const strings = new StringColumns();
  const skipped = image.sections
    .filter(
      ({ name, executable, offset }) => offset !== undefined && (executable || NAMES.test(name)),
    )
    .map(({ offset, size }) => [offset!, offset! + size] as const)
    .sort((a, b) => a[0] - b[0]);
  const hasSections = image.sections.some(({ executable }) => executable);
  let done = 0;
  for (const range of image.ranges.toSorted((a, b) => a.offset - b.offset)) {
    if (range.executable && !hasSections) continue;
    const end = Math.min(range.offset + range.fileSize, image.bytes.length);
    // No byte is read twice, however many ranges a hostile file lays over it.
    let at = Math.max(range.offset, done);
    const toRva = range.rva - range.offset;
    for (const [from, to] of skipped) {
      if (to <= at || from >= end) continue;
      strings.scan(image.bytes, at, Math.max(at, from), toRva);
      at = Math.max(at, to);
    }
    if (at < end) strings.scan(image.bytes, at, end, toRva);
    done = Math.max(done, end);
  }
  return strings;
}

const NAMES = /^\.(?:dynstr|strtab|shstrtab)$/;

function functionColumns({ start, end, symbol }: Functions): Record<string, Column> {
  return { 'function.start': start, 'function.end': end, 'function.symbol': symbol };
}

function symbolColumns(image: NativeImage): Record<string, Column> {
  const names = new TextColumn();
  const { count, rva, flags } = image.symbols;
  for (let index = 0; index < count; index += 1) names.push(nameOf(image, index) ?? '');
  const { bytes, ends } = names.done();
  return {
    'symbol.rva': rva.subarray(0, count),
    'symbol.flags': flags.subarray(0, count),
    'symbol.name': bytes,
    'symbol.name.ends': ends,
  };
}

function importColumns({ imports }: NativeImage): Record<string, Column> {
  const names = new TextColumn();
  const libraries = new TextColumn();
  const slots = new Growing();
  for (const { name, library, slot } of imports) {
    names.push(name);
    libraries.push(library ?? '');
    slots.push(slot ?? -1);
  }
  return {
    ...named('import.name', names),
    ...named('import.library', libraries),
    'import.slot': slots.done(),
  };
}

/** Exported symbols in order of address, then what is passed on to other libraries. */
function exportColumns(image: NativeImage): Record<string, Column> {
  const { symbols, forwards = [] } = image;
  const names = new TextColumn();
  const to = new TextColumn();
  const rvas = new Growing();
  for (let index = 0; index < symbols.count; index += 1) {
    if ((symbols.flags[index]! & SymbolFlag.exported) === 0) continue;
    names.push(nameOf(image, index) ?? '');
    to.push('');
    rvas.push(symbols.rva[index]!);
  }
  for (const forward of forwards) {
    names.push(forward.name);
    to.push(forward.to);
    rvas.push(-1);
  }
  return { ...named('export.name', names), ...named('export.to', to), 'export.rva': rvas.done() };
}

export function named(name: string, column: TextColumn): Record<string, Column> {
  const { bytes, ends } = column.done();
  return { [name]: bytes, [`${name}.ends`]: ends };
}

/** Where imports and the system are reached, in order of address; the target is -1 for the system. */
function siteColumns({ sites }: NativeCode, imports: number): Record<string, Column> {
  const rvas = new Growing();
  const targets = new Growing();
  for (let site = 0; site < sites.count; site += 1) {
    if (sites.target[site]! >= imports) continue;
    rvas.push(sites.rva[site]!);
    targets.push(sites.target[site]!);
  }
  const [rva, target] = sortedPair(rvas.done(), targets.done());
  return { 'site.rva': rva, 'site.target': target };
}

/** Texts too short to be believed by themselves, at addresses that code computes: `sh`, `-c`. */
function shortColumns(image: NativeImage, addresses: Float64Array): Record<string, Column> {
  const texts = new TextColumn();
  const rvas = new Growing();
  let last = -1;
  for (const rva of addresses.toSorted()) {
    if (rva === last) continue;
    last = rva;
    const text = textAt(image, rva);
    if (text === undefined) continue;
    rvas.push(rva);
    texts.push(text);
  }
  return { 'short.rva': rvas.done(), ...named('short.text', texts) };
}

/** Which code refers to which function or text, in order of what is referred to. */
function referencesOf(
  image: NativeImage,
  code: NativeCode,
  texts: Float64Array,
  sizes: Float64Array,
): { to: Float64Array; from: Float64Array; others: Float64Array; isCut: boolean } {
  const { functions, calls } = code;
  const to = new Growing();
  const from = new Growing();
  const others = new Growing();
  const push = (source: number, target: number): void => {
    if (to.count === MAX_REFERENCES) return;
    to.push(target);
    from.push(source);
  };
  for (let call = 0; call < calls.count; call += 1) push(calls.from[call]!, calls.to[call]!);
  const starts = functions.start;
  const base = Number(image.base);
  // Those in order of address are found by halving; a slice of a broken file may have them otherwise.
  const isText = (rva: number): boolean => {
    const index = lastAtOrBelow(texts, rva);
    return index >= 0 && rva < texts[index]! + sizes[index]!;
  };
  for (let index = 0; index < functions.count; index += 1) {
    visitReferences(image, starts[index]!, functions.end[index]!, (rva, kind, target) => {
      if (kind === ReferenceKind.call) return;
      if (kind === ReferenceKind.constant) {
        // A number is an address where the image has one of its own and a text begins there.
        const at = lastAtOrBelow(texts, target - base);
        if (base > 0 && at >= 0 && texts[at] === target - base) push(rva, target - base);
        return;
      }
      const own = lastAtOrBelow(starts, target);
      if ((own >= 0 && starts[own] === target) || isText(target)) push(rva, target);
      else if (kind === ReferenceKind.address) others.push(target);
    });
    if (to.count === MAX_REFERENCES) break;
  }
  const [sortedTo, sortedFrom] = sortedPair(to.done(), from.done());
  return {
    to: sortedTo,
    from: sortedFrom,
    others: others.done(),
    isCut: to.count === MAX_REFERENCES,
  };
}
