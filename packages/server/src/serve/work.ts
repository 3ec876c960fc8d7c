import { join } from 'node:path';
import { work } from '@avow/stores/jobs';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { examinationHandler } from '../examinations/job.ts';
import { KINDS } from '../jobs/kinds.ts';
import type { Opened } from './stores.ts';

/** Does jobs until it is told to stop; resolves when what was under way has ended. */
export async function workOn(
  config: Config,
  stores: Opened,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { count, seconds, memory, readers } = config.workers;
  if (count === 0) return;
  await work(stores.jobs, {
    kinds: KINDS,
    handlers: {
      examine: examinationHandler({
        catalogue: stores.catalogue,
        objects: stores.objects,
        uploads: stores.uploads,
        folder: join(config.data, 'work'),
        cache: join(config.data, 'readings'),
        limits: { seconds, memory },
        readers,
        now: Date.now,
        onExamined: async () => {},
      }),
    },
    atOnce: count,
    signal,
    onTrouble: (error) => log.error({ stack: stackOf(error) }, 'jobs'),
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
