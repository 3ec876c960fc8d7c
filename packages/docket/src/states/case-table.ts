import type { Deadline, Move } from './move.ts';

export const CASE_STATES = {
  none: 'not there yet',
  open: 'opened by the first accepted claim, or by an alarm',
  'vendor-notified': 'the vendor was told',
  'vendor-answered': 'the vendor confirms, disputes or declares',
  reproduced: 'two runs by two runners found it, with equal digests',
  'not-reproduced': 'two runs by two runners did not find it, with equal digests',
  'verdict-proposed': 'a verdict is proposed and may be contested',
  contested: 'an objection names a locator',
  decided: 'approved by a second person',
  published: 'the advisory is out',
  corrected: 'a new revision is out; the former stays',
  superseded: 'another case took its place',
  withdrawn: 'the advisory was taken back; the history stays',
} as const;
export type CaseState = keyof typeof CASE_STATES;

const EXAMINING = [
  'open',
  'vendor-notified',
  'vendor-answered',
  'reproduced',
  'not-reproduced',
] as const;
const UNDECIDED = [...EXAMINING, 'verdict-proposed', 'contested'] as const;
const OUT = ['published', 'corrected'] as const;
const LIVE = [...UNDECIDED, 'decided', ...OUT] as const;

/**
 * The moves of a case. The vendor's silence stops nothing: what has to be done
 * next can be done from every state before it.
 */
export const CASE_MOVES = [
  { from: ['none'], by: 'open', to: 'open', who: ['system'] },
  { from: LIVE, by: 'join', to: 'same', who: ['system'] },
  { from: LIVE, by: 'take', to: 'same', who: ['investigator', 'lead'] },
  { from: ['open'], by: 'notify', to: 'vendor-notified', who: ['coordinator', 'lead'] },
  { from: ['vendor-notified'], by: 'answer', to: 'vendor-answered', who: ['vendor'] },
  {
    from: LIVE,
    by: 'state',
    to: 'same',
    who: ['vendor', 'claimant', 'investigator', 'lead', 'coordinator'],
  },
  { from: UNDECIDED, by: 'silence', to: 'same', who: ['timer'] },
  { from: UNDECIDED, by: 'overdue', to: 'same', who: ['timer'] },
  { from: LIVE, by: 'keep', to: 'same', who: ['vendor', 'claimant', 'investigator', 'lead'] },
  { from: UNDECIDED, by: 'run', to: 'same', who: ['investigator', 'lead'] },
  {
    from: EXAMINING,
    by: 'reproduce',
    to: 'reproduced',
    who: ['investigator', 'lead'],
    needs: 'two runs by two runners that found it, with equal digests',
  },
  {
    from: EXAMINING,
    by: 'doNotReproduce',
    to: 'not-reproduced',
    who: ['investigator', 'lead'],
    needs: 'two runs by two runners that did not find it, with equal digests',
  },
  {
    from: ['reproduced', 'not-reproduced', 'verdict-proposed', 'contested'],
    by: 'propose',
    to: 'verdict-proposed',
    who: ['investigator', 'lead'],
    needs: 'a verdict that the runs bear out',
  },
  {
    from: ['verdict-proposed'],
    by: 'contest',
    to: 'contested',
    who: ['vendor', 'claimant'],
    needs: 'an objection that names a locator',
  },
  {
    from: ['verdict-proposed'],
    by: 'approve',
    to: 'decided',
    who: ['lead'],
    needs:
      'another person than who proposed; 7 days since the proposal, or no objection from both parties',
  },
  {
    from: ['decided'],
    by: 'publish',
    to: 'published',
    who: ['publisher', 'lead'],
    needs: 'no embargo in force',
  },
  { from: OUT, by: 'finalise', to: 'same', who: ['publisher'], needs: 'six quiet weeks' },
  {
    from: OUT,
    by: 'correct',
    to: 'corrected',
    who: ['publisher'],
    needs: 'what changes; another person than who approved',
  },
  {
    from: [...OUT, 'superseded', 'withdrawn'],
    by: 'log',
    to: 'same',
    who: ['system'],
    needs: 'the head of the chain, and the log that holds it',
  },
  { from: OUT, by: 'supersede', to: 'superseded', who: ['publisher'] },
  { from: OUT, by: 'withdraw', to: 'withdrawn', who: ['publisher'], needs: 'a public reason' },
] as const satisfies readonly Move<CaseState>[];

export const CASE_DEADLINES = [
  {
    in: ['open'],
    days: 2,
    working: true,
    makes: 'overdue',
    says: 'the vendor is told within 2 working days',
  },
  {
    in: ['vendor-notified'],
    days: 7,
    makes: 'silence',
    says: 'the vendor confirms receipt within 7 days',
  },
  {
    in: ['vendor-notified'],
    days: 14,
    makes: 'silence',
    says: 'the vendor answers within 14 days',
  },
  {
    in: EXAMINING,
    days: 21,
    makes: 'overdue',
    since: 'open',
    says: 'two runs within 21 days',
  },
  {
    in: EXAMINING,
    days: 30,
    makes: 'overdue',
    since: 'open',
    says: 'a verdict is proposed within 30 days',
  },
] as const satisfies readonly Deadline<CaseState>[];

/** Days in which a proposed verdict can be contested. */
export const CONTEST_DAYS = 7;
/** A CSAF document is `final` when nothing changed for so long. */
export const QUIET_DAYS = 42;
