import { type Digest, digestOf, Refused } from '@avow/bytes';
import { canonicalBytes, type JsonObject } from '@avow/log';
import type { Role } from '../states/move.ts';

/** `claim-12` or `case-3`. */
export type Subject = string;

/** `case-12` is 12: by it subjects are listed. */
export function numberOf(subject: Subject): number {
  return Number(subject.slice(subject.indexOf('-') + 1));
}

/** Who did it: a name or pseudonym, and in what role. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** This program, by what it read. */
export const SYSTEM: Actor = { name: 'avow', role: 'system' };
/** This program, by the time it is. */
export const TIMER: Actor = { name: 'avow', role: 'timer' };

/** One move that someone makes. Long texts are kept by digest, so that they can be erased and the chain stays whole. */
export interface Act {
  readonly move: string;
  readonly actor: Actor;
  readonly data: JsonObject;
}

/** A move that was made: one link of the audit chain over the whole docket. */
export interface DocketEvent extends Act {
  /** Over the whole docket, from 1, without gaps. */
  readonly number: number;
  readonly subject: Subject;
  /** Of this subject, from 1, without gaps: no move is made twice. */
  readonly version: number;
  /** UTC; never before the event ahead of it, whatever the clock did. */
  readonly at: string;
  /** Digest of the event ahead of it; absent in the first. */
  readonly prev?: Digest;
}

export const CHAIN_START = { number: 0, at: '1970-01-01T00:00:00.000Z' } as const;

/** The end of the audit chain. */
export interface ChainEnd {
  readonly number: number;
  readonly at: string;
  readonly digest?: Digest;
}

/** The next link. A clock that was set back does not set the docket back. */
export function linked(
  end: ChainEnd,
  { move, actor, data }: Act,
  subject: Subject,
  version: number,
  at: string,
): DocketEvent {
  return {
    number: end.number + 1,
    subject,
    version,
    at: at < end.at ? end.at : at,
    move,
    actor,
    data,
    ...(end.digest === undefined ? {} : { prev: end.digest }),
  };
}

/** Canonical JSON (RFC 8785). Refuses `canonical.value`. */
export function eventBytes(event: DocketEvent): Uint8Array {
  return canonicalBytes(event as unknown as JsonObject);
}

export function eventDigest(event: DocketEvent): Digest {
  return digestOf(eventBytes(event));
}

/** Takes events one by one, each held to what went before. */
export interface ChainWalk {
  /** Gives the event's digest. Refuses `docket.audit` where its number, time, version or `prev` does not follow. */
  next(event: DocketEvent): { readonly digest: Digest };
  end(): ChainEnd;
}

export function walkChain(): ChainWalk {
  let end: ChainEnd = CHAIN_START;
  const versions = new Map<Subject, number>();
  return {
    next(event) {
      const version = (versions.get(event.subject) ?? 0) + 1;
      const isWhole =
        event.number === end.number + 1 &&
        event.prev === end.digest &&
        event.at >= end.at &&
        event.version === version;
      if (!isWhole) {
        throw new Refused(
          'docket.audit',
          undefined,
          `event ${event.number} (${event.subject}, ${event.move}) does not follow event ${end.number}`,
        );
      }
      versions.set(event.subject, version);
      const digest = eventDigest(event);
      end = { number: event.number, at: event.at, digest };
      return { digest };
    },
    end: () => end,
  };
}

/** Walks the whole chain and gives its end. Refuses `docket.audit` at the first event that does not follow. */
export function auditChain(events: Iterable<DocketEvent>): ChainEnd {
  const chain = walkChain();
  for (const event of events) chain.next(event);
  return chain.end();
}
