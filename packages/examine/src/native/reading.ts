import type { Why } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { CapaReading } from '../capa/reading.ts';
import type { NativeTask, ReadingTask } from '../observe/reading.ts';
import type { When } from '../result.ts';

/** Kinds of modules that hold machine code or WebAssembly. */
export type NativeModuleKind = 'elf' | 'pe' | 'macho' | 'wasm';

export const NATIVE_KINDS: readonly NativeModuleKind[] = ['elf', 'pe', 'macho', 'wasm'];

export function isNativeTask<Task extends ReadingTask>(task: Task): task is Task & NativeTask {
  return (NATIVE_KINDS as readonly string[]).includes(task.language);
}

/**
 * What one native module says of itself. It depends on the bytes, engine and
 * rules alone. Addresses are lower-case hex, since a VA may pass 2^53.
 */
export interface NativeReading {
  readonly features: readonly NativeFeature[];
  readonly unknowns: readonly NativeUnknown[];
  /** Functions that scripts can call by name, and what they reach. */
  readonly exports: readonly NativeExport[];
  readonly flows: readonly NearFlow[];
  readonly summary: NativeSummary;
  /** What rules of someone else say of it, where there are some. */
  readonly capa?: CapaReading;
}

/** Where in a module: a virtual address, a function of WebAssembly or method of CIL and an offset, or all of a slice. */
export interface NativePlace {
  readonly kind: 'va' | 'wasm' | 'il' | 'all';
  /** `0x1a2f0`; for WebAssembly the byte offset from the module's start, for CIL from the method's. */
  readonly address?: string;
  /** Function index of WebAssembly, imports counted; token of a method of CIL. */
  readonly func?: number;
  /** `arm64`: the slice of a fat file. */
  readonly slice?: string;
}

export interface NativeFeature {
  readonly feature: FeatureId;
  readonly place: NativePlace;
  /** The call with the arguments that are known: `call getenv("HOME")`. */
  readonly evidence: string;
  readonly recipient?: string;
  readonly when: When;
  readonly rule: string;
  /** The function around it, by name or by the fingerprint of its code. */
  readonly within: readonly string[];
}

export interface NativeUnknown {
  readonly feature: FeatureId;
  readonly place: NativePlace;
  readonly why: Why;
}

/** A function that a `.node` file gives to scripts, with the features that it reaches. */
export interface NativeExport {
  readonly name: string;
  readonly place: NativePlace;
  /** Indices into the features, in order. */
  readonly reaches: readonly number[];
}

/**
 * A source and a destination in one function, or a few calls apart. That data
 * goes from one to the other is not shown.
 */
export interface NearFlow {
  /** Indices into the features. */
  readonly source: number;
  readonly destination: number;
  /** Calls between the two functions; 0 for the same function. */
  readonly distance: number;
}

export interface NativeSummary {
  readonly functions: number;
  readonly sites: number;
  /** Bytes of code that were swept. */
  readonly codeBytes: number;
}
