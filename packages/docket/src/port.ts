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

/**
 * A release or an update whose bytes are kept: claims are resolved in it, and
 * what is said of it can be run again by anyone.
 */
export interface Artifact {
  /** With its version or update number: `pkg:npm/x@1.2.3`. */
  readonly target: string;
  /** What its other releases have in common with it: `npm/x` (see `nameOf`). */
  readonly name: string;
  /** SHA-256 of the bytes, by which they are kept; of a folder, of its list. */
  readonly digest: Digest;
  /** Name of the file: it says what kind of archive it is; with `/` at its end, a folder's (see `isFolder`). */
  readonly file: string;
  readonly size: number;
  /** When it was first kept, RFC 3339 in UTC. */
  readonly at: string;
}

/** Says which artifacts are kept; their bytes are in the `KeptStore`. */
export interface ArtifactStore {
  /** Once for each target and digest: what is there already is left as it is. Durable once it returns. */
  addArtifact(artifact: Artifact): Promise<void>;
  /** Every release and every content of one name, in the order in which they were added. */
  artifactsNamed(name: string): Promise<readonly Artifact[]>;
  /** Names of which something is kept, in the order of their characters; at most `limit`. */
  artifactNames(limit: number): Promise<readonly string[]>;
}

/** Keeps texts, evidence and results by their digest, as they are: nothing is unpacked or interpreted. */
export interface KeptStore {
  /** Durable once it returns. */
  keep(bytes: Uint8Array): Promise<Digest>;
  /** Undefined when it is not there, or was erased. */
  read(digest: Digest): Promise<Uint8Array | undefined>;
}
