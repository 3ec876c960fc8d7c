import { Refused } from '@avow/bytes';
import { readWasm, type WasmBody, type WasmModule } from '@avow/formats/wasm';
import { type Place, printPlace } from '@avow/locator';
import { type WasmLine, wasmText } from './text.ts';

/** A function of WebAssembly with the instructions around a place in it. */
export interface WasmView {
  readonly name: string;
  readonly body: WasmBody;
  /** Offset of the place in the module, in bytes. */
  readonly at: number;
  readonly lines: readonly (WasmLine & { readonly isPlace: boolean; readonly calls?: string })[];
}

/**
 * A function of WebAssembly, or an instruction in it: its name, where its code
 * is, the text around the place.
 *
 * Refuses `locate.outside` for a function or offset that the module does not have.
 */
export function wasmView(
  place: Extract<Place, { kind: 'wasm' }>,
  bytes: Uint8Array,
  context: number,
): WasmView {
  const module = readWasm(bytes);
  const body = module.bodies[place.func - module.importedFunctions];
  const at = Number(place.offset ?? body?.codeAt ?? -1);
  if (body === undefined || at < body.offset || at >= body.end) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no code at ${printPlace(place)}`,
    );
  }
  const code = { bytes, base: 0, end: body.end };
  const { lines } = wasmText(code, { at: body.codeAt, depth: 0 }, Number.POSITIVE_INFINITY);
  const nameOf = namesOf(module);
  const index = lines.findLastIndex((line) => line.at <= at);
  return {
    name: nameOf(place.func),
    body,
    at,
    lines: lines.slice(Math.max(0, index - context), index + context + 1).map((line) => ({
      ...line,
      isPlace: line === lines[index],
      ...(line.func === undefined ? {} : { calls: nameOf(line.func) }),
    })),
  };
}

/** A function's name by its index: of its import, of the name section, of an export, or none. */
export function namesOf(module: WasmModule): (func: number) => string {
  const imported = module.imports.filter(({ kind }) => kind === 'function');
  const exported = new Map<number, string>();
  for (const { kind, index, name } of module.exports) {
    if (kind === 'function' && !exported.has(index)) exported.set(index, name);
  }
  return (func) => {
    const from = imported[func];
    if (from !== undefined) return `${from.module}.${from.name}`;
    return module.names.get(func) ?? exported.get(func) ?? `function ${func}`;
  };
}
