import { CASE_DEADLINES, CASE_MOVES, CASE_STATES } from './case-table.ts';
import { CLAIM_DEADLINES, CLAIM_MOVES, CLAIM_STATES } from './claim-table.ts';
import type { Machine } from './describe.ts';
import { CONSENT_MOVES, CONSENT_STATES, EMBARGO_MOVES, EMBARGO_STATES } from './embargo-table.ts';

/** Every state machine of the docket. */
export const MACHINES: readonly Machine[] = [
  { name: 'claim', states: CLAIM_STATES, moves: CLAIM_MOVES, deadlines: CLAIM_DEADLINES },
  { name: 'case', states: CASE_STATES, moves: CASE_MOVES, deadlines: CASE_DEADLINES },
  { name: 'embargo', states: EMBARGO_STATES, moves: EMBARGO_MOVES, deadlines: [] },
  { name: 'consent', states: CONSENT_STATES, moves: CONSENT_MOVES, deadlines: [] },
];
