import { Refused, why } from '@avow/bytes';
import type { Unread } from '../native/image.ts';
import { WasmReader } from './reader.ts';
import { readTypes, skipValueType, type WasmType } from './types.ts';

/**
 * A WebAssembly module (Core 3.0, 5.5): what it imports, exports, holds as
 * data, and where each function's code is. Function indices count imported
 * functions first. The header and section frames must be right or it is
 * refused; a section that is broken is listed in `unread`.
 */
export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly sections: readonly WasmSection[];
  readonly imports: readonly WasmImport[];
  readonly exports: readonly WasmExport[];
  /** Function bodies, in order; body `n` is function `importedFunctions + n`. */
  readonly bodies: readonly WasmBody[];
  readonly importedFunctions: number;
  /** Type index of each function, imported ones first. */
  readonly functionTypes: readonly number[];
  /** By type index; undefined for structures and arrays. */
  readonly types: readonly (WasmType | undefined)[];
  readonly data: readonly WasmData[];
  /** Function index run at instantiation. */
  readonly start: number | undefined;
  /** Names of functions by index, from the name section. */
  readonly names: ReadonlyMap<number, string>;
  readonly unread: readonly Unread[];
}

export interface WasmSection {
  readonly id: number;
  /** Of a custom section. */
  readonly name: string | undefined;
  readonly offset: number;
  readonly size: number;
}

export type WasmKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

export interface WasmImport {
  readonly module: string;
  readonly name: string;
  readonly kind: WasmKind;
  /** Index among its kind. */
  readonly index: number;
}

export interface WasmExport {
  readonly name: string;
  readonly kind: WasmKind;
  readonly index: number;
}

/** Code of one function: `offset` at its local declarations, `codeAt` at its first instruction. */
export interface WasmBody {
  readonly offset: number;
  readonly codeAt: number;
  readonly end: number;
}

export interface WasmData {
  /** Address in memory where it is constant; undefined for passive segments and computed ones. */
  readonly address: number | undefined;
  readonly offset: number;
  readonly size: number;
}

const KINDS: readonly WasmKind[] = ['function', 'table', 'memory', 'global', 'tag'];
const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  export: 7,
  start: 8,
  code: 10,
  data: 11,
} as const;
/** More sections than any toolchain writes. */
const MAX_SECTIONS = 10_000;

/** Refuses `wasm.magic`, `wasm.version`, `wasm.sections`, `wasm.truncated`, `wasm.leb`. */
export function readWasm(bytes: Uint8Array): WasmModule {
  const sections = readSections(bytes);
  const unread: Unread[] = [];
  const attempt = <Value>(
    what: string,
    id: number,
    fallback: Value,
    read: (section: WasmReader) => Value,
  ): Value => {
    const section = sections.find((one) => one.id === id);
    if (section === undefined) return fallback;
    try {
      return read(new WasmReader(bytes, section.offset, section.offset + section.size));
    } catch (error) {
      const { code, message } = why(error);
      unread.push({ what, code, message, offset: (error as Refused).at });
      return fallback;
    }
  };
  const imported = attempt('imports', SECTION.import, { imports: [], types: [] }, readImports);
  const declared = attempt('functions', SECTION.function, [], (section) =>
    Array.from({ length: section.count() }, () => section.u32()),
  );
  return {
    bytes,
    sections,
    imports: imported.imports,
    exports: attempt('exports', SECTION.export, [], readExports),
    bodies: attempt('code', SECTION.code, [], readBodies),
    importedFunctions: imported.types.length,
    functionTypes: [...imported.types, ...declared],
    types: attempt('types', SECTION.type, [], readTypes),
    data: attempt('data', SECTION.data, [], readData),
    start: attempt('start', SECTION.start, undefined, (section) => section.u32()),
    names: readNames(bytes, sections, unread),
    unread,
  };
}

function readSections(bytes: Uint8Array): WasmSection[] {
  const file = new WasmReader(bytes);
  if (
    bytes.length < 8 ||
    bytes[0] !== 0 ||
    bytes[1] !== 0x61 ||
    bytes[2] !== 0x73 ||
    bytes[3] !== 0x6d
  ) {
    throw new Refused('wasm.magic', 0, 'not \\0asm');
  }
  const version = bytes[4]! | (bytes[5]! << 8) | (bytes[6]! << 16) | (bytes[7]! << 24);
  // 0x1000d is the component model's, another format in the same envelope.
  if (version !== 1)
    throw new Refused('wasm.version', 4, `version 0x${(version >>> 0).toString(16)}`);
  file.at = 8;
  const sections: WasmSection[] = [];
  while (!file.isDone) {
    if (sections.length > MAX_SECTIONS)
      throw new Refused('wasm.sections', file.at, 'too many sections');
    const id = file.u8();
    const size = file.u32();
    const offset = file.at;
    file.skip(size);
    const name =
      id === SECTION.custom ? new WasmReader(bytes, offset, offset + size).name() : undefined;
    sections.push({ id, name, offset, size });
  }
  return sections;
}

function readImports(section: WasmReader): { imports: WasmImport[]; types: number[] } {
  const imports: WasmImport[] = [];
  const types: number[] = [];
  const counts = new Map<WasmKind, number>();
  const count = section.count(4);
  for (let index = 0; index < count; index += 1) {
    const module = section.name();
    const name = section.name();
    const kind = kindAt(section);
    switch (kind) {
      case 'function':
        types.push(section.u32());
        break;
      case 'table':
        skipValueType(section);
        skipLimits(section);
        break;
      case 'memory':
        skipLimits(section);
        break;
      case 'global':
        skipValueType(section);
        section.u8();
        break;
      case 'tag':
        section.u8();
        section.u32();
        break;
      default:
        kind satisfies never;
    }
    const order = counts.get(kind) ?? 0;
    counts.set(kind, order + 1);
    imports.push({ module, name, kind, index: order });
  }
  return { imports, types };
}

function kindAt(section: WasmReader): WasmKind {
  const at = section.at;
  const byte = section.u8();
  const kind = KINDS[byte];
  if (kind === undefined) throw new Refused('wasm.kind', at, `kind ${byte}`);
  return kind;
}

function skipLimits(section: WasmReader): void {
  const flags = section.u8();
  section.skipLeb();
  if ((flags & 1) !== 0) section.skipLeb();
  if ((flags & 8) !== 0) section.skipLeb();
}

function readExports(section: WasmReader): WasmExport[] {
  return Array.from({ length: section.count(3) }, () => ({
    name: section.name(),
    kind: kindAt(section),
    index: section.u32(),
  }));
}

function readBodies(section: WasmReader): WasmBody[] {
  return Array.from({ length: section.count(2) }, () => {
    const size = section.u32();
    const offset = section.at;
    section.skip(size);
    const locals = new WasmReader(section.bytes, offset, offset + size);
    const groups = locals.count(2);
    for (let group = 0; group < groups; group += 1) {
      locals.skipLeb();
      skipValueType(locals);
    }
    return { offset, codeAt: locals.at, end: offset + size };
  });
}

function readData(section: WasmReader): WasmData[] {
  return Array.from({ length: section.count(2) }, () => {
    const flags = section.u32();
    if (flags === 2) section.u32();
    const address = flags === 1 ? undefined : constantAddress(section);
    const size = section.u32();
    const offset = section.at;
    section.skip(size);
    return { address, offset, size };
  });
}

/** The value of `i32.const n end` or `i64.const n end`; undefined for what the runtime decides. */
function constantAddress(section: WasmReader): number | undefined {
  const opcode = section.u8();
  if (opcode === 0x41 || opcode === 0x42) {
    const value = section.s64();
    if (section.u8() === 0x0b) return opcode === 0x41 ? value >>> 0 : value;
    throw new Refused('wasm.data', section.at, 'an address of more than one constant');
  }
  if (opcode === 0x23) {
    section.u32();
    if (section.u8() === 0x0b) return undefined;
  }
  throw new Refused('wasm.data', section.at, `an address by opcode 0x${opcode.toString(16)}`);
}

/** Function names of the name section (Core 3.0, appendix "Name Section"). */
function readNames(
  bytes: Uint8Array,
  sections: readonly WasmSection[],
  unread: Unread[],
): Map<number, string> {
  const names = new Map<number, string>();
  const section = sections.find((one) => one.name === 'name');
  if (section === undefined) return names;
  try {
    const reader = new WasmReader(bytes, section.offset, section.offset + section.size);
    reader.name();
    while (!reader.isDone) {
      const id = reader.u8();
      const size = reader.u32();
      const next = reader.at + size;
      if (id === 1) {
        const count = reader.count(2);
        for (let index = 0; index < count; index += 1) names.set(reader.u32(), reader.name());
      }
      reader.skip(Math.max(0, next - reader.at));
    }
  } catch (error) {
    const { code, message } = why(error);
    unread.push({ what: 'names', code, message, offset: (error as Refused).at });
  }
  return names;
}
