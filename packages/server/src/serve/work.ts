import { join } from 'node:path';
import type { Digest } from '@avow/bytes';
import { type JobHandler, work } from '@avow/stores/jobs';
import type { Logger } from 'pino';
import { runHandler } from '../cases/job.ts';
import { publishHandler } from '../cases/publish-job.ts';
import { answerHandler } from '../claims/job.ts';
import type { Config } from '../config/config.ts';
import { diffHandler } from '../diffs/job.ts';
import { examinationHandler } from '../examinations/job.ts';
import { JOB_KINDS } from '../jobs/kinds.ts';
import type { OpenAppender } from '../logs/append.ts';
import { mailHandler } from '../mail/job.ts';
import { prepareModules } from '../modules/prepare.ts';
import { tellAll, tellOf } from '../notices/publish.ts';
import { tagsOfRelease } from '../notices/tags.ts';
import { stackOf } from '../operate/fault.ts';
import { recheckHandler } from '../rechecks/job.ts';
import { deliveryHandler } from '../webhooks/job.ts';
import { removeLeft } from './left.ts';
import type { Opened } from './stores.ts';

/** Short jobs at once: those who wait for one do not wait for an examination. */
const SHORT_AT_ONCE = 4;
/** More than a job spends outside of its child. */
const LONGEST_FETCH_MS = 3_600_000;

/** Does jobs until it is told to stop; resolves when what was under way has ended. */
export async function workOn(
  config: Config,
  stores: Opened,
  log: Logger,
  signal: AbortSignal,
  openAppender?: OpenAppender,
): Promise<void> {
  const { count } = config.workers;
  const url = config.url ?? `http://${config.host}:${config.port}`;
  if (count === 0) return;
  const longest = LONGEST_FETCH_MS + 2_000 * config.workers.seconds;
  await removeLeft(join(config.data, 'work'), stores.now() - longest);
  const onTrouble = (error: unknown) => log.error({ stack: stackOf(error) }, 'jobs');
  const some = (handlers: Readonly<Record<string, JobHandler>>, atOnce: number) =>
    work(stores.jobs, { kinds: JOB_KINDS, handlers, atOnce, signal, onTrouble });
  await Promise.all([
    some(longHandlers(config, stores), count),
    some(shortHandlers(config, stores, url, openAppender), SHORT_AT_ONCE),
  ]);
}

function longHandlers(config: Config, stores: Opened): Readonly<Record<string, JobHandler>> {
  const { seconds, memory, readers } = config.workers;
  const shared = {
    ...stores,
    folder: join(config.data, 'work'),
    limits: { seconds, memory },
    readers,
  };
  return {
    examine: examinationHandler({
      ...shared,
      cache: join(config.data, 'readings'),
      onExamined: async (release) => {
        await prepareModules(release, stores);
        const found = await stores.lists.release(release);
        if (found?.is_public !== 1) return;
        const { target, digest, answer, document } = found;
        const data = { release, target, digest, answer, examination: document };
        await tellAll(stores, 'release.examined', data, await tagsOfRelease(release, stores));
      },
    }),
    run: runHandler(shared),
    recheck: recheckHandler(shared),
  };
}

function shortHandlers(
  config: Config,
  stores: Opened,
  url: string,
  openAppender: OpenAppender | undefined,
): Readonly<Record<string, JobHandler>> {
  const { docket, jobs, lists, mailer } = stores;
  const { digestHours } = config.mail;
  return {
    ...(mailer === undefined ? {} : { mail: mailHandler({ ...stores, mailer, url, digestHours }) }),
    deliver: deliveryHandler(stores),
    diff: diffHandler(config),
    publish: publishHandler({
      ...stores,
      openAppender,
      onPublished: (found) => tellOf(found, stores),
    }),
    answer: answerHandler({
      config,
      jobs,
      lists,
      now: stores.now,
      textOf: async (claim, words) => {
        const digest = words ?? (await docket.claim(claim)).texts.at(-1);
        return digest === undefined ? undefined : docket.textOf(digest as Digest);
      },
    }),
  };
}
