import type { Job, JobQueue } from '@avow/stores/jobs';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import type { Loaded } from '../app/call.ts';
import type { Followers, SentEvent } from '../app/events.ts';
import { given } from '../catalogue/shown.ts';
import { type job as jobShape, jobs } from '../contract/jobs.ts';
import { askFor } from '../examinations/ask.ts';

export interface JobPorts {
  readonly jobs: JobQueue;
  readonly followers: Followers;
  readonly now: () => number;
}

/** Work under way, for whoever asked for it. */
export function answerJobs(api: Api, { jobs: queue, followers, now }: JobPorts): void {
  const object = async ({ params }: { params: { job: string } }) => found(queue, params.job);
  api.answer(jobs.list, {
    handle: async ({ query: { kind, state, after, limit } }) => {
      const { jobs: all, next } = await queue.list({
        limit,
        ...given('kind', kind),
        ...given('state', state),
        ...given('after', after),
      });
      return { items: all.map(shownJob), ...given('next', next) };
    },
  });
  api.answer(jobs.read, { object, handle: async (_, job) => shownJob(job) });
  api.answer(jobs.events, {
    object,
    handle: async ({ request }, job) =>
      followers.follow(request, (signal) => changesOf(queue, job, signal)),
  });
  api.answer(jobs.stop, {
    object,
    handle: async (_, job) => {
      await queue.cancel(job.id);
      return undefined;
    },
  });
  api.answer(jobs.examine, {
    handle: async ({ body, identity }) => {
      const owner = accountOf(identity)!;
      return shownJob(await askFor(queue, body.spec, now(), { owner }));
    },
  });
}

async function found(queue: JobQueue, id: string): Promise<Loaded<Job> | undefined> {
  const value = await queue.read(id);
  if (value === undefined) return undefined;
  const { owner, spec, isForAll } = value.data as Readonly<Record<string, unknown>>;
  // A release of a registry is everyone's, and so is what comes of it.
  const isPublic = typeof spec === 'string' || isForAll === true;
  return { value, facts: { isPublic, ...(typeof owner === 'string' ? { owner } : {}) } };
}

/** A follower is told when something changed, and asks the table at least so often. */
const LOOK_MS = 500;

async function* changesOf(
  queue: JobQueue,
  first: Job,
  signal: AbortSignal,
): AsyncGenerator<SentEvent> {
  let told = '';
  for (let job: Job | undefined = first; job !== undefined; job = await queue.read(first.id)) {
    const shown = shownJob(job);
    const text = JSON.stringify(shown);
    if (text !== told) yield { event: 'job', data: shown };
    told = text;
    if (job.ended !== undefined || signal.aborted) return;
    await queue.whenChanged(LOOK_MS, signal);
  }
}

export function shownJob(job: Job): z.output<typeof jobShape> {
  const { progress, result } = job;
  const says = (progress as { says?: unknown } | undefined)?.says;
  const { release, recheck } = (result ?? {}) as {
    readonly release?: unknown;
    readonly recheck?: z.output<typeof jobShape>['recheck'];
  };
  const { where } = job.data as { readonly where?: unknown };
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    attempt: job.attempt,
    created: new Date(job.created).toISOString(),
    ...given('ended', job.ended === undefined ? undefined : new Date(job.ended).toISOString()),
    ...given('progress', typeof says === 'string' ? { says } : undefined),
    ...given('release', typeof release === 'number' ? release : undefined),
    ...given('where', typeof where === 'string' ? where : undefined),
    ...given('recheck', recheck),
    ...given('why', job.why),
  };
}
