import { needs, optionalText, textIn } from '../event/data.ts';
import type { Act } from '../event/event.ts';
import { daysAfter, type Time, timeOf, timeText } from '../states/clock.ts';
import {
  CONSENT_MOVES,
  type ConsentState,
  EMBARGO_DAYS,
  EMBARGO_MOVES,
  type EmbargoState,
} from '../states/embargo-table.ts';
import { step } from '../states/move.ts';

export interface Embargo {
  readonly state: EmbargoState;
  /** As it was agreed: date, hour and offset from UTC. */
  readonly end?: string;
  /** What was asked for and is not agreed yet. */
  readonly asked?: string;
  readonly consents: Readonly<Record<string, ConsentState>>;
}

export const NO_EMBARGO: Embargo = { state: 'none', consents: {} };

/** Whether anything of it may be shown. The end that was agreed ends it, whoever forgot to. */
export function isInForce({ state, end }: Embargo, now: Time): boolean {
  if (state !== 'active' && state !== 'revise') return false;
  const until = end === undefined ? undefined : timeOf(end);
  return until === undefined || now < until;
}

/** The embargo after a move. `notice` is when the vendor was told: the ceiling counts from there. */
export function embargoAfter(embargo: Embargo, act: Act, notice: Time): Embargo {
  if (act.move.startsWith('consent.')) return consentAfter(embargo, act);
  const state = step(EMBARGO_MOVES, embargo.state, act.move, act.actor.role);
  switch (act.move) {
    case 'embargo.propose':
    case 'embargo.revise':
      return { ...embargo, state, asked: askedEnd(act, notice) };
    case 'embargo.accept':
      return accepted(embargo, state);
    default: {
      const { asked: _, ...rest } = embargo;
      return { ...rest, state };
    }
  }
}

function accepted({ asked, consents, end }: Embargo, state: EmbargoState): Embargo {
  const agreed = asked ?? end;
  const isOther = end !== undefined && agreed !== end;
  const after = Object.entries(consents).map(([name, consent]) => [
    name,
    isOther && consent === 'signatory' ? 'lapsed' : consent,
  ]);
  return { state, consents: Object.fromEntries(after), ...(agreed ? { end: agreed } : {}) };
}

/** Refuses `docket.needs` for an end without zone or beyond the ceiling. */
function askedEnd({ data }: Act, notice: Time): string {
  const text = textIn(data, 'end', 'an embargo has an end: 2026-12-24T18:00+01:00');
  const end = timeOf(text);
  if (end === undefined) {
    throw needs(`"${text}" is no date with hour and offset; like 2026-12-24T18:00+01:00`);
  }
  const isLeaving = data['isLeaving'] === true;
  const isPublic = data['isPublic'] === true;
  const days = isPublic
    ? EMBARGO_DAYS.public
    : isLeaving
      ? EMBARGO_DAYS.leaving
      : EMBARGO_DAYS.ceiling;
  const latest = daysAfter(notice, days);
  if (end <= latest) return text;
  const why = isPublic ? 'it is public' : isLeaving ? 'data is leaving now' : 'that is the ceiling';
  throw needs(`it can end ${timeText(latest)} at the latest: ${days} days from the notice; ${why}`);
}

function consentAfter(embargo: Embargo, { move, actor, data }: Act): Embargo {
  const isTheirs = move === 'consent.sign' || move === 'consent.decline';
  const name = isTheirs ? actor.name : (optionalText(data, 'participant') ?? '');
  if (name === '') throw needs('it needs the participant');
  const consent = step(CONSENT_MOVES, embargo.consents[name] ?? 'none', move, actor.role);
  return { ...embargo, consents: { ...embargo.consents, [name]: consent } };
}
