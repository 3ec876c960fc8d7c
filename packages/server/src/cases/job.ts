import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@avow/bytes';
import type { Case, Docket, Receipt, Role } from '@avow/docket';
import type { CatalogueLists } from '@avow/stores/catalogue';
import { type JobHandler, NoRetry } from '@avow/stores/jobs';
import { z } from 'zod';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import { endingOf } from '../examinations/job.ts';
import { MAX_DEATHS } from '../jobs/kinds.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { RunTask } from './child.ts';

export interface RunPorts {
  readonly docket: Docket;
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly folder: string;
  readonly limits: RunLimits;
  readonly readers: number;
}

const DATA = z.object({
  case: z.string(),
  runner: z.string(),
  role: z.enum(['investigator', 'lead']),
});
const CHILD = programBeside(import.meta.url, 'child');

/** One person's run of the re-check: everything is examined anew, and nothing of another run is used. */
export function runHandler(ports: RunPorts): JobHandler {
  return async (job, { signal, progress }) => {
    const { case: id, runner, role } = DATA.parse(job.data);
    const found = await ports.docket.case(id);
    await mkdir(ports.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(ports.folder, 'run-'));
    try {
      const task = await taskOf(found, folder, ports);
      const end = await runChild(
        CHILD,
        task,
        ports.limits,
        signal,
        (says) => void progress({ says }),
      );
      if (end.state === 'refused') throw new NoRetry(`${end.code}: ${end.message}`);
      const isDead = end.state === 'died' && job.attempt >= MAX_DEATHS;
      if (isDead) throw new NoRetry(end.why);
      if (end.state !== 'done') throw new Error(end.why);
      const after = await recorded(ports.docket, id, { name: runner, role }, end.result as Receipt);
      return { result: { case: id, state: after.state } };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** A run that was recorded by the attempt before is not recorded twice. */
async function recorded(
  docket: Docket,
  id: string,
  actor: { readonly name: string; readonly role: Role },
  receipt: Receipt,
): Promise<Case> {
  const found = await docket.case(id);
  const isThere = found.runs.some(
    ({ runner, result }) => runner === actor.name && result === receipt.result,
  );
  return isThere ? found : docket.run(id, actor, receipt);
}

async function taskOf(found: Case, folder: string, ports: RunPorts): Promise<RunTask> {
  const { rows } = await ports.lists.releases(
    { target: found.target, ...(found.product === undefined ? {} : { digest: found.product }) },
    { viewer: { sees: 'all' }, limit: 1 },
  );
  const release = rows[0];
  const bytes = release?.artifact && (await ports.objects.read(release.artifact as Digest));
  if (release === undefined || !bytes)
    throw new NoRetry(`the bytes of ${found.target} are not here`);
  const spec = join(folder, `artifact${endingOf(release.file ?? '.tgz')}`);
  await writeFile(spec, bytes);
  const out = join(folder, 'out');
  await mkdir(out);
  const declaration = await declarationOf(found, ports.docket);
  return {
    spec,
    out,
    cache: join(folder, 'cache'),
    readers: ports.readers,
    locator: found.locator,
    said: found.said,
    ...(declaration === undefined ? {} : { declaration }),
  };
}

/** The declaration that was kept with the first claim: what is said since does not count. */
async function declarationOf(
  { claims: [first] }: Case,
  docket: Docket,
): Promise<string | undefined> {
  if (first === undefined) return undefined;
  const { declaration } = await docket.claim(first);
  return declaration === undefined ? undefined : docket.textOf(declaration);
}
