import { Refused, type Why, why } from '@avow/bytes';
import { readNative } from '@avow/formats/native';
import type { Rules } from '../rules/compile.ts';
import { observeCil } from './cil.ts';
import { observeImage } from './image.ts';
import type { NativeExport, NativeModuleKind, NativeReading, NearFlow } from './reading.ts';
import { observeWasm } from './wasm.ts';

/** A native module's reading, and how far it was read. */
export interface ObservedNative {
  readonly state: 'read' | 'partly' | 'unread';
  readonly why?: Why;
  readonly native: NativeReading;
}

export const NOTHING_NATIVE: NativeReading = {
  features: [],
  unknowns: [],
  exports: [],
  flows: [],
  summary: { functions: 0, sites: 0, codeBytes: 0 },
};

/** Reads a module of machine code or WebAssembly. What it cannot read is a value, with its reason. */
export function observeNative(
  bytes: Uint8Array,
  kind: NativeModuleKind,
  rules: Rules,
): ObservedNative {
  try {
    return stated(kind === 'wasm' ? observeWasm(bytes, rules) : observeSlices(bytes, kind, rules));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { state: 'unread', why: why(error), native: NOTHING_NATIVE };
  }
}

function stated(native: NativeReading): ObservedNative {
  const reason = native.unknowns[0]?.why;
  if (reason === undefined) return { state: 'read', native };
  const isRead = native.summary.codeBytes > 0;
  return { state: isRead ? 'partly' : 'unread', why: reason, native };
}

/** The slices of a fat file one after another. */
function observeSlices(
  bytes: Uint8Array,
  kind: Exclude<NativeModuleKind, 'wasm'>,
  rules: Rules,
): NativeReading {
  const cil = kind === 'pe' ? observeCil(bytes, rules) : undefined;
  // What is all CIL has no machine code but a jump to the runtime.
  const slices = cil?.isPure === true ? [] : readNative(bytes, kind);
  const readings = slices.map(({ slice, image }) => observeImage(image, slice, rules));
  if (cil !== undefined) readings.push(cil.reading);
  const flows: NearFlow[] = [];
  const exports: NativeExport[] = [];
  let before = 0;
  for (const reading of readings) {
    for (const { source, destination, distance } of reading.flows) {
      flows.push({ source: source + before, destination: destination + before, distance });
    }
    for (const { reaches, ...rest } of reading.exports) {
      exports.push({ ...rest, reaches: reaches.map((index) => index + before) });
    }
    before += reading.features.length;
  }
  const sum = (of: (reading: NativeReading) => number): number =>
    readings.reduce((all, reading) => all + of(reading), 0);
  return {
    features: readings.flatMap((reading) => reading.features),
    unknowns: readings.flatMap((reading) => reading.unknowns),
    exports,
    flows,
    summary: {
      functions: sum(({ summary }) => summary.functions),
      sites: sum(({ summary }) => summary.sites),
      codeBytes: sum(({ summary }) => summary.codeBytes),
    },
  };
}
