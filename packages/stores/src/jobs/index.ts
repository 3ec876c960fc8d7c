export { openJobs } from './open.ts';
export {
  type Claim,
  type Job,
  type JobCount,
  type JobKinds,
  type JobQueue,
  type JobState,
  type JobsQuery,
  jobId,
  type KindSettings,
  type NewJob,
} from './queue.ts';
export { adoptJobs, storedJobs } from './stored.ts';
export {
  type JobContext,
  type JobHandler,
  NoRetry,
  type Outcome,
  type WorkOptions,
  work,
} from './work.ts';
