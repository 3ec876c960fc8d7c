import { randomUUID } from 'node:crypto';
import { type Digest, utf8Bytes } from '@avow/bytes';
import {
  type Actor,
  type Affected,
  affectedBy,
  type Case,
  type Docket,
  type DocketStore,
  HeldStore,
  nameOf,
  parseReceipt,
  readSaid,
  type Seen,
  type Stored,
  seenIn,
  soughtOf,
  TWO_CONTENTS,
} from '@avow/docket';
import type { Examination } from '@avow/examine';
import { parseTarget } from '@avow/locator';
import type { JsonObject } from '@avow/log';
import { Provider, type ProviderPorts } from '../advisories/provider.ts';
import type { DocketPorts } from '../claims/port.ts';

export interface PublishPorts extends DocketPorts {
  /** A docket over a store that holds moves back. */
  readonly docketOver: (store: DocketStore) => Docket;
  readonly publishing: Omit<ProviderPorts, 'docket' | 'store'>;
}

/**
 * Makes a move of publication, whole or not at all: the documents are made and
 * signed while it is held back, and its claims end with it. The docket refuses
 * while an embargo is in force; a signature that cannot be had, `publish.sign`.
 */
export async function publish(
  ports: PublishPorts,
  found: Case,
  move: 'publish' | 'correct' | 'withdraw',
  actor: Actor,
  data: JsonObject,
): Promise<void> {
  const held = new HeldStore(ports.store);
  const ahead = ports.docketOver(held);
  await ahead.act(found.id, move, actor, data);
  if (move === 'publish') await closeClaims(ahead, found);
  await new Provider({ ...ports.publishing, docket: ahead, store: held }).site();
  // Asked for first: whatever happens to this server, what follows is done.
  await ports.jobs.enqueue([
    {
      kind: 'publish',
      key: `${found.id}:${randomUUID()}`,
      data: { case: found.id },
      runAt: ports.now() + FOLLOWS_MS,
    },
  ]);
  await held.commit();
  await settle(ports, found);
}

/** What follows has its job, which leaves whoever publishes the time to do it. */
const FOLLOWS_MS = 2_000;

async function closeClaims(docket: Docket, { claims, proposal }: Case): Promise<void> {
  for (const id of claims) {
    if ((await docket.claim(id)).state !== 'accepted') continue;
    const system: Actor = { name: 'avow', role: 'system' };
    await docket.act(id, 'close', system, { verdict: proposal!.outcome });
  }
}

/** What is published is seen by everyone; done again, nothing changes. */
export async function settle(
  { standing }: Pick<DocketPorts, 'standing'>,
  { id, claims }: Case,
): Promise<void> {
  for (const subject of [...claims, id]) await standing.add(subject, 'public');
}

/** Keeps which releases are affected, as a move of publication names it. */
export async function keepAffected({ docket }: DocketPorts, affected: Affected): Promise<Digest> {
  return docket.keep(utf8Bytes(JSON.stringify(affected)));
}

/** Releases of one product that are looked at. */
const MAX_RELEASES = 200;

/** In which releases here the same is found, by what was examined; private ones are not told of. */
export async function affectedReleases(
  { docket, lists, objects }: DocketPorts,
  { said, target, runs: [run], product }: Case,
): Promise<Affected> {
  const receipt = run && (await docket.textOf(run.receipt));
  const [meant] = said === TWO_CONTENTS ? [] : readSaid(`feature: ${said}`).said;
  if (receipt === undefined || meant === undefined) return { also: [] };
  const examinationOf = async (document: string | null): Promise<Stored | undefined> => {
    const bytes = document === null ? undefined : await objects.read(document as Digest);
    if (bytes === undefined) return undefined;
    const examination = JSON.parse(Buffer.from(bytes).toString('utf8')) as Examination;
    return { examination, files: [], records: [] };
  };
  const everything = { viewer: { sees: 'all' }, limit: 1 } as const;
  const own = await lists.releases({ target, ...(product && { digest: product }) }, everything);
  const examined = await examinationOf(own.rows[0]?.document ?? null);
  if (examined === undefined) return { also: [] };
  const sought = soughtOf(meant, parseReceipt(receipt).recheck, examined);
  const { rows } = await lists.releases(
    { name: nameOf(target), state: 'examined' },
    { viewer: { sees: 'public' }, limit: MAX_RELEASES },
  );
  const seen: Seen[] = [];
  for (const row of rows) {
    const other = row.target === target ? undefined : await examinationOf(row.document);
    if (other !== undefined) seen.push(seenIn(sought, other));
  }
  const parsed = parseTarget(target);
  const version = parsed.kind === 'purl' ? (parsed.purl.version ?? '') : target;
  return affectedBy(version, seen);
}
