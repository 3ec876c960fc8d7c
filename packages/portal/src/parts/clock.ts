import {
  CASE_DEADLINES,
  CASE_MOVES,
  CLAIM_DEADLINES,
  CLAIM_MOVES,
  type Deadline,
  type Due,
  deadlinesOf,
  type Move,
} from '@avow/docket';
import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

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
  const moves: readonly Move[] = of === 'claim' ? CLAIM_MOVES : CASE_MOVES;
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
${running(of, standing).map(({ at, makes }) => html`<p>${say('clock.until', { time: words.time(new Date(at)), says: words.word('deadline', makes) })}</p>`)}
${who.length === 0 ? '' : html`<p>${say('clock.who', { who: who.map((role) => words.word('role', role)).join(', ') })}</p>`}</div>` as Html;
}

/** The next date by which something happens to it; absent where no clock runs. */
export function nextDue(of: 'claim' | 'case', standing: Standing): Date | undefined {
  const [first] = running(of, standing);
  return first && new Date(first.at);
}

/** The deadlines that run, by the docket's own reckoning. */
function running(of: 'claim' | 'case', { state, since, openedAt }: Standing): readonly Due[] {
  const table: readonly Deadline[] = of === 'claim' ? CLAIM_DEADLINES : CASE_DEADLINES;
  const moves: Record<string, string> = openedAt === undefined ? {} : { open: openedAt };
  return deadlinesOf(table, { state, since, moves });
}
