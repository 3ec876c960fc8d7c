import type { Digest } from '@avow/bytes';
import type { FeatureId, RecordAction } from '@avow/declare';

/** Which list a word is of. */
export type WordList = 'keyword' | 'credential' | 'document';

/** A text that records are searched for, in every encoding a record may hold it in. */
export interface Word {
  /** Record id of our own database: `keyword.ru`. */
  readonly id: string;
  readonly list: WordList;
  readonly text: string;
  /** What reading it is, for credentials. */
  readonly feature?: FeatureId;
  /** Lower-case hex of its bytes: UTF-8, UTF-16LE and the legacy encodings of its language. */
  readonly patterns: readonly string[];
}

/** Sample values of a kind of personal data: a pattern that finds them looks for it. */
export interface Probe {
  readonly id: string;
  readonly says: string;
  readonly samples: readonly string[];
}

export interface ScriptletRow {
  readonly id: string;
  readonly action: RecordAction;
  readonly names: readonly string[];
  readonly says: string;
}

/** Our rules for records, as built: `rules/records/update.json`. */
export interface RecordRules {
  readonly schema: 'avow.record-rules/1';
  readonly update: number;
  readonly date: string;
  readonly digest: Digest;
  readonly words: readonly Word[];
  readonly probes: readonly Probe[];
  /** Samples in which nothing is personal. */
  readonly plain: readonly string[];
  readonly scriptlets: readonly ScriptletRow[];
  readonly securityHeaders: readonly string[];
  /** Response headers that grant others something: to add one weakens, to remove one does not. */
  readonly grantingHeaders: readonly string[];
  /** Values of cookies that are an answer to a question, and carry nothing. */
  readonly plainValues: readonly string[];
  readonly securityNames: readonly string[];
}
