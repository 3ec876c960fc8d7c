import { type Deadline, type Move, ROLES } from './move.ts';

/** One state machine, as documents show it. */
export interface Machine<State extends string = string> {
  readonly name: string;
  readonly states: Readonly<Record<State, string>>;
  readonly moves: readonly Move<State>[];
  readonly deadlines: readonly Deadline<State>[];
}

/** Diagram, states, moves and deadlines of a machine, in Markdown. */
export function describeMachine<State extends string>(machine: Machine<State>): string {
  const states = Object.entries<string>(machine.states).filter(([state]) => state !== 'none');
  return [
    diagram(machine),
    table(['state', 'is'], states),
    table(
      ['move', 'from', 'to', 'who', 'needs'],
      machine.moves.map((move) => [
        move.by,
        move.from.map(said).join(', '),
        move.to === 'same' ? 'stays' : move.to,
        move.who.join(', '),
        move.needs ?? '',
      ]),
    ),
    ...(machine.deadlines.length === 0
      ? []
      : [
          table(
            ['in', 'within', 'counted from', 'then', 'says'],
            machine.deadlines.map((one) => [
              one.in.join(', '),
              lengthOf(one),
              one.since === undefined ? 'entry' : `the last ${one.since}`,
              one.makes,
              one.says,
            ]),
          ),
        ]),
  ].join('\n\n');
}

function lengthOf({ days, minutes, working }: Deadline): string {
  if (minutes !== undefined) return `${minutes} minutes`;
  return `${days}${working === true ? ' working' : ''} ${days === 1 ? 'day' : 'days'}`;
}

export function describeRoles(): string {
  return table(['role', 'is'], Object.entries(ROLES));
}

function diagram<State extends string>({ moves }: Machine<State>): string {
  const lines = moves
    .filter(({ to }) => to !== 'same')
    .flatMap(({ from, by, to }) => from.map((one) => `  ${id(one)} --> ${id(to)}: ${by}`));
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

function id(state: string): string {
  return state === 'none' ? '[*]' : state.replaceAll('-', '_');
}

function said(state: string): string {
  return state === 'none' ? '–' : state;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
