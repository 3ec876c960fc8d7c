import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Digest, digestOf } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import type { Act, Actor } from '../event/event.ts';
import { CASE_DEADLINES, type CaseState, CONTEST_DAYS } from '../states/case-table.ts';
import { DAY, timeText } from '../states/clock.ts';
import { deadlinesOf } from '../states/due.ts';
import { type Case, caseAfter, caseOf } from './case.ts';
import { isInForce } from './embargo.ts';

const EMPTY: Case = caseOf([]);
const START = Date.parse('2026-11-23T12:00:00Z');
const TEXT = digestOf('text');
const as = (role: Actor['role'], name: string): Actor => ({ role, name });
const ANA = as('investigator', 'ana');
const BEN = as('investigator', 'ben');
const LEAD = as('lead', 'lea');
const VENDOR = as('vendor', 'maker');

const run = (actor: Actor, outcome: string, result: Digest = digestOf('result')): Act =>
  act('run', actor, {
    receipt: digestOf(`${actor.name}${outcome}`),
    product: digestOf('product'),
    engine: digestOf('engine'),
    rules: digestOf('rules'),
    result,
    outcome,
  });

function act(move: string, actor: Actor, data: JsonObject = {}): Act {
  return { move, actor, data };
}

const OPEN = act('open', as('system', 'avow'), {
  locator: 'pkg:npm/x@1#a.js @line:1',
  claims: ['claim-1'],
});
const PROPOSE = act('propose', LEAD, { outcome: 'undeclared', summary: 'it sends keys' });
const RUNS = [run(ANA, 'reproduced'), run(BEN, 'reproduced'), act('reproduce', ANA)];

/** Each act a day after the one before, unless it says otherwise. */
function after(acts: readonly (Act | { readonly days: number })[]): Case {
  let time = START;
  let found = EMPTY;
  for (const one of acts) {
    if ('days' in one) time += one.days * DAY;
    else found = caseAfter(found, one, timeText(time), 'case-1');
  }
  return found;
}

const REFUSED: Readonly<Record<string, readonly [RegExp, readonly (Act | { days: number })[]]>> = {
  'one run is no reproduction': [/two runs/, [OPEN, run(ANA, 'reproduced'), act('reproduce', ANA)]],
  'two runs by one person are no reproduction': [
    /two runs/,
    [OPEN, run(ANA, 'reproduced'), run(ANA, 'reproduced'), act('reproduce', ANA)],
  ],
  'two runs with other digests are no reproduction': [
    /two runs/,
    [
      OPEN,
      run(ANA, 'reproduced'),
      run(BEN, 'reproduced', digestOf('other')),
      act('reproduce', ANA),
    ],
  ],
  'a verdict against what the runs found': [
    /two runs found it/,
    [OPEN, ...RUNS, act('propose', LEAD, { outcome: 'absent', summary: 'no' })],
  ],
  'the proposer approves': [
    /another person/,
    [OPEN, ...RUNS, PROPOSE, { days: 8 }, act('approve', LEAD)],
  ],
  'approval within the contest window': [
    /can be contested until/,
    [OPEN, ...RUNS, PROPOSE, { days: 6 }, act('approve', as('lead', 'max'))],
  ],
  'an objection without a place': [
    /names a locator/,
    [OPEN, ...RUNS, PROPOSE, act('contest', VENDOR, { text: TEXT })],
  ],
  'approval by an investigator': [
    /approve is for lead/,
    [OPEN, ...RUNS, PROPOSE, { days: 8 }, act('approve', ANA)],
  ],
  'an embargo beyond the ceiling': [
    /at the latest/,
    [OPEN, act('embargo.propose', VENDOR, { end: '2027-11-23T12:00+01:00' })],
  ],
  'an embargo while data is leaving': [
    /data is leaving/,
    [OPEN, act('embargo.propose', VENDOR, { end: '2026-12-23T12:00+01:00', isLeaving: true })],
  ],
  'an embargo without an offset': [
    /date with hour and offset/,
    [OPEN, act('embargo.propose', VENDOR, { end: '2026-12-23 12:00' })],
  ],
  'a publication under embargo': [
    /embargo is in force/,
    [
      OPEN,
      act('embargo.propose', VENDOR, { end: '2027-01-02T18:00+01:00' }),
      act('embargo.accept', LEAD),
      ...RUNS,
      PROPOSE,
      { days: 8 },
      act('approve', as('lead', 'max')),
      act('publish', as('publisher', 'pia')),
    ],
  ],
};

for (const [name, [says, acts]] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => {
    assert.throws(() => after(acts), says);
    assert.doesNotThrow(() => after(acts.slice(0, -1)));
  });
}

test('a silent vendor stops nothing: decided and published without an answer', () => {
  const found = after([
    OPEN,
    act('silence', as('timer', 'avow'), { says: 'the vendor answers within 14 days' }),
    ...RUNS,
    PROPOSE,
    { days: 7 },
    act('approve', as('lead', 'max')),
    act('publish', as('publisher', 'pia')),
  ]);
  assert.equal(found.state, 'published');
  assert.deepEqual(
    found.missed.map(({ says }) => says),
    ['the vendor answers within 14 days'],
  );
  assert.equal(found.proposal?.approvedBy, 'max');
});

test('an embargo ends at its hour, and a new end makes consents lapse', () => {
  const end = '2026-12-24T18:00+01:00';
  const found = after([
    OPEN,
    act('consent.invite', LEAD, { participant: 'maker' }),
    act('consent.sign', VENDOR),
    act('embargo.propose', VENDOR, { end }),
    act('embargo.accept', LEAD),
  ]);
  assert.equal(isInForce(found.embargo, Date.parse('2026-12-24T16:59:59Z')), true);
  assert.equal(isInForce(found.embargo, Date.parse('2026-12-24T17:00:00Z')), false);
  const later = { end: '2026-12-30T18:00+01:00' };
  const revised = [act('embargo.revise', LEAD, later), act('embargo.accept', LEAD)].reduce(
    (before, one) => caseAfter(before, one, timeText(START + DAY)),
    found,
  );
  assert.equal(revised.embargo.consents['maker'], 'lapsed');
  assert.equal(revised.embargo.end, later.end);
});

/** The conditions a second time: what is true of every whole history that was let through. */
function holds(history: readonly (Act & { readonly at: number })[]): boolean {
  const lastBefore = (index: number, move: string) =>
    history.slice(0, index).findLast((one) => one.move === move);
  return history.every((one, index) => {
    const past = history.slice(0, index);
    const pairs = (isWanted: (outcome: unknown) => boolean) =>
      past.some(
        (a) =>
          a.move === 'run' &&
          isWanted(a.data['outcome']) &&
          past.some(
            (b) =>
              b.move === 'run' &&
              b.actor.name !== a.actor.name &&
              b.data['result'] === a.data['result'] &&
              b.data['outcome'] === a.data['outcome'],
          ),
      );
    if (one.move === 'reproduce') return pairs((outcome) => outcome === 'reproduced');
    if (one.move === 'doNotReproduce') return pairs((outcome) => outcome !== 'reproduced');
    if (one.move !== 'approve') return true;
    const proposal = lastBefore(index, 'propose');
    if (proposal === undefined) return false;
    const since = past.slice(past.lastIndexOf(proposal));
    const agrees = (role: string) =>
      since.some((a) => a.actor.role === role && a.data['stance'] === 'agrees');
    return (
      proposal.actor.name !== one.actor.name &&
      (one.at - proposal.at >= CONTEST_DAYS * DAY || (agrees('vendor') && agrees('claimant')))
    );
  });
}

test('what the fold lets through and what whole histories must be like are the same, on 30,000 histories', () => {
  const acts: readonly Act[] = [
    run(ANA, 'reproduced'),
    run(BEN, 'reproduced'),
    run(ANA, 'differs'),
    run(BEN, 'differs'),
    run(BEN, 'reproduced', digestOf('other')),
    act('reproduce', ANA),
    act('doNotReproduce', BEN),
    PROPOSE,
    act('propose', as('lead', 'max'), { outcome: 'unreachable', summary: 'nothing calls it' }),
    act('contest', VENDOR, { text: TEXT, locator: 'pkg:npm/x@1#a.js @line:2' }),
    act('state', VENDOR, { text: TEXT, stance: 'agrees' }),
    act('state', as('claimant', 'cleo'), { text: TEXT, stance: 'agrees' }),
    act('approve', LEAD),
    act('approve', as('lead', 'max')),
  ];
  let seed = 11;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 8;
  const decided = { yes: 0, no: 0 };
  for (let round = 0; round < 30_000; round++) {
    let time = START;
    let found = caseAfter(EMPTY, OPEN, timeText(time), 'case-1');
    const history: (Act & { readonly at: number })[] = [];
    for (let left = 14; left > 0; left--) {
      const next = acts[random() % acts.length]!;
      time += (random() % 5) * DAY;
      const isHeld = holds([...history, { ...next, at: time }]);
      let isLet: boolean;
      let why = '';
      try {
        found = caseAfter(found, next, timeText(time));
        isLet = true;
      } catch (error) {
        isLet = false;
        why = (error as Error).message;
        // What the table does not have, and what the outcome forbids, is held elsewhere.
        if (/^docket\.move|verdict is/.test(why)) continue;
      }
      assert.equal(isLet, isHeld, `${history.map(({ move }) => move)} then ${next.move}: ${why}`);
      if (next.move === 'approve') decided[isLet ? 'yes' : 'no']++;
      if (isLet) history.push({ ...next, at: time });
    }
  }
  assert.ok(decided.yes > 40 && decided.no > 100, JSON.stringify(decided));
});

test('once a verdict is proposed, none is overdue for want of one', () => {
  const since = '2026-11-24T00:00:00.000Z';
  const says = (state: CaseState): readonly string[] =>
    deadlinesOf(CASE_DEADLINES, { state, since, moves: { open: since } }).map((one) => one.says);
  assert.ok(says('reproduced').includes('a verdict is proposed within 30 days'));
  assert.deepEqual(says('verdict-proposed'), []);
  assert.deepEqual(says('contested'), []);
});
