import { Refused } from '@avow/bytes';

/** Who may make a move. `system` and `timer` are this program: on what it is given, and on what time it is. */
export const ROLES = {
  anyone: 'anyone, under a pseudonym or a receipt code',
  claimant: 'who made the claim',
  vendor: 'who makes the product',
  investigator: 'who examines',
  lead: 'who answers for the case',
  coordinator: 'who speaks with the vendor',
  publisher: 'who publishes what was decided',
  system: 'this program, by what it read',
  timer: 'this program, by the time it is',
} as const;
export type Role = keyof typeof ROLES;

/** One legal move. What is in no table does not exist. */
export interface Move<State extends string = string> {
  readonly from: readonly State[];
  readonly by: string;
  /** `same` where something is added and the state stays. */
  readonly to: State | 'same';
  readonly who: readonly Role[];
  /** The condition that the fold holds the move to, for people. */
  readonly needs?: string;
}

/** What must have happened by when, counted from the entry into a state or from a named move. */
export interface Deadline<State extends string = string> {
  readonly in: readonly State[];
  readonly days: number;
  /** Beyond the days: what a machine answers is due sooner. */
  readonly minutes?: number;
  /** The move that is made for whoever let it pass. */
  readonly makes: string;
  /** Counted from this move; absent: from the entry into the state. */
  readonly since?: string;
  /** Weekends do not count. */
  readonly working?: true;
  readonly says: string;
}

/** The state after a move. Refuses `docket.move` for one that the table does not have, `docket.role` for one that is not theirs. */
export function step<State extends string>(
  table: readonly Move<State>[],
  state: State,
  by: string,
  role: Role,
): State {
  const move = table.find((one) => one.by === by && one.from.includes(state));
  if (move === undefined) {
    const can = movesFrom(table, state)
      .filter(({ who }) => who.some((one) => one !== 'system' && one !== 'timer'))
      .map((one) => one.by);
    throw new Refused(
      'docket.move',
      undefined,
      `${by} cannot be done while it is ${state}; what can: ${can.join(', ') || 'nothing'}`,
    );
  }
  if (!move.who.includes(role)) {
    throw new Refused(
      'docket.role',
      undefined,
      `${by} is for ${move.who.join(' or ')}, not for ${role}`,
    );
  }
  return move.to === 'same' ? state : move.to;
}

export function movesFrom<State extends string>(
  table: readonly Move<State>[],
  state: State,
): readonly Move<State>[] {
  return table.filter(({ from }) => from.includes(state));
}
