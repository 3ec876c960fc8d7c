import {
  CASE_DEADLINES,
  CASE_MOVES,
  CLAIM_DEADLINES,
  CLAIM_MOVES,
  type Deadline,
  type Move,
} from '@avow/docket';
import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

const DAY = 86_400_000;

/** Roles that are this program; who waits for it can do nothing but wait. */
const PROGRAM = new Set(['system', 'timer']);

export interface Standing {
  readonly state: string;
  /** When it came into the state. */
  readonly since: string;
  readonly openedAt?: string;
}

/** Where a claim or a case stands: its state, what comes next by when, and who must act. */
export function clock(words: Words, of: 'claim' | 'case', standing: Standing): Html {
  const { say } = words;
  const deadlines: readonly Deadline[] = of === 'claim' ? CLAIM_DEADLINES : CASE_DEADLINES;
  const moves: readonly Move[] = of === 'claim' ? CLAIM_MOVES : CASE_MOVES;
  const next = deadlines.filter((one) => one.in.includes(standing.state));
  const who = [
    ...new Set(
      moves
        .filter(
          ({ from, to, by }) => from.includes(standing.state) && to !== 'same' && by !== 'withdraw',
        )
        .flatMap((move) => move.who)
        .filter((role) => !PROGRAM.has(role)),
    ),
  ];
  return html`<div class="notice"><p><strong>${words.word(`${of}-state`, standing.state)}</strong> <span class="quiet small">${say('clock.since', { time: words.time(new Date(standing.since)) })}</span></p>
${next.map((one) => html`<p>${say('clock.until', { time: words.time(dueAt(one, standing)), says: words.word('deadline', one.makes) })}</p>`)}
${who.length === 0 ? '' : html`<p>${say('clock.who', { who: who.map((role) => words.word('role', role)).join(', ') })}</p>`}</div>` as Html;
}

/** The next date by which something happens to it; absent where no clock runs. */
export function nextDue(of: 'claim' | 'case', standing: Standing): Date | undefined {
  const deadlines: readonly Deadline[] = of === 'claim' ? CLAIM_DEADLINES : CASE_DEADLINES;
  const dates = deadlines
    .filter((one) => one.in.includes(standing.state))
    .map((one) => dueAt(one, standing).getTime());
  return dates.length === 0 ? undefined : new Date(Math.min(...dates));
}

/** Working days are counted as days here: the exact date is the docket's, and never earlier. */
function dueAt({ days, since }: Deadline, { since: entered, openedAt }: Standing): Date {
  const from = since === 'open' && openedAt !== undefined ? openedAt : entered;
  return new Date(Date.parse(from) + days * DAY);
}
