import { indexOfBytes } from '@avow/bytes';
import { mayCall, mayConstruct } from '../observe/name-bits.ts';
import type { ModuleTask } from '../observe/reading.ts';
import type { FlowInput, FlowModule, ParsedScript } from './program.ts';
import { CALLED, Words } from './words.ts';

/**
 * All that following data depends on, as plain values: it can be sent to
 * another process and named by a digest.
 */
export interface FlowJob {
  readonly modules: readonly FlowModule[];
  /** By path: what a tree is made from when data gets there. */
  readonly tasks: ReadonlyMap<string, ModuleTask>;
  /** By path, then by specifier: the module of the product that an import names. */
  readonly resolutions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The job as input of the analysis, with every module at hand. */
export function inputOf(
  job: FlowJob,
  parse: (task: ModuleTask) => ParsedScript | undefined,
): FlowInput {
  return {
    modules: job.modules,
    parse: ({ path }) => parse(job.tasks.get(path)!),
    resolve: (from, specifier) => resolved(job.resolutions, from, specifier),
    modulesContaining: containing(job),
  };
}

export function resolved(
  resolutions: FlowJob['resolutions'],
  from: string,
  specifier: string,
): string | undefined {
  const own = Object.hasOwn(resolutions, from) ? resolutions[from] : undefined;
  return own !== undefined && Object.hasOwn(own, specifier) ? own[specifier] : undefined;
}

/**
 * Paths of the modules whose bytes hold a text, in the job's order; with
 * `CALLED` before it, of those that may hold it as a word, and may call it so
 * or construct something. Answers are remembered.
 */
export function containing({ tasks, modules }: FlowJob): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const words = new Map<string, Words>();
  const calledBy = new Map(modules.map(({ path, reading }) => [path, reading.called]));
  const mayUse = (path: string, name: string): boolean => {
    const called = calledBy.get(path);
    return called === undefined || mayConstruct(called) || mayCall(called, name);
  };
  const mayHold = (path: string, bytes: Uint8Array, name: string): boolean => {
    let held = words.get(path);
    if (held === undefined) words.set(path, (held = new Words(bytes)));
    return held.mayHold(name);
  };
  const find = (text: string): readonly string[] => {
    if (text.startsWith(CALLED)) {
      const name = text.slice(CALLED.length);
      return [...tasks].flatMap(([path, { bytes }]) => {
        return mayUse(path, name) && mayHold(path, bytes, name) ? [path] : [];
      });
    }
    const wanted = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    return [...tasks].flatMap(([path, { bytes }]) =>
      indexOfBytes(bytes, wanted) >= 0 ? [path] : [],
    );
  };
  return (text) => {
    let paths = known.get(text);
    if (paths === undefined) known.set(text, (paths = find(text)));
    return paths;
  };
}
