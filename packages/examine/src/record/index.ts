export { type Beside, type ExaminedBeside, withBeside } from './beside.ts';
export type { RecordConsumer, RecordDetail, RecordGroup } from './detail.ts';
export {
  CHANGE_KINDS,
  type ChangedSide,
  type ChangeKind,
  type DatabaseChange,
  type DatabaseSide,
  type FeatureDelta,
  type RecordChange,
  type RecordDiff,
} from './diff/change.ts';
export { type DiffOptions, diffDatabases } from './diff/diff.ts';
export type { MakersDiff } from './diff/script.ts';
export {
  type DatabaseExamination,
  type DatabaseOptions,
  digestOfDatabase,
  examineDatabases,
  recordsOf,
} from './examine.ts';
export { featuresOf } from './features.ts';
export { findRecords, type RecordCandidate, readSymptom, type Symptom } from './find.ts';
export {
  keyOf,
  type ReachKind,
  type RecordFeature,
  type RecordRank,
  rankOf,
  sayFeature,
} from './model.ts';
export { memberTarget, recordPlace } from './places.ts';
export type { Probe, RecordRules, ScriptletRow, Word, WordList } from './rules.ts';
export { recordsAt, type ShownRecord } from './show.ts';
export { Sight, type Sighting } from './sight.ts';
export { WordFinder } from './words.ts';
