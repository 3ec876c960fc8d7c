import type { Digest } from '@avow/bytes';
import type { Act, ChainEnd, DocketEvent, Subject } from './event/event.ts';

/** What lists and filters go by; made anew from a subject's events with each of its moves. */
export interface Summary {
  readonly kind: 'claim' | 'case';
  readonly state: string;
  /** `pkg:npm/x@1.2.3`; empty while no product is named. */
  readonly target: string;
  readonly said: string;
  readonly fingerprint?: Digest;
  readonly updated: string;
  /** Milliseconds since 1970 of the next deadline. */
  readonly due?: number;
}

/** A move to be written: it is the subject's `version`th, or it is refused. */
export interface NewEvent {
  readonly subject: Subject;
  readonly version: number;
  readonly at: string;
  readonly act: Act;
  readonly summary: Summary;
}

export interface Row extends Summary {
  readonly subject: Subject;
}

export interface ListQuery {
  readonly kind: Summary['kind'];
  readonly state?: string;
  readonly target?: string;
  readonly fingerprint?: Digest;
  /** The last subject of the page before. */
  readonly after?: Subject;
  readonly limit: number;
}

/** Keeps the docket's events and what lists go by. */
export interface DocketStore {
  /**
   * All of them or none; durable once it returns. Links them to the chain.
   * Refuses `docket.conflict` when a subject has that version already.
   */
  append(events: readonly NewEvent[]): Promise<readonly DocketEvent[]>;
  eventsOf(subject: Subject): Promise<readonly DocketEvent[]>;
  /** The whole chain, in order. */
  events(): AsyncIterable<DocketEvent>;
  end(): Promise<ChainEnd>;
  /** The number that the next subject of a kind takes, if nobody takes it before. */
  nextNumber(kind: Summary['kind']): Promise<number>;
  /** The newest first. */
  list(query: ListQuery): Promise<readonly Row[]>;
  /** Whose deadline is at or before `time`, the earliest first; at most `limit`. */
  due(time: number, limit: number): Promise<readonly Row[]>;
  /** Subjects by state, and refusals by reason: public. */
  counts(): Promise<Counts>;
}

export interface Counts {
  readonly states: readonly {
    readonly kind: string;
    readonly state: string;
    readonly count: number;
  }[];
  readonly refusals: readonly { readonly reason: string; readonly count: number }[];
}

/** Keeps texts, evidence and results by their digest, as they are: nothing is unpacked or interpreted. */
export interface KeptStore {
  /** Durable once it returns. */
  keep(bytes: Uint8Array): Promise<Digest>;
  /** Undefined when it is not there, or was erased. */
  read(digest: Digest): Promise<Uint8Array | undefined>;
}
