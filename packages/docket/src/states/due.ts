import { daysAfter, MINUTE, type Time, timeOf } from './clock.ts';
import type { Deadline } from './move.ts';

/** A deadline of one subject, with the time that it falls on. */
export interface Due {
  readonly at: Time;
  readonly makes: string;
  readonly says: string;
}

/** What a subject's deadlines count from. */
export interface Started<State extends string> {
  readonly state: State;
  /** When it came into this state. */
  readonly since: string;
  /** When a move was last made, by name. */
  readonly moves: Readonly<Record<string, string>>;
}

/** The deadlines that run in this state, the earliest first. */
export function deadlinesOf<State extends string>(
  table: readonly Deadline<State>[],
  { state, since, moves }: Started<State>,
): readonly Due[] {
  return table
    .filter((one) => one.in.includes(state))
    .map(({ since: move, days, minutes = 0, working, makes, says }) => {
      const from = (move === undefined ? undefined : moves[move]) ?? since;
      return { at: daysAfter(timeOf(from)!, days, working) + minutes * MINUTE, makes, says };
    })
    .sort((one, other) => one.at - other.at);
}
