import type { Digest } from '@avow/bytes';
import { caseOf } from '../case/case.ts';
import { numberOf, type Subject } from '../event/event.ts';
import type { DocketStore, Row } from '../port.ts';
import type { ClaimState } from '../states/claim-table.ts';
import { type Claim, claimOf } from './claim.ts';

/** Claims of one fingerprint that are looked at, of each state. */
const MAX_SAME = 100;

/** States in which others can be attached to a claim; a closed one, while its case stands. */
const STANDING = ['valid', 'accepted', 'deferred', 'closed'] as const satisfies ClaimState[];

/**
 * The earlier claim that `id` repeats: the same module, place and flow. By
 * state, since of thousands that repeat it, those that may be the first are few.
 */
export async function firstOf(
  store: DocketStore,
  id: Subject,
  fingerprint: Digest | undefined,
): Promise<Claim | undefined> {
  if (fingerprint === undefined) return undefined;
  const found: Row[] = [];
  for (const state of STANDING) {
    const rows = await store.list({ kind: 'claim', fingerprint, state, limit: MAX_SAME });
    found.push(...rows.filter(({ subject }) => numberOf(subject) < numberOf(id)));
  }
  found.sort((one, other) => numberOf(one.subject) - numberOf(other.subject));
  for (const { subject } of found) {
    const claim = claimOf(await store.eventsOf(subject));
    if (claim.state !== 'closed' || (await hasStandingCase(store, claim))) return claim;
  }
  return undefined;
}

/** Dismissed without a verdict, or its case gone: what says the same anew is no repetition. */
async function hasStandingCase(store: DocketStore, claim: Claim): Promise<boolean> {
  if (claim.case === undefined) return false;
  const { state } = caseOf(await store.eventsOf(claim.case));
  return state !== 'withdrawn' && state !== 'superseded';
}

/** Claims that were attached before the one that they repeat was taken. */
export async function attachedTo(
  store: DocketStore,
  id: Subject,
  fingerprint: Digest | undefined,
): Promise<readonly Subject[]> {
  if (fingerprint === undefined) return [];
  const query = { kind: 'claim', fingerprint, state: 'attached', limit: MAX_SAME } as const;
  const rows = await store.list(query);
  return rows
    .map(({ subject }) => subject)
    .filter((one) => one !== id)
    .reverse();
}
