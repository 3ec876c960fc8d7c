export { capaWords } from './capa-words.ts';
export {
  diffRecords,
  findInRecords,
  readDatabasesWith,
  recordsAtPlace,
  type Signers,
} from './databases.ts';
export { type Engine, engine } from './engine.ts';
export { FlowFollower, type FollowerOptions } from './flows/follower.ts';
export { DEFAULT_LIMITS, type WorkerLimits } from './limits.ts';
export { type Outcome, Pool } from './pool.ts';
export { ModuleReader, type ReaderOptions, type ReadingStore } from './reader.ts';
export { recordRules } from './record-rules.ts';
export { rules } from './rules.ts';
