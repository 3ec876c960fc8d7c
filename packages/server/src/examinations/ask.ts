import { type Job, type JobQueue, jobId } from '@avow/stores/jobs';

/** What failed may be asked for again so much later. */
const AGAIN_MS = 600_000;

/**
 * The job that examines a release of a registry: the one that is there, or was
 * done; where that failed, perhaps because the registry was not reached, another.
 */
export async function askFor(
  jobs: JobQueue,
  spec: string,
  now: number,
  { owner, priority = 0 }: { readonly owner?: string; readonly priority?: number } = {},
): Promise<Job> {
  const key = `spec:${spec}`;
  const first = await jobs.read(jobId('examine', key));
  const hasFailed = first?.state === 'failed' || first?.state === 'cancelled';
  const [id] = await jobs.enqueue([
    {
      kind: 'examine',
      key: hasFailed ? `${key}#${Math.floor(now / AGAIN_MS)}` : key,
      data: { spec, ...(owner === undefined ? {} : { owner }) },
      priority,
    },
  ]);
  return (await jobs.read(id!))!;
}
