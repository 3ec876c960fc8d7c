export {
  type Ability,
  type Changed,
  type DiffedRelease,
  diffExaminations,
  type ExaminationDiff,
  type ModuleChanges,
  type RecipientChange,
} from './diff/diff.ts';
export { type Candidate, findCandidates } from './find/find.ts';
export type * from './observe/reading.ts';
export type * from './result.ts';
export type * from './rules/rule.ts';
export { isWhole } from './whole.ts';
