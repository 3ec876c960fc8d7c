export type { DeclarationText } from './declared.ts';
export type { DeclarationChange } from './diff/declarations.ts';
export {
  type Ability,
  type Changed,
  type DiffedRelease,
  diffExaminations,
  type ExaminationDiff,
  type ModuleChanges,
  type RecipientChange,
} from './diff/diff.ts';
export type { FlowChanges } from './diff/flows.ts';
export { type ExaminationOptions, examineProduct } from './examine.ts';
export { type Candidate, findCandidates } from './find/find.ts';
export { type FlowResult, followData } from './flow/follow.ts';
export { containing, type FlowJob, inputOf, resolved } from './flow/job.ts';
export { parseTask } from './flow/parse.ts';
export { comparedParts } from './held.ts';
export { isNativeTask, type NativeModuleKind, type NativeReading } from './native/reading.ts';
export { observeModule } from './observe/module.ts';
export type { ParseOptions, ParseScript } from './observe/parse.ts';
export type * from './observe/reading.ts';
export { mayBeDatabase } from './product/candidates.ts';
export type * from './record/index.ts';
export type * from './result.ts';
export { compileRules, type Rules, readRules } from './rules/compile.ts';
export { patternFault } from './rules/pattern.ts';
export type * from './rules/rule.ts';
export { isWhole } from './whole.ts';
