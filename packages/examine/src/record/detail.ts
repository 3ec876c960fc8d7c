import type { Digest } from '@avow/bytes';
import type {
  Carries,
  DestinationKind,
  RecordAction,
  RecordTarget,
  Visibility,
} from '@avow/declare';
import type { ReachKind, RecordRank } from './model.ts';

/** What a feature of a result document says more when a database record is its place. */
export interface RecordDetail {
  readonly format: string;
  readonly update: string;
  /** The maker's identifier; `` where the format has none. */
  readonly id: string;
  readonly line: number;
  /** Bytes from the start of the member, lower-case hex. */
  readonly offset: string;
  readonly digest: Digest;
  readonly target: RecordTarget;
  readonly action: RecordAction;
  readonly visibility: Visibility;
  readonly destination: DestinationKind;
  readonly carries?: Carries;
  readonly reach: ReachKind;
  /** The record's fields that decided all this. */
  readonly decided: readonly string[];
  /** What the record is for, where its target alone would accuse it. */
  readonly label?: string;
  readonly rank: RecordRank;
  /** Records that do the same; this is the first of them. 1 where each is listed. */
  readonly count: number;
  /** The other half: what the product's code does on a match. */
  readonly consumer?: RecordConsumer;
}

export interface RecordConsumer {
  /** What the engine does on a match. */
  readonly says: string;
  /** `known`: from the engine's documentation. `examined`: from this product's own code. */
  readonly from: 'known' | 'examined';
  /** Places in the product's code that carry it out. */
  readonly places: readonly string[];
}

/** How many records of a database do the same. */
export interface RecordGroup {
  readonly target: RecordTarget;
  readonly action: RecordAction;
  readonly visibility: Visibility;
  readonly destination: DestinationKind;
  readonly recipient?: string;
  readonly carries?: Carries;
  readonly reach: ReachKind;
  readonly label?: string;
  readonly rank: RecordRank;
  readonly count: number;
  /** Locator of the first. */
  readonly first: string;
}
