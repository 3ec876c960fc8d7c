import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@avow/bytes';
import { type Job, type JobContext, type JobHandler, NoRetry } from '@avow/stores/jobs';
import type { Uploads } from '@avow/stores/uploads';
import { z } from 'zod';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import { MAX_DEATHS } from '../jobs/kinds.ts';
import { type IngestPorts, ingest, type Origin } from './ingest.ts';

import type { ExaminationTask } from './task.ts';

export interface ExaminationPorts extends IngestPorts {
  readonly uploads: Uploads;
  /** For what is fetched, unpacked and found; emptied after each job. */
  readonly folder: string;
  /** Of readings of modules. */
  readonly cache: string;
  readonly limits: RunLimits;
  readonly readers: number;
  /** Told of each release that was examined. */
  readonly onExamined: (release: number) => Promise<void>;
}

const CHILD = programBeside(import.meta.url, 'child');

/** What an examination is of: an upload, a release of a registry, or a release that is here. */
const DATA = z.union([
  z.object({ upload: z.string(), owner: z.string() }),
  z.object({ spec: z.string(), owner: z.string().optional() }),
  z.object({
    artifact: z.string(),
    file: z.string(),
    declaration: z.string().optional(),
    owner: z.string().optional(),
    isPublic: z.boolean(),
  }),
]);

/** Examines in a child, and takes what it found. What refuses to be read is not tried again. */
export function examinationHandler(ports: ExaminationPorts): JobHandler {
  return async (job, context) => {
    const data = DATA.parse(job.data);
    await mkdir(ports.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(ports.folder, 'examination-'));
    try {
      const { spec, origin, declaration } = await specOf(data, folder, ports);
      const out = join(folder, 'out');
      await mkdir(out);
      const task: ExaminationTask = {
        spec,
        out,
        cache: ports.cache,
        readers: ports.readers,
        ...(declaration === undefined ? {} : { declaration }),
      };
      await examine(job, task, ports, context, data);
      await context.progress({ says: 'keeping what was found' });
      const release = await ingest(out, origin, ports);
      if ('upload' in data) await ports.uploads.examined(data.upload, release);
      await ports.onExamined(release);
      return { result: { release } };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function examine(
  job: Job,
  task: ExaminationTask,
  ports: ExaminationPorts,
  { signal, progress }: JobContext,
  data: z.output<typeof DATA>,
): Promise<void> {
  let told = 0;
  const end = await runChild(CHILD, task, ports.limits, signal, (says) => {
    // Each is a write: those who wait are told four times a second at most.
    if (Date.now() - told < 250) return;
    told = Date.now();
    void progress({ says });
  });
  if (end.state === 'done') return;
  const why = end.state === 'refused' ? `${end.code}: ${end.message}` : end.why;
  const isFinal =
    end.state === 'refused' ||
    (end.state === 'stopped' && !signal.aborted) ||
    (end.state === 'died' && job.attempt >= MAX_DEATHS);
  if (!isFinal) throw new Error(why);
  if ('upload' in data) await ports.uploads.refuse(data.upload, why);
  throw new NoRetry(`${job.key}: ${why}`);
}

async function specOf(
  data: z.output<typeof DATA>,
  folder: string,
  ports: ExaminationPorts,
): Promise<{ spec: string; origin: Origin; declaration?: string }> {
  if ('spec' in data) return { spec: data.spec, origin: { isPublic: true } };
  if ('artifact' in data) {
    const { file, isPublic, declaration, owner } = data;
    const spec = await fileOf(data.artifact as Digest, file, folder, ports);
    const origin = { file, isPublic, ...(owner === undefined ? {} : { owner }) };
    return { spec, origin, ...(declaration === undefined ? {} : { declaration }) };
  }
  const upload = await ports.uploads.read(data.upload);
  if (upload?.digest == null) throw new NoRetry(`there is no upload ${data.upload}`);
  const spec = await fileOf(upload.digest as Digest, upload.file, folder, ports);
  const origin = { file: upload.file, owner: upload.owner, isPublic: upload.is_public === 1 };
  return { spec, origin };
}

/** The bytes as a file whose ending says what kind it is; the name before it is ours. */
async function fileOf(
  digest: Digest,
  file: string,
  folder: string,
  { objects }: ExaminationPorts,
): Promise<string> {
  const bytes = await objects.read(digest);
  if (bytes === undefined) throw new NoRetry(`the bytes of ${digest} are not here`);
  const path = join(folder, `artifact${endingOf(file)}`);
  await writeFile(path, bytes);
  return path;
}

/** `.tar.gz` of a name that a person gave: what says which kind of archive it is. */
export function endingOf(file: string): string {
  return /(?:\.tar)?\.[A-Za-z0-9]{1,10}$/.exec(file)?.[0] ?? '';
}
