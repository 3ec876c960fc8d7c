import { Refused } from '@avow/bytes';
import {
  readWasm,
  type WasmExport,
  type WasmModule,
  WasmReader,
  walkBody,
} from '@avow/formats/wasm';
import { readSignatures } from '../wasm/types.ts';
import { namesOf } from '../wasm/view.ts';
import { type Column, Growing, type ModuleTables, sortedPair } from './columns.ts';
import { named } from './native.ts';
import { StringColumns } from './strings.ts';
import { TextColumn } from './texts.ts';

const TYPE_SECTION = 1;
/** Sections and segments that are told: of more, the first. */
const MAX_LISTED = 1_000;
const MAX_REFERENCES = 8_000_000;

/** Names of sections by their number (Core 3.0, 5.5.2). */
const SECTIONS = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
];

/** Reads a WebAssembly module into tables; its addresses are offsets of the file. Refuses as `readWasm`. */
export function wasmTables(bytes: Uint8Array): ModuleTables {
  const module = readWasm(bytes);
  const strings = new StringColumns();
  for (const { offset, size } of module.data) strings.scan(bytes, offset, offset + size, 0);
  const text = strings.columns();
  const { sites, references, isCut } = callsOf(module);
  const columns: Record<string, Column> = {
    ...text,
    ...functionColumns(module),
    ...importColumns(module),
    ...exportColumns(module),
    ...sites,
    ...references,
  };
  return {
    columns,
    about: {
      kind: 'wasm',
      slices: [],
      machine: 'WebAssembly',
      architecture: 'wasm',
      bits: 32,
      base: '0',
      offset: 0,
      libraries: [...new Set(module.imports.map((one) => one.module))].slice(0, MAX_LISTED),
      facts: [],
      unread: module.unread
        .slice(0, MAX_LISTED)
        .map(({ what, code, message }) => ({ what, code, message })),
      sections: module.sections.slice(0, MAX_LISTED).map(({ id, name, offset, size }) => ({
        name: name === undefined ? (SECTIONS[id] ?? `section ${id}`) : `custom "${name}"`,
        rva: offset,
        size,
        offset,
        executable: id === 10,
        writable: false,
      })),
      ranges: [{ rva: 0, offset: 0, size: bytes.length, executable: true }],
      entries: startsOf(module),
      signatures: signaturesOf(module),
      importedFunctions: module.importedFunctions,
      data: module.data
        .slice(0, MAX_LISTED)
        .map(({ address, offset, size }) => ({ address: address ?? null, offset, size })),
      cut: { strings: strings.isCut, references: isCut },
    },
  };
}

function startsOf({ start, bodies, importedFunctions }: WasmModule) {
  const body = start === undefined ? undefined : bodies[start - importedFunctions];
  return body === undefined ? [] : [{ rva: body.offset, what: 'start' }];
}

function signaturesOf({ bytes, sections }: WasmModule): (string | null)[] {
  const section = sections.find(({ id }) => id === TYPE_SECTION);
  if (section === undefined) return [];
  const { offset, size } = section;
  try {
    const all = readSignatures(new WasmReader(bytes, offset, offset + size));
    return Array.from(all, (one) => one ?? null);
  } catch (error) {
    // What is broken in it is told by the module's own reading.
    if (error instanceof Refused) return [];
    throw error;
  }
}

function functionColumns(module: WasmModule): Record<string, Column> {
  const { bodies, importedFunctions, functionTypes } = module;
  const nameOf = namesOf(module);
  const names = new TextColumn();
  const isNamed = (func: number): boolean => nameOf(func) !== `function ${func}`;
  const [starts, code, ends, types] = [new Growing(), new Growing(), new Growing(), new Growing()];
  bodies.forEach((body, index) => {
    const func = importedFunctions + index;
    starts.push(body.offset);
    code.push(body.codeAt);
    ends.push(body.end);
    types.push(functionTypes[func] ?? -1);
    names.push(isNamed(func) ? nameOf(func) : '');
  });
  return {
    'function.start': starts.done(),
    'function.code': code.done(),
    'function.end': ends.done(),
    'function.type': types.done(),
    ...named('function.name', names),
  };
}

function importColumns({ imports, functionTypes }: WasmModule): Record<string, Column> {
  const names = new TextColumn();
  const modules = new TextColumn();
  const kinds = new TextColumn();
  const indices = new Growing();
  const types = new Growing();
  for (const { module, name, kind, index } of imports) {
    names.push(name);
    modules.push(module);
    kinds.push(kind);
    indices.push(index);
    types.push(kind === 'function' ? (functionTypes[index] ?? -1) : -1);
  }
  return {
    ...named('import.name', names),
    ...named('import.library', modules),
    ...named('import.kind', kinds),
    'import.slot': indices.done(),
    'import.type': types.done(),
  };
}

function exportColumns({ exports, bodies, importedFunctions }: WasmModule): Record<string, Column> {
  const names = new TextColumn();
  const to = new TextColumn();
  const rvas = new Growing();
  const saidOf = ({ kind, index }: WasmExport): string => `${kind} ${index}`;
  for (const one of exports) {
    names.push(one.name);
    to.push(saidOf(one));
    const body = one.kind === 'function' ? bodies[one.index - importedFunctions] : undefined;
    rvas.push(body?.offset ?? -1);
  }
  return { ...named('export.name', names), ...named('export.to', to), 'export.rva': rvas.done() };
}

/** Calls of imported functions are sites, other calls and references are references to where a body begins. */
function callsOf({ bytes, bodies, importedFunctions, imports }: WasmModule): {
  readonly sites: Record<string, Column>;
  readonly references: Record<string, Column>;
  readonly isCut: boolean;
} {
  // Functions are numbered among all imports in the table of imports.
  const rows = imports.flatMap(({ kind }, row) => (kind === 'function' ? row : []));
  const [siteAt, siteTarget, to, from] = [
    new Growing(),
    new Growing(),
    new Growing(),
    new Growing(),
  ];
  for (const body of bodies) {
    if (to.count + siteAt.count > MAX_REFERENCES) break;
    const refer = (at: number, func: number): void => {
      if (func < importedFunctions) {
        siteAt.push(at);
        siteTarget.push(rows[func]!);
        return;
      }
      const target = bodies[func - importedFunctions];
      if (target === undefined) return;
      from.push(at);
      to.push(target.offset);
    };
    try {
      walkBody(bytes, body, { call: refer, indirect: () => {}, constant: () => {} });
    } catch (error) {
      // Its text says where it ends; the others are walked all the same.
      if (!(error instanceof Refused)) throw error;
    }
  }
  const [rva, target] = sortedPair(siteAt.done(), siteTarget.done());
  const [sortedTo, sortedFrom] = sortedPair(to.done(), from.done());
  return {
    sites: { 'site.rva': rva, 'site.target': target },
    references: { 'reference.to': sortedTo, 'reference.from': sortedFrom },
    isCut: to.count + siteAt.count > MAX_REFERENCES,
  };
}
