import { Refused } from '@avow/bytes';
import { readNative } from '@avow/formats/native';
import type { NativeModuleKind } from '../native/reading.ts';
import type { CompiledRules } from './match/compile.ts';
import { observeCapa } from './observe.ts';
import type { CapaReading } from './reading.ts';

const NOTHING: CapaReading = { matches: [], left: 0, functions: 0, instructions: 0, unknowns: [] };

/** What the rules say of a module, a fat file's slices one after another. Why a module cannot be read, its own reading says. */
export function observeCapaModule(
  bytes: Uint8Array,
  kind: NativeModuleKind,
  rules: CompiledRules,
): CapaReading {
  if (kind === 'wasm') {
    const message = `none of ${rules.tried.all} rules is tried on WebAssembly`;
    return { ...NOTHING, unknowns: [{ code: 'capa.machine', message }] };
  }
  try {
    const readings = readNative(bytes, kind).map(({ slice, image }) =>
      observeCapa(image, rules, slice === undefined ? {} : { slice }),
    );
    const sum = (of: (reading: CapaReading) => number): number =>
      readings.reduce((all, reading) => all + of(reading), 0);
    return {
      matches: readings.flatMap(({ matches }) => matches),
      left: sum(({ left }) => left),
      functions: sum(({ functions }) => functions),
      instructions: sum(({ instructions }) => instructions),
      unknowns: readings.flatMap(({ unknowns }) => unknowns),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return NOTHING;
  }
}
