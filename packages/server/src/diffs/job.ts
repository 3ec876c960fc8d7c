import { type JobHandler, NoRetry } from '@avow/stores/jobs';
import { z } from 'zod';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import type { Config } from '../config/config.ts';

/** What a child is given to compare. */
export interface DiffTask {
  readonly config: Pick<Config, 'data' | 'database' | 'objects'>;
  readonly of: 'releases' | 'updates';
  readonly before: number;
  readonly after: number;
}

const DATA = z.object({
  of: z.enum(['releases', 'updates']),
  before: z.number(),
  after: z.number(),
});
const CHILD = programBeside(import.meta.url, 'child');
const LIMITS: RunLimits = { seconds: 300, memory: 3 * 1024 ** 3 };

/** Compares, and keeps what changed: asked for again, the same is kept. */
export function diffHandler(config: Config): JobHandler {
  return async (job, { signal, progress }) => {
    const { data, database, objects } = config;
    const task: DiffTask = { config: { data, database, objects }, ...DATA.parse(job.data) };
    const end = await runChild(CHILD, task, LIMITS, signal, (says) => void progress({ says }));
    if (end.state === 'done') return { result: end.result as { diff: string } };
    if (end.state === 'refused') throw new NoRetry(`${end.code}: ${end.message}`);
    throw new Error(end.why);
  };
}
