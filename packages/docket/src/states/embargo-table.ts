import type { Move } from './move.ts';

export const EMBARGO_STATES = {
  none: 'nobody asked for one',
  proposed: 'asked for, with its end',
  active: 'agreed; nothing of it is public until its end',
  revise: 'in force, with another end asked for',
  exited: 'over',
} as const;
export type EmbargoState = keyof typeof EMBARGO_STATES;

/** Vultron's embargo management. It ends at once when what it covers is public. */
export const EMBARGO_MOVES = [
  {
    from: ['none'],
    by: 'embargo.propose',
    to: 'proposed',
    who: ['vendor', 'claimant', 'coordinator', 'lead'],
    needs: 'an end with date, hour and offset, within the ceiling',
  },
  {
    from: ['proposed', 'revise'],
    by: 'embargo.accept',
    to: 'active',
    who: ['coordinator', 'lead'],
  },
  { from: ['proposed'], by: 'embargo.reject', to: 'none', who: ['coordinator', 'lead'] },
  {
    from: ['active'],
    by: 'embargo.revise',
    to: 'revise',
    who: ['vendor', 'claimant', 'coordinator', 'lead'],
    needs: 'an end with date, hour and offset, within the ceiling',
  },
  { from: ['revise'], by: 'embargo.keep', to: 'active', who: ['coordinator', 'lead'] },
  {
    from: ['proposed', 'active', 'revise'],
    by: 'embargo.exit',
    to: 'exited',
    who: ['coordinator', 'lead', 'timer'],
  },
] as const satisfies readonly Move<EmbargoState>[];

export const CONSENT_STATES = {
  none: 'not asked',
  invited: 'asked',
  signatory: 'agreed',
  declined: 'refused',
  lapsed: 'agreed to another end than the one in force',
} as const;
export type ConsentState = keyof typeof CONSENT_STATES;

/** Of each participant on their own. A new end makes the consent to the old one lapse. */
export const CONSENT_MOVES = [
  { from: ['none', 'declined'], by: 'consent.invite', to: 'invited', who: ['coordinator', 'lead'] },
  {
    from: ['invited', 'lapsed'],
    by: 'consent.sign',
    to: 'signatory',
    who: ['vendor', 'claimant', 'investigator'],
  },
  {
    from: ['invited', 'lapsed', 'signatory'],
    by: 'consent.decline',
    to: 'declined',
    who: ['vendor', 'claimant', 'investigator'],
  },
  { from: ['signatory'], by: 'consent.lapse', to: 'lapsed', who: ['system', 'timer'] },
] as const satisfies readonly Move<ConsentState>[];

/** Days from the notice: CERT/CC's default, Project Zero's ceiling and grace, and while data is leaving. */
export const EMBARGO_DAYS = { usual: 45, ceiling: 104, leaving: 7, public: 0 } as const;
