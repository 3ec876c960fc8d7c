import type { Digest, Why } from '@avow/bytes';
import type { DatabaseRecord } from '@avow/formats/record';
import type { RecordFeature, RecordRank } from '../model.ts';
import type { MakersDiff } from './script.ts';

/** What can have happened to a record between two updates; one record can have several. */
export const CHANGE_KINDS = [
  'id-reused',
  'silent',
  'detection',
  'target',
  'widened',
  'narrowed',
  'action',
  'visibility',
  'destination',
  'added',
  'removed',
  'enabled',
  'disabled',
  'renamed',
  'moved',
  'metadata',
] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One side of a change. */
export interface ChangedSide {
  readonly record: DatabaseRecord;
  readonly features: readonly RecordFeature[];
}

/** What happened to one record. */
export interface RecordChange {
  readonly kinds: readonly ChangeKind[];
  readonly old?: ChangedSide;
  readonly new?: ChangedSide;
  readonly rank: RecordRank;
}

/** How many records do one thing now that did not, and how many no longer do. */
export interface FeatureDelta {
  /** Compiled and plain form of one list are counted apart. */
  readonly format: string;
  readonly feature: RecordFeature;
  readonly rank: RecordRank;
  readonly gained: number;
  readonly lost: number;
  /** The deciding fields met most often on the larger side, gained or lost: at most three. */
  readonly because: readonly { readonly decided: string; readonly count: number }[];
}

/** One database on both sides, or on one. */
export interface DatabaseChange {
  readonly path: string;
  readonly format: string;
  readonly old?: DatabaseSide;
  readonly new?: DatabaseSide;
  readonly changes: readonly RecordChange[];
  /** Where the maker's own scripts from one to the other were at hand. */
  readonly script?: MakersDiff;
}

export interface DatabaseSide {
  readonly path: string;
  readonly update: string;
  readonly digest: Digest;
  readonly records: number;
  readonly unknown: number;
}

export interface RecordDiff {
  readonly databases: readonly DatabaseChange[];
  /** What records now do more or less often, what matters first. Only what differs. */
  readonly delta: readonly FeatureDelta[];
  readonly totals: Readonly<Record<ChangeKind, number>>;
  /** One update number that stands for two contents. */
  readonly alarms: readonly Why[];
}
