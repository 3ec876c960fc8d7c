import type { Json } from '@avow/log';
import type { Transaction } from 'kysely';
import { DEFAULT_KIND, type Job, type JobKinds, type JobQueue } from './queue.ts';

/** What a job came to. */
export interface Outcome {
  readonly result?: Json;
  /** Written in the transaction that ends the job, so it happens once though the job ran twice. */
  readonly effect?: <Tables>(tables: Transaction<Tables>) => Promise<void>;
}

export interface JobContext {
  /** Aborted when the job is cancelled, or was taken for dead and given to another. */
  readonly signal: AbortSignal;
  /** Tells who waits; also a sign of life. */
  progress(progress: Json): Promise<void>;
}

export type JobHandler = (job: Job, context: JobContext) => Promise<Outcome>;

/** Thrown by a handler when trying again is of no use. */
export class NoRetry extends Error {
  override readonly name = 'NoRetry';
}

export interface WorkOptions {
  /** As the queue was opened with. */
  readonly kinds: JobKinds;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Jobs at once in this process. */
  readonly atOnce: number;
  /** Once aborted nothing more is begun; it returns when what is under way has ended. */
  readonly signal: AbortSignal;
  /** The queue could not be asked, or told; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Looks for jobs at least so often: notices can be missed, and a job's time comes without one. */
const IDLE_MS = 1_000;
/** Signs of life in the time after which a worker is taken for dead. */
const BEATS = 3;

/** Does jobs of a queue until it is told to stop. */
export async function work(queue: JobQueue, options: WorkOptions): Promise<void> {
  const { atOnce, handlers, signal, onTrouble } = options;
  const running = new Set<Promise<void>>();
  const kinds = Object.keys(handlers);
  while (!signal.aborted) {
    try {
      const jobs = await queue.claim(kinds, atOnce - running.size);
      for (const job of jobs) {
        const one = run(queue, job, options).catch(onTrouble);
        running.add(one);
        void one.then(() => running.delete(one));
      }
      // No kind goes first for ever.
      kinds.push(kinds.shift()!);
      if (jobs.length === 0) await queue.whenChanged(IDLE_MS, signal);
    } catch (error) {
      onTrouble(error);
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
    if (running.size >= atOnce) await Promise.race(running);
  }
  await Promise.all(running);
}

async function run(
  queue: JobQueue,
  job: Job,
  { kinds, handlers, onTrouble }: WorkOptions,
): Promise<void> {
  const stopping = new AbortController();
  const beat = async (progress?: Json): Promise<void> => {
    try {
      if (!(await queue.heartbeat(job, progress))) stopping.abort();
    } catch (error) {
      onTrouble(error);
    }
  };
  const leaseSeconds = kinds[job.kind]?.leaseSeconds ?? DEFAULT_KIND.leaseSeconds;
  const heart = setInterval(beat, (leaseSeconds * 1_000) / BEATS);
  try {
    const context = { signal: stopping.signal, progress: beat };
    const { result, effect } = await handlers[job.kind]!(job, context);
    await queue.complete(job, result, effect);
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    await queue.fail(job, why, error instanceof NoRetry);
  } finally {
    clearInterval(heart);
  }
}
