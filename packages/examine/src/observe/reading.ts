import type { Digest, Why } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { NativeModuleKind, NativeReading } from '../native/reading.ts';
import type { When } from '../result.ts';

/** What a worker is given: one module's bytes and how to take them. */
export interface ModuleTask {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly language: ScriptLanguage;
  readonly goal: ScriptGoal;
  /** Whether uses of other files are told each at its place (`links`), and not once each (`uses`). */
  readonly withLinks?: boolean;
  /** What calls in other files give to its exports, where that is looked for. */
  readonly given?: GivenCalls;
}

/** By export (`exported.ts`) and path into its arguments (`0`, `1.url`): the texts that its calls give, `…` for what is not known. */
export type GivenCalls = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The same for a module of machine code or WebAssembly. */
export interface NativeTask extends Omit<ModuleTask, 'language'> {
  readonly language: NativeModuleKind;
}

/** What `readModules` is given. */
export type ReadingTask = ModuleTask | NativeTask;

export type ScriptLanguage = 'js' | 'ts' | 'jsx' | 'tsx' | 'dts' | 'html' | 'vue' | 'svelte';

/** `unknown`: module if it parses as one with imports or exports, else script. */
export type ScriptGoal = 'module' | 'commonjs' | 'script' | 'unknown';

/** A place in a module: offsets in UTF-16 code units, line and column from 1. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/**
 * All that one module says of itself. It depends on the bytes, language, goal,
 * engine, rules and what its exports are given alone, never on the path, so it
 * is cached by those.
 */
export interface ModuleReading {
  readonly state: 'read' | 'partly' | 'unread';
  readonly why?: Why;
  readonly features: readonly ModuleFeature[];
  readonly unknowns: readonly ModuleUnknown[];
  /** Modules that this one names: relative, packages, built-ins; computed ones are unknowns or `code.load`. */
  readonly imports: readonly ModuleImport[];
  /** What each export stands for, where it is a symbol: `run` → `node:child_process.exec`. */
  readonly exports: Readonly<Record<string, string>>;
  /**
   * Uses of what other files of the product export, each once, as `usedAs` writes
   * them. What few of them come to is decided when modules are linked; a module
   * with such is read once more for its `links`.
   */
  readonly uses: readonly string[];
  /** All of these uses with their places, where the task asks for them. */
  readonly links: readonly ModuleLink[];
  /** What its calls and those of its exports come to: of scripts that are a module of their own. */
  readonly runs?: ModuleRuns;
  /** Names that it calls (`called.ts`), where they can be told: of scripts that are a module of their own. */
  readonly called?: string;
  /** Of machine code and WebAssembly, whose places are addresses; the lists above are empty then. */
  readonly native?: NativeReading;
}

/** By what a script's exports are called (`exported.ts`): what their call comes to. */
export interface ModuleRuns {
  /** Exports of other files that are called when the script loads: `./util#fetchIt`. */
  readonly loads: readonly string[];
  /** Features that wait for a call, by their numbers in the reading. */
  readonly features: Readonly<Record<string, readonly number[]>>;
  /** Modules that are imported then, by their numbers in the reading. */
  readonly imports: Readonly<Record<string, readonly number[]>>;
  /** Links, where they were asked for. */
  readonly links: Readonly<Record<string, readonly number[]>>;
  /** Exports of other files that are called then. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
}

export interface ModuleFeature {
  readonly feature: FeatureId;
  readonly place: Place;
  /** The code, shortened to one line, constants folded in. */
  readonly evidence: string;
  readonly recipient?: string;
  /** `load` or `call`; `install` is found when modules are linked. */
  readonly when: When;
  /** It waits for a call, and VS Code's call of `activate` comes to it. */
  readonly isInActivate?: true;
  readonly rule: string;
  /** Names of the functions around it, outermost first, `` for nameless: part of the feature's identity. */
  readonly within: readonly string[];
}

export interface ModuleUnknown {
  readonly feature: FeatureId;
  readonly place: Place;
  readonly why: Why;
}

export interface ModuleImport {
  readonly specifier: string;
  readonly place: Place;
  readonly how: 'import' | 'require' | 'dynamic' | 'reexport' | 'worker' | 'fork' | 'script';
  /** Acts when the importing module loads, or only when a function is called. */
  readonly when: When;
}

/** A use of another file's export as one text: `call ./util#fetchIt`. */
export function usedAs(use: ModuleLink['use'], symbol: string): string {
  return `${use} ${symbol}`;
}

/** The same taken apart. */
export function usedIn(text: string): Pick<ModuleLink, 'use' | 'symbol'> {
  const blank = text.indexOf(' ');
  return { use: text.slice(0, blank) as ModuleLink['use'], symbol: text.slice(blank + 1) };
}

/** A call, read or write of `symbol`, whose root is another file of the product: `./util#fetchIt`. */
export interface ModuleLink {
  readonly symbol: string;
  readonly use: 'call' | 'read' | 'write';
  readonly place: Place;
  readonly evidence: string;
  /** Folded arguments by `ArgumentPath`, for the rules' conditions and recipients. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly when: When;
  /** As of a feature. */
  readonly isInActivate?: true;
  readonly within: readonly string[];
}
