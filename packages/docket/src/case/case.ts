import type { Digest } from '@avow/bytes';
import { optionalText, textsIn } from '../event/data.ts';
import type { Act, DocketEvent, Subject } from '../event/event.ts';
import { CASE_MOVES, type CaseState } from '../states/case-table.ts';
import { timeOf } from '../states/clock.ts';
import { step } from '../states/move.ts';
import { type Embargo, embargoAfter, NO_EMBARGO } from './embargo.ts';
import { assertCaseMay } from './guards.ts';
import {
  type About,
  aboutOf,
  digestsIn,
  type Evidence,
  evidenceOf,
  type Logged,
  loggedOf,
  type Party,
  type Proposal,
  proposalOf,
  type Revision,
  type Run,
  revision,
  runOf,
  type Statement,
  statementOf,
} from './parts.ts';

/** An investigation of one or more claims, as its events make it. */
export interface Case extends About {
  readonly id: Subject;
  readonly state: CaseState;
  readonly version: number;
  readonly claims: readonly Subject[];
  /** Of an alarm: the contents that one number stands for. */
  readonly contents: readonly Digest[];
  readonly parties: readonly Party[];
  readonly statements: readonly Statement[];
  readonly evidence: readonly Evidence[];
  readonly runs: readonly Run[];
  readonly proposal?: Proposal;
  readonly embargo: Embargo;
  readonly revisions: readonly Revision[];
  readonly logged: readonly Logged[];
  readonly isFinal: boolean;
  /** What was due and did not happen, with when: silence is recorded, and stops nothing. */
  readonly missed: readonly { readonly at: string; readonly says: string }[];
  readonly openedAt: string;
  readonly notifiedAt?: string;
  readonly proposedAt?: string;
  readonly since: string;
  readonly updated: string;
}

const NOTHING: Case = {
  id: '',
  state: 'none',
  version: 0,
  locator: '',
  said: '',
  target: '',
  claims: [],
  contents: [],
  parties: [],
  statements: [],
  evidence: [],
  runs: [],
  embargo: NO_EMBARGO,
  revisions: [],
  logged: [],
  isFinal: false,
  missed: [],
  openedAt: '',
  since: '',
  updated: '',
};

export function caseOf(events: Iterable<DocketEvent>): Case {
  let found = NOTHING;
  for (const event of events) found = caseAfter(found, event, event.at, event.subject);
  return found;
}

/** The case after one more move. Refuses `docket.move`, `docket.role`, `docket.needs`. */
export function caseAfter(before: Case, act: Act, at: string, id: Subject = before.id): Case {
  const common = { id, version: before.version + 1, updated: at };
  if (/^(?:embargo|consent)\./.test(act.move)) {
    const notice = timeOf(before.notifiedAt ?? before.openedAt)!;
    return { ...before, ...common, embargo: embargoAfter(before.embargo, act, notice) };
  }
  const state = step(CASE_MOVES, before.state, act.move, act.actor.role);
  assertCaseMay(before, act, at);
  return {
    ...before,
    ...partsOf(before, act, at),
    ...common,
    state,
    since: state === before.state ? before.since : at,
  };
}

function partsOf(before: Case, { move, actor, data }: Act, at: string): Partial<Case> {
  const parties = before.parties.some(
    ({ name, role }) => name === actor.name && role === actor.role,
  )
    ? before.parties
    : [...before.parties, actor];
  const said = statementOf(data, actor, at);
  const statements = said === undefined ? before.statements : [...before.statements, said];
  switch (move) {
    case 'open':
      return {
        ...aboutOf(data),
        claims: textsIn(data, 'claims'),
        contents: digestsIn(data, 'contents'),
        openedAt: at,
      };
    case 'join':
      return {
        claims: [...new Set([...before.claims, ...textsIn(data, 'claims')])],
        contents: [...new Set([...before.contents, ...digestsIn(data, 'contents')])],
      };
    case 'take':
      return { parties };
    case 'notify':
      return { notifiedAt: at, parties, statements };
    case 'answer':
    case 'state':
      return { parties, statements };
    case 'silence':
    case 'overdue':
      return { missed: [...before.missed, { at, says: optionalText(data, 'says') ?? '' }] };
    case 'keep':
      return { parties, evidence: [...before.evidence, evidenceOf(data, actor.name)] };
    case 'run':
      return { parties, runs: [...before.runs, runOf(data, actor.name, at)] };
    case 'propose':
      return { parties, proposedAt: at, proposal: proposalOf(data, actor.name, at) };
    case 'contest':
      return { parties, statements };
    case 'approve':
      return {
        parties,
        proposal: { ...before.proposal!, approvedBy: actor.name, decidedAt: at },
      };
    case 'publish':
      return { revisions: [revision(1, at, 'First published.')], isFinal: false };
    case 'finalise':
      return { isFinal: true };
    case 'log':
      return { logged: [...before.logged, loggedOf(data, at)] };
    case 'correct':
    case 'supersede':
    case 'withdraw':
      return {
        isFinal: false,
        revisions: [
          ...before.revisions,
          revision(before.revisions.length + 1, at, optionalText(data, 'summary') ?? move),
        ],
      };
    default:
      return {};
  }
}
