import type { Deadline, Move } from './move.ts';

/**
 * The states of a claim, after CERT/CC's Vultron report management, which maps
 * to ISO/IEC 29147 and 30111; `withdrawn` is ours.
 */
export const CLAIM_STATES = {
  none: 'not there yet',
  draft: 'being written; kept, and seen by its claimant alone',
  received: 'handed in; the system looks whether it names a place',
  returned: 'turned back with all that is missing; not considered, which is not: false',
  valid: 'it names one place, which was re-checked',
  attached: 'the same as another claim, which it follows',
  accepted: 'part of a case',
  deferred: 'put off, with a public reason',
  closed: 'at its end',
  withdrawn: 'taken back by its claimant; the stub stays',
} as const;
export type ClaimState = keyof typeof CLAIM_STATES;

const OPEN = [
  'draft',
  'received',
  'returned',
  'valid',
  'attached',
  'accepted',
  'deferred',
] as const;

export const CLAIM_MOVES = [
  { from: ['none'], by: 'write', to: 'draft', who: ['anyone', 'claimant'] },
  { from: ['draft', 'returned'], by: 'edit', to: 'same', who: ['claimant'] },
  { from: ['draft'], by: 'submit', to: 'received', who: ['claimant'] },
  { from: ['received'], by: 'overdue', to: 'same', who: ['timer'] },
  {
    from: ['received'],
    by: 'turnBack',
    to: 'returned',
    who: ['system'],
    needs: 'says all that is missing, with the nearest candidates',
  },
  {
    from: ['received'],
    by: 'resolve',
    to: 'valid',
    who: ['system'],
    needs: 'the locator resolves to one digest; the re-check is attached',
  },
  {
    from: ['returned'],
    by: 'turnBackAgain',
    to: 'same',
    who: ['system'],
    needs: 'says all that is still missing',
  },
  {
    from: ['returned'],
    by: 'complete',
    to: 'valid',
    who: ['claimant', 'system'],
    needs: 'the locator resolves to one digest; the re-check is attached',
  },
  {
    from: ['valid'],
    by: 'attach',
    to: 'attached',
    who: ['investigator', 'lead'],
    needs: 'the other claim has the same module digest, place and flow',
  },
  { from: ['valid'], by: 'accept', to: 'accepted', who: ['investigator', 'lead', 'timer'] },
  {
    from: ['valid', 'accepted'],
    by: 'defer',
    to: 'deferred',
    who: ['lead'],
    needs: 'a public reason',
  },
  { from: ['deferred'], by: 'review', to: 'same', who: ['lead', 'timer'] },
  { from: ['deferred'], by: 'resume', to: 'accepted', who: ['lead', 'claimant'] },
  { from: ['accepted'], by: 'close', to: 'closed', who: ['lead', 'system'], needs: 'a verdict' },
  {
    from: ['returned', 'deferred'],
    by: 'dismiss',
    to: 'closed',
    who: ['lead', 'timer'],
    needs: 'a reason code',
  },
  { from: OPEN, by: 'withdraw', to: 'withdrawn', who: ['claimant'], needs: 'before publication' },
] as const satisfies readonly Move<ClaimState>[];

export const CLAIM_DEADLINES = [
  {
    in: ['received'],
    days: 0,
    minutes: 10,
    makes: 'overdue',
    says: 'turned back within 10 minutes, if it lacks something',
  },
  { in: ['received'], days: 1, makes: 'overdue', says: 're-checked within 24 hours' },
  { in: ['returned'], days: 30, makes: 'dismiss', says: '30 days of silence close it' },
  { in: ['valid'], days: 7, makes: 'accept', says: 'accepted by itself on day 7' },
  { in: ['deferred'], days: 30, makes: 'review', since: 'review', says: 'looked at every 30 days' },
] as const satisfies readonly Deadline<ClaimState>[];
