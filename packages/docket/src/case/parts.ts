import type { Digest } from '@avow/bytes';
import type { JsonObject, Outcome } from '@avow/log';
import { optionalText, textsIn } from '../event/data.ts';
import type { Actor } from '../event/event.ts';
import type { Role } from '../states/move.ts';

/** What a case is made of, and how each part is read off a move's data. */

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

/** A head of the docket's chain that a log holds. */
export interface Logged {
  readonly at: string;
  /** The log's origin, and the entry's number in it. */
  readonly log: string;
  readonly entry: string;
  /** Digests of the head's file and of the log's proof of it. */
  readonly head: Digest;
  readonly proof: Digest;
}

export interface About {
  readonly locator: string;
  readonly said: string;
  readonly target: string;
  readonly product?: Digest;
}

export interface Evidence {
  readonly digest: Digest;
  readonly name: string;
  readonly by: string;
}

/** What it is about. */
export function aboutOf(data: JsonObject): About {
  const product = optionalText(data, 'product') as Digest | undefined;
  return {
    locator: optionalText(data, 'locator') ?? '',
    said: optionalText(data, 'said') ?? '',
    target: optionalText(data, 'target') ?? '',
    ...(product === undefined ? {} : { product }),
  };
}

export function digestsIn(data: JsonObject, field: string): readonly Digest[] {
  return textsIn(data, field) as readonly Digest[];
}

export function revision(number: number, at: string, summary: string): Revision {
  return { number, at, summary };
}

export function loggedOf(data: JsonObject, at: string): Logged {
  const text = (field: string): string => optionalText(data, field) ?? '';
  return {
    at,
    log: text('log'),
    entry: text('entry'),
    head: text('head') as Digest,
    proof: text('proof') as Digest,
  };
}

export function runOf(data: JsonObject, runner: string, at: string): Run {
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

export function evidenceOf(data: JsonObject, by: string): Evidence {
  const digest = optionalText(data, 'digest') as Digest;
  return { digest, name: optionalText(data, 'name') ?? '', by };
}

export function proposalOf(data: JsonObject, by: string, at: string): Proposal {
  const outcome = optionalText(data, 'outcome') as Outcome;
  return { by, at, outcome, summary: optionalText(data, 'summary') ?? '' };
}

/** Undefined of a move without words. */
export function statementOf(data: JsonObject, by: Actor, at: string): Statement | undefined {
  const text = optionalText(data, 'text') as Digest | undefined;
  if (text === undefined) return undefined;
  const stance = optionalText(data, 'stance');
  const locator = optionalText(data, 'locator');
  return {
    by,
    at,
    text,
    ...(stance === undefined ? {} : { stance }),
    ...(locator === undefined ? {} : { locator }),
  };
}
