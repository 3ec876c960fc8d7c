import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@avow/bytes';
import { parseReceipt, type Receipt } from '@avow/docket';
import type { CatalogueLists } from '@avow/stores/catalogue';
import { type JobHandler, NoRetry } from '@avow/stores/jobs';
import { z } from 'zod';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import { endingOf } from '../examinations/job.ts';
import type { ExaminationTask } from '../examinations/task.ts';
import { MAX_DEATHS } from '../jobs/kinds.ts';
import type { ObjectPort } from '../kept/objects.ts';

export interface RecheckJobPorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly folder: string;
  readonly limits: RunLimits;
  readonly readers: number;
}

/** What a child is given: a product to examine anew, and the receipt that it is held to. */
export interface RecheckTask extends ExaminationTask {
  readonly receipt: Receipt;
}

const DATA = z.object({ receipt: z.string(), release: z.number() });
const CHILD = programBeside(import.meta.url, 'child');

/** Examines anew what a receipt is of, and says what is not the same. */
export function recheckHandler(ports: RecheckJobPorts): JobHandler {
  return async (job, { signal, progress }) => {
    const data = DATA.parse(job.data);
    await mkdir(ports.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(ports.folder, 'recheck-'));
    try {
      const task = await taskOf(data, folder, ports);
      const tell = (says: string) => void progress({ says });
      const end = await runChild(CHILD, task, ports.limits, signal, tell);
      if (end.state === 'done') {
        return { result: { recheck: end.result as { outcome: string; differences: string[] } } };
      }
      if (end.state === 'refused') throw new NoRetry(`${end.code}: ${end.message}`);
      const isDead = end.state === 'died' && job.attempt >= MAX_DEATHS;
      throw isDead ? new NoRetry(end.why) : new Error(end.why);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function taskOf(
  data: z.output<typeof DATA>,
  folder: string,
  { lists, objects, readers }: RecheckJobPorts,
): Promise<RecheckTask> {
  const text = await objects.read(data.receipt as Digest);
  const release = await lists.release(data.release);
  const bytes = release?.artifact && (await objects.read(release.artifact as Digest));
  if (!text || !release || !bytes) throw new NoRetry('the bytes that it is of are not here');
  const receipt = parseReceipt(Buffer.from(text).toString('utf8'));
  const spec = join(folder, `artifact${endingOf(release.file ?? '.tgz')}`);
  await writeFile(spec, bytes);
  const out = join(folder, 'out');
  await mkdir(out);
  const declaration = await declarationOf(receipt, { lists, objects });
  return {
    spec,
    out,
    cache: join(folder, 'cache'),
    readers,
    receipt,
    ...(declaration === undefined ? {} : { declaration }),
  };
}

/** The declaration that was in force then, where it was published. */
async function declarationOf(
  { declaration }: Receipt,
  { lists, objects }: Pick<RecheckJobPorts, 'lists' | 'objects'>,
): Promise<string | undefined> {
  if (declaration === undefined || !(await lists.isDeclaration(declaration))) return undefined;
  const bytes = await objects.read(declaration);
  return bytes && Buffer.from(bytes).toString('utf8');
}
