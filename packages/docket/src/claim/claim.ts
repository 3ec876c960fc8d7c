import type { Digest } from '@avow/bytes';
import type { Json } from '@avow/log';
import { needs, optionalText, textIn, textsIn } from '../event/data.ts';
import type { Act, Actor, DocketEvent, Subject } from '../event/event.ts';
import { CLAIM_MOVES, type ClaimState } from '../states/claim-table.ts';
import { step } from '../states/move.ts';
import { isReasonCode } from './reasons.ts';

/** A product by its name and its bytes. */
export interface Given {
  readonly target: string;
  readonly digest: string;
}

/** A claim, as its events make it. */
export interface Claim {
  readonly id: Subject;
  readonly state: ClaimState;
  readonly version: number;
  readonly claimant: string;
  /** Digests of everything that was typed, the latest last: nothing is lost. */
  readonly texts: readonly Digest[];
  /** What is said to be there: a feature, or `source -> destination`. */
  readonly said?: string;
  /** Canonical, confirmed by the claimant. */
  readonly locator?: string;
  /** Digests of the product, the module and the declaration in force when it was made. */
  readonly product?: Digest;
  readonly module?: Digest;
  readonly declaration?: Digest;
  /** Module, place and flow: what makes two claims one. */
  readonly fingerprint?: Digest;
  /** Digest of the re-check's receipt, and what came of it. */
  readonly receipt?: Digest;
  readonly outcome?: string;
  /** Of the latest turning back, deferring or dismissal. */
  readonly reasons: readonly string[];
  /** What was due and did not happen: each is recorded once. */
  readonly missed: readonly { readonly at: string; readonly says: string }[];
  /** Products that were given with it: it goes on with them when none is given anew. */
  readonly against: readonly Given[];
  readonly attachedTo?: Subject;
  readonly case?: Subject;
  readonly receivedAt?: string;
  /** When it came into its present state. */
  readonly since: string;
  readonly updated: string;
}

const NOTHING: Claim = {
  id: '',
  state: 'none',
  version: 0,
  claimant: '',
  texts: [],
  reasons: [],
  missed: [],
  against: [],
  since: '',
  updated: '',
};

/** The present state: a fold over events. Refuses what the table does not have. */
export function claimOf(events: Iterable<DocketEvent>): Claim {
  let claim = NOTHING;
  for (const event of events) claim = claimAfter(claim, event, event.at, event.subject);
  return claim;
}

/** The claim after one more move. Refuses `docket.move`, `docket.role`, `docket.needs`. */
export function claimAfter(claim: Claim, act: Act, at: string, id: Subject = claim.id): Claim {
  const state = step(CLAIM_MOVES, claim.state, act.move, act.actor.role);
  assertMay(claim, act);
  const { data } = act;
  const text = optionalText(data, 'text') as Digest | undefined;
  return {
    ...claim,
    ...partsOf(act, at),
    ...(act.move === 'overdue'
      ? { missed: [...claim.missed, { at, says: optionalText(data, 'says') ?? '' }] }
      : {}),
    id,
    state,
    version: claim.version + 1,
    claimant: act.move === 'write' ? act.actor.name : claim.claimant,
    texts: text === undefined ? claim.texts : [...claim.texts, text],
    since: state === claim.state && act.move !== 'review' ? claim.since : at,
    updated: at,
  };
}

/** Conditions beyond the table's, each named in its `needs`. */
function assertMay(claim: Claim, { move, actor, data }: Act): void {
  if (isOwn(move, actor) && claim.claimant !== actor.name) {
    throw needs(`it is not the claim of ${actor.name}`);
  }
  switch (move) {
    case 'turnBack':
    case 'turnBackAgain':
    case 'dismiss':
      if (!textsIn(data, 'reasons').some(isReasonCode)) throw needs('it needs a reason code');
      return;
    case 'resolve':
    case 'complete':
      for (const field of ['locator', 'product', 'fingerprint', 'receipt', 'outcome']) {
        textIn(data, field, `a claim that counts has its ${field}`);
      }
      return;
    case 'attach':
      textIn(data, 'to', 'it needs the claim that it is the same as');
      if (data['fingerprint'] !== claim.fingerprint) {
        throw needs('the other claim is of another module, place or flow');
      }
      return;
    case 'defer':
      textIn(data, 'reason', 'deferring needs a public reason');
      return;
    case 'close':
      textIn(data, 'verdict', 'an accepted claim is closed by a verdict only');
      return;
    case 'withdraw':
      if (data['isPublished'] === true) throw needs('its verdict is published already');
      return;
  }
}

const OWN = new Set(['edit', 'submit', 'complete', 'resume', 'withdraw']);

function isOwn(move: string, { role }: Actor): boolean {
  return role === 'claimant' && OWN.has(move);
}

/** What a move adds to the claim. */
function partsOf({ move, data }: Act, at: string): Partial<Claim> {
  const take = <K extends string>(field: K): { [name in K]?: string } => {
    const value = optionalText(data, field);
    return value === undefined ? {} : ({ [field]: value } as { [name in K]?: string });
  };
  switch (move) {
    case 'edit':
      return data['against'] === undefined ? {} : { against: givenIn(data['against']) };
    case 'submit':
      return { receivedAt: at, ...(take('said') as Partial<Claim>) };
    case 'turnBack':
    case 'turnBackAgain':
    case 'dismiss':
      return { reasons: textsIn(data, 'reasons') };
    case 'resolve':
    case 'complete':
      return {
        reasons: [],
        ...take('said'),
        ...take('locator'),
        ...take('outcome'),
        ...(take('product') as Partial<Claim>),
        ...(take('module') as Partial<Claim>),
        ...(take('declaration') as Partial<Claim>),
        ...(take('fingerprint') as Partial<Claim>),
        ...(take('receipt') as Partial<Claim>),
      };
    case 'attach':
      return { attachedTo: optionalText(data, 'to')! };
    case 'accept':
    case 'resume': {
      const joined = optionalText(data, 'case');
      return joined === undefined ? {} : { case: joined };
    }
    case 'defer':
      return { reasons: [optionalText(data, 'reason')!] };
    default:
      return {};
  }
}

function givenIn(value: Json): readonly Given[] {
  return (Array.isArray(value) ? value : []).flatMap((one) => {
    const { target, digest } = (one ?? {}) as { target?: Json; digest?: Json };
    return typeof target === 'string' && typeof digest === 'string' ? [{ target, digest }] : [];
  });
}
