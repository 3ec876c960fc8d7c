import type { Digest } from '@avow/bytes';
import { caseOf } from './case/case.ts';
import { claimOf } from './claim/claim.ts';
import { optionalText } from './event/data.ts';
import type { DocketEvent } from './event/event.ts';
import type { Summary } from './port.ts';
import { CASE_DEADLINES } from './states/case-table.ts';
import { CLAIM_DEADLINES } from './states/claim-table.ts';
import { type Due, deadlinesOf } from './states/due.ts';

/** A summary, and the deadline that it speaks of. */
export type Summarised = Summary & { readonly next?: Due };

export function summaryOfClaim(events: readonly DocketEvent[]): Summarised {
  const { state, since, updated, said, fingerprint, missed } = claimOf(events);
  const next = deadlinesOf(CLAIM_DEADLINES, { state, since, moves: lastMoves(events) }).find(
    (due) => !missed.some(({ says }) => says === due.says),
  );
  return {
    kind: 'claim',
    state,
    target: lastText(events, 'target') ?? '',
    said: said ?? '',
    updated,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(next === undefined ? {} : { next, due: next.at }),
  };
}

/** A deadline whose passing is recorded is not due again. */
export function summaryOfCase(events: readonly DocketEvent[]): Summarised {
  const { state, since, updated, said, target, missed } = caseOf(events);
  const next = deadlinesOf(CASE_DEADLINES, { state, since, moves: lastMoves(events) }).find(
    (due) => !missed.some(({ says }) => says === due.says),
  );
  const fingerprint = lastText(events, 'fingerprint') as Digest | undefined;
  return {
    kind: 'case',
    state,
    target,
    said,
    updated,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(next === undefined ? {} : { next, due: next.at }),
  };
}

function lastMoves(events: readonly DocketEvent[]): Record<string, string> {
  return Object.fromEntries(events.map(({ move, at }) => [move, at]));
}

function lastText(events: readonly DocketEvent[], field: string): string | undefined {
  return events.map(({ data }) => optionalText(data, field)).findLast((text) => text !== undefined);
}
