import { utf8Bytes } from '@avow/bytes';
import type { Actor } from '@avow/docket';
import type { Job } from '@avow/stores/jobs';
import { affectedReleases, keepAffected, publish } from '../cases/publish.ts';
import { handIn } from '../claims/hand-in.ts';
import type { Opened } from '../serve/stores.ts';
import { ownPackages } from './own.ts';

/** Real packages that many have installed, small enough to be there within a minute. */
export const DEMO_PRODUCTS = [
  'npm:@scarf/scarf@1.4.0',
  'npm:express@5.1.0',
  'npm:node-fetch@3.3.2',
  'npm:dotenv@16.4.5',
  'npm:debug@4.4.0',
] as const;

/** What the worked case is about: an installation that reports home, as its maker openly says. */
const WORKED = { name: 'npm/@scarf/scarf', feature: 'net.named-service' } as const;

const LEAD: Actor = { name: 'demo-lead', role: 'lead' };
const SECOND: Actor = { name: 'demo-second-lead', role: 'lead' };
const VENDOR: Actor = { name: 'demo-maker', role: 'vendor' };
const PUBLISHER: Actor = { name: 'demo-publisher', role: 'publisher' };
const CLAIMANT: Actor = { name: 'demo-claimant', role: 'claimant' };

/** Has real products fetched and examined, and takes a claim to its verdict, all by the code that does it in earnest. */
export async function demonstrate(
  stores: Opened,
  tell: (says: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { rows: there } = await stores.lists.releases({}, { viewer: { sees: 'all' }, limit: 1 });
  if (there.length > 0) return tell('there is something already: nothing was added');
  const own = await enqueueOwn(stores);
  const fetched = await stores.jobs.enqueue(
    DEMO_PRODUCTS.map((spec) => ({ kind: 'examine', key: `spec:${spec}`, data: { spec } })),
  );
  const ids = [...own, ...fetched];
  const jobs = await Promise.all(ids.map((id) => ended(stores, id, signal)));
  for (const { key, state, why } of jobs) {
    if (state !== 'done') tell(`${key.slice(key.indexOf(':') + 1)} could not be examined: ${why}`);
  }
  tell(`${jobs.filter(({ state }) => state === 'done').length} products are examined`);
  const claim = await claimOf(stores, signal);
  if (claim === undefined) return tell('the product of the worked case is not there');
  tell(`${await worked(stores, claim, signal)} is published`);
}

/** Avow itself, each part held to its own declaration. */
async function enqueueOwn({ jobs, objects }: Opened): Promise<readonly string[]> {
  const all = await ownPackages();
  const tasks = all.map(async ({ file, bytes, declaration }) => ({
    kind: 'examine' as const,
    key: `own:${file}`,
    data: { artifact: await objects.keep(bytes), file, declaration, isPublic: true },
  }));
  return jobs.enqueue(await Promise.all(tasks));
}

/** A claim on what the examination found, at its place. */
async function claimOf(stores: Opened, signal: AbortSignal): Promise<string | undefined> {
  const viewer = { sees: 'public' } as const;
  const { rows: releases } = await stores.lists.releases(
    { name: WORKED.name },
    { viewer, limit: 1 },
  );
  const [release] = releases;
  if (release === undefined) return undefined;
  const filter = { release: release.number, feature: WORKED.feature };
  const { rows } = await stores.lists.features(filter, { viewer, limit: 1 });
  const [feature] = rows;
  if (feature === undefined) return undefined;
  const text = `When it is installed it reports somewhere.\n${feature.locator}\nfeature: ${feature.feature}`;
  const { id } = await handIn(stores, { text, name: CLAIMANT.name, account: 'demo' }, signal);
  return id;
}

async function worked(stores: Opened, claim: string, signal: AbortSignal): Promise<string> {
  const { docket } = stores;
  const id = (await docket.accept(claim, LEAD))!;
  await docket.act(id, 'notify', LEAD);
  const text = await docket.keep(utf8Bytes('A demonstration: nobody of the maker wrote this.'));
  await docket.act(id, 'answer', VENDOR, { text, stance: 'declares' });
  const runs = await stores.jobs.enqueue(
    ['demo-investigator', 'demo-second-investigator'].map((runner) => ({
      kind: 'run',
      key: `${id}:${runner}`,
      data: { case: id, runner, role: 'investigator', owner: runner },
    })),
  );
  for (const run of runs) await ended(stores, run, signal);
  const found = await docket.case(id);
  const outcome = found.state === 'reproduced' ? 'undeclared' : 'unknown';
  const summary =
    'A demonstration: the request is there, at the place that was claimed, and the release brings no declaration. What its maker says elsewhere was not asked.';
  await docket.act(id, 'propose', LEAD, { outcome, summary });
  const agree = await docket.keep(utf8Bytes('Agreed.'));
  await docket.act(id, 'state', VENDOR, { text: agree, stance: 'agrees' });
  await docket.act(id, 'state', CLAIMANT, { text: agree, stance: 'agrees' });
  await docket.act(id, 'approve', SECOND);
  const decided = await docket.case(id);
  const affected = await keepAffected(stores, await affectedReleases(stores, decided));
  await publish(stores, decided, 'publish', PUBLISHER, { affected });
  return id;
}

const LOOK_MS = 500;

async function ended({ jobs }: Opened, id: string, signal: AbortSignal): Promise<Job> {
  for (;;) {
    const job = await jobs.read(id);
    if (job === undefined) throw new TypeError(`job ${id} is gone`);
    if (job.ended !== undefined) return job;
    signal.throwIfAborted();
    await jobs.whenChanged(LOOK_MS, signal);
  }
}
