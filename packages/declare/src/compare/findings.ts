import type { RecordAction, RecordTarget } from '../record-words.ts';
import type { FeatureId } from '../vocabulary.ts';

/** Confidential data that leaves comes first (docs/declaration.md, "Rank"). */
export type Rank = 'critical' | 'high' | 'medium' | 'low';

export const RANKS: readonly Rank[] = ['critical', 'high', 'medium', 'low'];

/** What is there and the declaration does not cover, or denies. */
export interface ComparedFinding {
  /** Stable across releases as far as the ids of features are. */
  readonly id: string;
  readonly kind: 'undeclared' | 'contradicts';
  readonly because: Because;
  /** Id of the first feature or flow of this kind, and of the others: same recipient, module, time. */
  readonly of: string;
  readonly also: readonly string[];
  readonly rank: Rank;
  /** Of the first. */
  readonly locator: string;
  /** One feature, or a flow's source and destination. */
  readonly features: readonly FeatureId[];
  readonly recipient?: string;
  /** For records: what they do, and to what. */
  readonly acts?: { readonly action: RecordAction; readonly target: RecordTarget };
  /** The entry or promise that it differs from. */
  readonly against?: Against;
  readonly remedy: Remedy;
}

export interface Against {
  readonly name: string;
  /** In the declaration's file, from 1. */
  readonly line: number;
}

/** How a finding differs from what was declared. */
export type Because = keyof typeof BECAUSE;

export const BECAUSE = {
  'no-entry': 'no entry speaks of it',
  module: 'declared for other modules',
  unresolved: 'declared for named recipients, and this one could not be told',
  recipient: 'declared for other recipients',
  time: 'declared for another time',
  gate: 'declared only behind a gate, and none was found',
  promise: 'the maker promised that it never happens',
} as const;

/** What settles a finding: say it, or take it out. */
export interface Remedy {
  /** The exact entry to add to `entries` (or `databases`), YAML; absent when only the promise is in the way. */
  readonly add?: string;
  readonly to: 'entries' | 'databases';
  /** The promises to narrow: `except` gains these ids. */
  readonly except?: { readonly promises: readonly string[]; readonly ids: readonly string[] };
  /** Or remove the code at this place. */
  readonly remove: string;
}

export interface EntryOutcome extends Against {
  readonly state: 'found' | 'not-found' | 'unseen';
  /** How many features and flows it covers. */
  readonly covers: number;
  /** The entry itself, YAML, without name and purpose. */
  readonly says: string;
}

export interface PromiseOutcome extends Against {
  readonly state: 'kept' | 'broken' | 'unseen';
  /** The promise itself, YAML, without name. */
  readonly says: string;
}

export interface Comparison {
  /** By rank, promises first, then by number of the vocabulary, then as the examination has them. */
  readonly findings: readonly ComparedFinding[];
  readonly entries: readonly EntryOutcome[];
  readonly promises: readonly PromiseOutcome[];
  /** Each feature's, flow's and record's id. */
  readonly states: ReadonlyMap<string, FeatureState>;
}

/** `outside`: the declaration's form cannot speak of it. */
export interface FeatureState {
  readonly state: 'declared' | 'undeclared' | 'contradicts' | 'outside';
  /** Names of the entries that cover it. */
  readonly by: readonly string[];
}
