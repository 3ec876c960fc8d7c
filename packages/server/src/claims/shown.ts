import type { Digest } from '@avow/bytes';
import type { Claim, DocketEvent } from '@avow/docket';
import type { z } from 'zod';
import { given } from '../catalogue/shown.ts';
import type { claim as claimShape } from '../contract/claims.ts';

type Lacks = NonNullable<z.output<typeof claimShape>['lacks']>;

/** What is told of a claim: who made it and in what words only to its owner and to staff. */
export function shownClaim(
  claim: Claim,
  events: readonly DocketEvent[],
  isOpen: boolean,
): z.output<typeof claimShape> {
  return {
    id: claim.id,
    state: claim.state,
    ...given('said', claim.said),
    ...given('locator', claim.locator),
    ...given('outcome', claim.outcome),
    reasons: [...claim.reasons],
    ...given('lacks', isOpen && claim.state === 'returned' ? lacksOf(events) : undefined),
    ...given('receipt', claim.receipt),
    ...given('product', claim.product),
    ...given('module', claim.module),
    ...given('declaration', claim.declaration),
    ...given('case', claim.case),
    ...given('attachedTo', claim.attachedTo),
    ...given('claimant', isOpen ? claim.claimant : undefined),
    ...given('texts', isOpen ? ([...claim.texts] as Digest[]) : undefined),
    ...given('receivedAt', claim.receivedAt),
    since: claim.since,
    updated: claim.updated,
  };
}

/** Of the latest turning back. */
function lacksOf(events: readonly DocketEvent[]): Lacks | undefined {
  const last = events.findLast(({ move }) => move === 'turnBack' || move === 'turnBackAgain');
  return last?.data['lacks'] as unknown as Lacks | undefined;
}
