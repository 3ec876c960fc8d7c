import { OUTCOMES, type Outcome } from '@avow/log';
import { needs, textIn } from '../event/data.ts';
import type { Act } from '../event/event.ts';
import { CONTEST_DAYS, QUIET_DAYS } from '../states/case-table.ts';
import { daysAfter, timeOf, timeText } from '../states/clock.ts';
import type { Case } from './case.ts';
import { isInForce } from './embargo.ts';
import type { Run } from './parts.ts';

/** Conditions beyond the table's, each named in its `needs`. Refuses `docket.needs`. */
export function assertCaseMay(before: Case, { move, actor, data }: Act, at: string): void {
  switch (move) {
    case 'open':
      textIn(data, 'locator', 'a case is about a place');
      return;
    case 'state':
    case 'answer':
      textIn(data, 'text', 'a statement has a text');
      return;
    case 'run':
      for (const field of ['receipt', 'product', 'engine', 'rules', 'result', 'outcome']) {
        textIn(data, field, `a run has its ${field}`);
      }
      return;
    case 'reproduce':
      if (!hasTwoRuns(before.runs, (outcome) => outcome === 'reproduced')) throw needs(TWO_RUNS);
      return;
    case 'doNotReproduce':
      if (!hasTwoRuns(before.runs, (outcome) => outcome !== 'reproduced')) throw needs(TWO_RUNS);
      return;
    case 'propose':
      assertBorneOut(before, data);
      return;
    case 'contest':
      textIn(data, 'locator', 'an objection names a locator');
      return;
    case 'approve':
      assertApprovable(before, actor.name, at);
      return;
    case 'publish':
      if (isInForce(before.embargo, timeOf(at)!)) {
        throw needs(`an embargo is in force until ${before.embargo.end}`);
      }
      return;
    case 'finalise': {
      const quiet = daysAfter(timeOf(before.updated)!, QUIET_DAYS);
      if (timeOf(at)! < quiet) throw needs(`it is final after ${timeText(quiet)}`);
      return;
    }
    case 'correct':
      textIn(data, 'summary', 'a correction says what changes');
      if (before.proposal?.by === actor.name)
        throw needs('another person than the author corrects');
      return;
    case 'withdraw':
      textIn(data, 'summary', 'it needs a public reason');
      return;
    case 'log':
      for (const field of ['log', 'entry', 'head', 'proof']) {
        textIn(data, field, `what was logged has its ${field}`);
      }
      return;
  }
}

const TWO_RUNS = 'it needs two runs by two runners with that outcome and equal digests';

/** Two runs of one outcome by different runners, equal in every digest. */
export function hasTwoRuns(runs: readonly Run[], isWanted: (outcome: string) => boolean): boolean {
  const fits = runs.filter(({ outcome }) => isWanted(outcome));
  return fits.some((one) =>
    fits.some((other) => one.runner !== other.runner && isSameRun(one, other)),
  );
}

export function isSameRun(one: Run, other: Run): boolean {
  return (['product', 'engine', 'rules', 'result', 'outcome'] as const).every(
    (field) => one[field] === other[field],
  );
}

/** Verdicts that say it is there need runs that found it; the machine's "cannot tell" allows `unknown` alone. */
const NEEDS_FOUND: readonly Outcome[] = ['undeclared', 'contradicts', 'declared'];

function assertBorneOut(before: Case, data: Act['data']): void {
  const outcome = textIn(data, 'outcome', 'a proposal has its verdict') as Outcome;
  if (!OUTCOMES.includes(outcome)) throw needs(`a verdict is one of ${OUTCOMES.join(', ')}`);
  textIn(data, 'summary', 'a proposal says why');
  const isFound = hasTwoRuns(before.runs, (one) => one === 'reproduced');
  if (NEEDS_FOUND.includes(outcome) !== isFound && outcome !== 'unreachable') {
    throw needs(
      isFound
        ? `two runs found it: the verdict is one of ${NEEDS_FOUND.join(', ')}, or unreachable`
        : `two runs did not find it: the verdict is absent, unreachable or unknown`,
    );
  }
  const isOpen = hasTwoRuns(before.runs, (one) => one === 'inconclusive');
  if (isOpen && outcome === 'absent')
    throw needs('the runs could not tell: the verdict is unknown');
}

function assertApprovable({ proposal, statements }: Case, name: string, at: string): void {
  if (proposal === undefined) throw needs('there is no proposal');
  if (proposal.by === name) throw needs(`${name} proposed it: another person approves`);
  const open = daysAfter(timeOf(proposal.at)!, CONTEST_DAYS);
  if (timeOf(at)! >= open) return;
  const agrees = (role: string): boolean =>
    statements.some(
      (one) => one.by.role === role && one.stance === 'agrees' && one.at >= proposal.at,
    );
  if (agrees('vendor') && agrees('claimant')) return;
  throw needs(`it can be contested until ${timeText(open)}, unless vendor and claimant agree`);
}
