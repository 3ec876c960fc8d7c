import type { NativeCode, NativeImage } from '@avow/formats/native';
import { type CallGraph, registrarSymbols } from '../graph.ts';
import { AddonCode } from './events.ts';
import { isPropertyName } from './interface.ts';
import { type Registered, registeredIn } from './registered.ts';

/** Functions that one export is followed through: enough for any, and a bound on time. */
const MAX_REACHED = 8_000;

/** Calls from a function that runs at load to one that registers. */
const MAX_REGISTRARS = 3_000;

/** A property that scripts can use, and the functions that it comes to. */
export interface AddonExport {
  readonly name: string;
  /** RVA of the first function that stands for it. */
  readonly rva: number;
  /** Indices of functions that it may reach: called, or their addresses taken. */
  readonly reached: ReadonlySet<number>;
}

/** Whether a module gives functions to scripts at all. */
export function isAddon(image: NativeImage): boolean {
  if (image.imports.some(({ name }) => /^_?napi_|^_?_ZN2v8|@v8@@/.test(name))) return true;
  return registrarSymbols(image).length > 0;
}

/**
 * What a module of native code gives to scripts, in order of the name.
 *
 * @param loaded Functions that run when the module is loaded.
 */
export function addonExports(
  image: NativeImage,
  code: NativeCode,
  graph: CallGraph,
  loaded: ReadonlySet<number>,
): AddonExport[] {
  const addon = new AddonCode(image, code, graph);
  const registrars = new Set(addon.callers());
  for (const index of image.format === 'pe' ? withTables(addon, loaded) : loaded) {
    if (registrars.size >= MAX_REGISTRARS) break;
    registrars.add(index);
  }
  return registeredIn(
    addon,
    [...registrars].sort((a, b) => a - b),
  )
    .filter(({ name }) => isPropertyName(name))
    .map((registered) => followed(addon, registered));
}

/** Steps from the start of a Windows library to its constructors, which stand in a table. */
const MAX_STEPS = 4;

function withTables(addon: AddonCode, loaded: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(loaded);
  let edge = [...loaded];
  for (let step = 0; step < MAX_STEPS && all.size < MAX_REGISTRARS; step += 1) {
    const next = edge.flatMap((index) => addon.reachedFrom(index)).filter((one) => !all.has(one));
    for (const index of next) all.add(index);
    edge = [...new Set(next)];
  }
  return all;
}

function followed(addon: AddonCode, { name, functions }: Registered): AddonExport {
  const reached = new Set(functions);
  for (const index of reached) {
    if (reached.size >= MAX_REACHED) break;
    for (const next of addon.reachedFrom(index)) reached.add(next);
  }
  return { name, rva: addon.code.functions.start[functions[0]!]!, reached };
}
