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
  let words: ReadonlyMap<string, Words> | undefined;
  const calledBy = new Map(modules.map(({ path, reading }) => [path, reading.called]));
  const mayUse = (path: string, name: string): boolean => {
    const called = calledBy.get(path);
    return called === undefined || mayConstruct(called) || mayCall(called, name);
  };
  const find = (text: string): readonly string[] => {
    if (text.startsWith(CALLED)) {
      const name = text.slice(CALLED.length);
      words ??= new Map([...tasks].map(([path, { bytes }]) => [path, new Words(bytes)]));
      return [...words].flatMap(([path, held]) => {
        return mayUse(path, name) && held.mayHold(name) ? [path] : [];
      });
    }
    const wanted = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    return [...tasks].flatMap(([path, { bytes }]) => (holds(bytes, wanted) ? [path] : []));
  };
  return (text) => {
    let paths = known.get(text);
    if (paths === undefined) known.set(text, (paths = find(text)));
    return paths;
  };
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first] = wanted;
  if (first === undefined) return false;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length += 1;
    if (length === wanted.length) return true;
  }
  return false;
}
