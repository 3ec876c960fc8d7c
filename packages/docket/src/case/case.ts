import type { Digest } from '@avow/bytes';
import type { JsonObject, Outcome } from '@avow/log';
import { optionalText, textsIn } from '../event/data.ts';
import type { Act, DocketEvent, Subject } from '../event/event.ts';
import { CASE_MOVES, type CaseState } from '../states/case-table.ts';
import { timeOf } from '../states/clock.ts';
import { type Role, step } from '../states/move.ts';
import { type Embargo, embargoAfter, NO_EMBARGO } from './embargo.ts';
import { assertCaseMay } from './guards.ts';

export interface Party {
  readonly name: string;
  readonly role: Role;
}

export interface Statement {
  readonly by: Party;
  readonly at: string;
  readonly text: Digest;
  /** `confirms`, `disputes`, `declares`, `contests`, `agrees`. */
  readonly stance?: string;
  readonly locator?: string;
}

/** One run of the re-check by one runner. */
export interface Run {
  readonly runner: string;
  readonly at: string;
  readonly receipt: Digest;
  readonly product: Digest;
  readonly engine: Digest;
  readonly rules: Digest;
  readonly result: Digest;
  readonly outcome: string;
}

export interface Proposal {
  readonly by: string;
  readonly at: string;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly approvedBy?: string;
  readonly decidedAt?: string;
}

export interface Revision {
  readonly number: number;
  readonly at: string;
  readonly summary: string;
}

/** An investigation of one or more claims, as its events make it. */
export interface Case {
  readonly id: Subject;
  readonly state: CaseState;
  readonly version: number;
  /** What it is about. */
  readonly locator: string;
  readonly said: string;
  readonly product?: Digest;
  readonly target: string;
  readonly claims: readonly Subject[];
  /** Of an alarm: the contents that one number stands for. */
  readonly contents: readonly Digest[];
  readonly parties: readonly Party[];
  readonly statements: readonly Statement[];
  readonly evidence: readonly {
    readonly digest: Digest;
    readonly name: string;
    readonly by: string;
  }[];
  readonly runs: readonly Run[];
  readonly proposal?: Proposal;
  readonly embargo: Embargo;
  readonly revisions: readonly Revision[];
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
  const text = optionalText(data, 'text') as Digest | undefined;
  const stance = optionalText(data, 'stance');
  const locator = optionalText(data, 'locator');
  const statements =
    text === undefined
      ? before.statements
      : [
          ...before.statements,
          {
            by: actor,
            at,
            text,
            ...(stance === undefined ? {} : { stance }),
            ...(locator === undefined ? {} : { locator }),
          },
        ];
  switch (move) {
    case 'open':
      return {
        ...opened(data),
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
    case 'keep': {
      const kept = {
        digest: optionalText(data, 'digest') as Digest,
        name: optionalText(data, 'name') ?? '',
        by: actor.name,
      };
      return { parties, evidence: [...before.evidence, kept] };
    }
    case 'run':
      return { parties, runs: [...before.runs, runOf(data, actor.name, at)] };
    case 'propose':
      return {
        parties,
        proposedAt: at,
        proposal: {
          by: actor.name,
          at,
          outcome: optionalText(data, 'outcome') as Outcome,
          summary: optionalText(data, 'summary') ?? '',
        },
      };
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

function opened(data: JsonObject): Partial<Case> {
  const product = optionalText(data, 'product') as Digest | undefined;
  return {
    locator: optionalText(data, 'locator') ?? '',
    said: optionalText(data, 'said') ?? '',
    target: optionalText(data, 'target') ?? '',
    ...(product === undefined ? {} : { product }),
  };
}

function digestsIn(data: JsonObject, field: string): readonly Digest[] {
  return textsIn(data, field) as readonly Digest[];
}

function revision(number: number, at: string, summary: string): Revision {
  return { number, at, summary };
}

function runOf(data: JsonObject, runner: string, at: string): Run {
  const digest = (field: string): Digest => optionalText(data, field) as Digest;
  return {
    runner,
    at,
    receipt: digest('receipt'),
    product: digest('product'),
    engine: digest('engine'),
    rules: digest('rules'),
    result: digest('result'),
    outcome: optionalText(data, 'outcome') ?? '',
  };
}
