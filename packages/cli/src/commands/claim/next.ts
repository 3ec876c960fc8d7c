import { CASE_MOVES, type Case, CLAIM_MOVES, type Claim, type Due, timeText } from '@avow/docket';
import { shown } from '../../render/shown.ts';

type CommandOf = (id: string) => string;
const state = (as: string, rest: string): CommandOf => {
  return (id) => `avow case state ${id} --as ${as}:NAME ${rest}`;
};

/** What a person types for a move; undefined for what the system, the time or another command does. */
const CLAIM_COMMANDS: Readonly<Record<(typeof CLAIM_MOVES)[number]['by'], CommandOf | undefined>> =
  {
    write: undefined,
    edit: undefined,
    submit: (id) => `avow claim new PRODUCT --complete ${id} --yes`,
    overdue: undefined,
    turnBack: undefined,
    resolve: undefined,
    turnBackAgain: undefined,
    complete: (id) => `avow claim new --complete ${id} --text "…"`,
    attach: undefined,
    accept: (id) => `avow case take ${id} --as lead:NAME`,
    defer: state('lead', '--move defer --why "…"'),
    review: undefined,
    resume: state('lead', '--move resume'),
    close: undefined,
    dismiss: state('lead', '--move dismiss --reason CODE'),
    withdraw: (id) => `avow claim withdraw ${id} --by NAME`,
  };

const CASE_COMMANDS: Readonly<Record<(typeof CASE_MOVES)[number]['by'], CommandOf | undefined>> = {
  open: undefined,
  join: undefined,
  take: (id) => `avow case take ${id} --as investigator:NAME`,
  notify: state('coordinator', '--move notify'),
  answer: state('vendor', '--text "…" --stance disputes'),
  state: state('ROLE', '--text "…"'),
  silence: undefined,
  overdue: undefined,
  keep: state('ROLE', '--evidence FILE'),
  run: (id) => `avow case run ${id} --as investigator:NAME`,
  reproduce: undefined,
  doNotReproduce: undefined,
  propose: (id) => `avow case propose ${id} --as lead:NAME --verdict WORD --why "…"`,
  contest: state('vendor', '--move contest --locator LOCATOR --text "…"'),
  approve: (id) => `avow case approve ${id} --as lead:NAME`,
  publish: (id) => `avow case publish ${id} --as publisher:NAME --output FOLDER …`,
  finalise: state('publisher', '--move finalise'),
  correct: state('publisher', '--move correct --why "…"'),
  log: undefined,
  supersede: state('publisher', '--move supersede'),
  withdraw: state('publisher', '--move withdraw --why "…"'),
};

/** The commands that go on from here, one a line. */
export function nextOfClaim({ id, state: now }: Claim): readonly string[] {
  return commandsFor(id, now, CLAIM_MOVES, CLAIM_COMMANDS);
}

export function nextOfCase({ id, state: now }: Case): readonly string[] {
  return commandsFor(id, now, CASE_MOVES, CASE_COMMANDS);
}

function commandsFor<By extends string>(
  id: string,
  now: string,
  moves: readonly { readonly by: By; readonly from: readonly string[] }[],
  commands: Readonly<Record<By, CommandOf | undefined>>,
): readonly string[] {
  const can = moves.filter(({ from }) => from.includes(now));
  const typed = can.flatMap(({ by }) => commands[by]?.(id) ?? []);
  if (typed.length === 0) return ['Nothing more can be done.'];
  return ['What can be done:', ...new Set(typed.map((one) => `  ${one}`))];
}

/** The next deadline, where one runs. */
export function dueLines(next: Due | undefined): readonly string[] {
  return next === undefined ? [] : [`  due ${timeText(next.at)}: ${next.says}`];
}

/** A text of others, line by line. */
export function quoted(text: string | undefined, indent = '  '): readonly string[] {
  return (text ?? '(the text was erased)').split('\n').map((line) => `${indent}| ${shown(line)}`);
}
