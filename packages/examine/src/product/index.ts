/** Examining a product whose modules are read elsewhere: what the command line loads. */
export type { DeclarationText } from '../declared.ts';
export { type ExaminationOptions, examineProduct } from '../examine.ts';
export { isWorthFollowing } from '../flow/ends.ts';
export type { FlowResult } from '../flow/follow.ts';
export { containing, type FlowJob, resolved } from '../flow/job.ts';
export { isNativeTask } from '../native/reading.ts';
export type { RecordDiff } from '../record/index.ts';
export type { Examination } from '../result.ts';
export { mayBeDatabase } from './candidates.ts';
