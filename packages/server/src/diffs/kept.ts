import { type Digest, Refused } from '@avow/bytes';
import { type JobQueue, jobId } from '@avow/stores/jobs';
import type { ObjectPort } from '../kept/objects.ts';

/** Key of the job that compares two releases as they are examined now. */
export function releasesKey(
  before: { readonly document: string | null },
  after: { readonly document: string | null },
): string {
  return `releases:${before.document}:${after.document}`;
}

/** Of two updates, which never change. */
export function updatesKey(before: number, after: number): string {
  return `updates:${before}:${after}`;
}

/** The job of what not everyone may see is somebody's own. */
export function ownKey(key: string, account: string | undefined): string {
  return `${key} for ${account}`;
}

/** What a job has found before; undefined when none was asked for, or it is forgotten. */
export async function diffThatIsThere<Diff>(
  { jobs, objects }: { readonly jobs: JobQueue; readonly objects: ObjectPort },
  key: string,
  account: string | undefined,
): Promise<Diff | undefined> {
  for (const one of [key, ownKey(key, account)]) {
    const job = await jobs.read(jobId('diff', one));
    const digest = (job?.result as { diff?: string } | undefined)?.diff;
    const bytes = digest === undefined ? undefined : await objects.read(digest as Digest);
    if (bytes !== undefined) return JSON.parse(Buffer.from(bytes).toString('utf8')) as Diff;
  }
  return undefined;
}

/** Refuses `catalogue.absent`: what is not examined has nothing to compare. */
export function assertExamined({ target, document }: { target: string; document: string | null }) {
  if (document === null) {
    throw new Refused('catalogue.absent', undefined, `${target} is not examined yet`);
  }
}
