export { DEFAULT_LIMITS, type WorkerLimits } from './limits.ts';
export { type Outcome, Pool } from './pool.ts';
