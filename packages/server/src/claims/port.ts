import type { Digest } from '@avow/bytes';
import {
  type Case,
  type Claim,
  caseOf as caseAfter,
  claimOf as claimAfter,
  type Docket,
  type DocketEvent,
  type DocketStore,
} from '@avow/docket';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { JobQueue } from '@avow/stores/jobs';
import type { Standing } from '@avow/stores/standing';
import { accountOf, type Identity } from '../access/identity.ts';
import { hasRole, type ObjectFacts } from '../access/may.ts';
import type { Loaded } from '../app/call.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { Works } from './work.ts';

/** What claims and cases are made with. */
export interface DocketPorts {
  readonly docket: Docket;
  readonly store: DocketStore;
  readonly standing: Standing;
  readonly lists: CatalogueLists;
  readonly jobs: JobQueue;
  readonly objects: ObjectPort;
  readonly works: Works;
  readonly now: () => number;
}

export interface FoundClaim {
  readonly claim: Claim;
  readonly events: readonly DocketEvent[];
}

/** A claim by its id, with who stands to it how. */
export async function claimOf(
  ports: DocketPorts,
  id: string,
): Promise<Loaded<FoundClaim> | undefined> {
  const events = await ports.store.eventsOf(id);
  if (events.length === 0) return undefined;
  const claim = claimAfter(events);
  const { isPublic, owners } = await ports.standing.of([id]);
  return { value: { claim, events }, facts: { isPublic, owners } };
}

/** A case by its id. Its claims' owners are its own; its maker sees it once told of it. */
export async function caseOf(ports: DocketPorts, id: string): Promise<Loaded<Case> | undefined> {
  const events = await ports.store.eventsOf(id);
  if (events.length === 0) return undefined;
  const value = caseAfter(events);
  const { isPublic, parties } = await ports.standing.of([id]);
  const { owners } = await ports.standing.of(value.claims);
  const maker =
    value.notifiedAt === undefined ? undefined : await makerOf(ports.lists, value.target);
  const facts: ObjectFacts = {
    isPublic,
    owners,
    parties,
    ...(maker === undefined ? {} : { maker }),
  };
  return { value, facts };
}

/** Who makes the product of a release that is here. */
export async function makerOf(lists: CatalogueLists, target: string): Promise<string | undefined> {
  const { rows } = await lists.releases({ target }, { viewer: { sees: 'all' }, limit: 1 });
  return rows[0]?.maker ?? undefined;
}

/** Whoever looks at claims as staff of it. */
export function isStaffOf(identity: Identity): boolean {
  return (['investigator', 'lead', 'publisher'] as const).some((role) => hasRole(identity, role));
}

/** Whether someone may see who claimed, and in what words. */
export function isOpenTo(identity: Identity, facts: ObjectFacts): boolean {
  const account = accountOf(identity);
  const isOwner = account !== undefined && facts.owners?.includes(account) === true;
  return isOwner || isStaffOf(identity);
}

export async function textOf(ports: Pick<DocketPorts, 'docket'>, digest: Digest): Promise<string> {
  return (await ports.docket.textOf(digest)) ?? '';
}
