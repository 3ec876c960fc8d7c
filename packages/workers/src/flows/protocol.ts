import type { FlowJob, ModuleReading, ModuleTask } from '@avow/examine';

/**
 * Frames between us and the child that follows a product's data. The child
 * gets the job without the modules' bytes, and asks for those that data
 * reaches; it waits for each answer.
 */
export const Ask = {
  /** Payload: a module's path. Answer: its bytes. */
  bytes: 1,
  /** Payload: a text. Answer: JSON, paths of the modules whose bytes hold it. */
  containing: 2,
  /** Payload: JSON of the result. No answer. */
  result: 3,
} as const;

/** The job as JSON: readings reduced to what following needs. */
export interface SentJob {
  readonly modules: readonly {
    readonly path: string;
    readonly digest: ModuleTask['digest'];
    readonly language: ModuleTask['language'];
    readonly goal: ModuleTask['goal'];
    readonly reading: ModuleReading;
  }[];
  readonly resolutions: FlowJob['resolutions'];
}

export function sentJob({ modules, tasks, resolutions }: FlowJob): SentJob {
  return {
    modules: modules.map(({ path, reading }) => {
      const { digest, language, goal } = tasks.get(path)!;
      const { state, features, imports } = reading;
      const needed = { state, features, imports, unknowns: [], exports: {}, uses: [], links: [] };
      return { path, digest, language, goal, reading: needed };
    }),
    resolutions,
  };
}
