/** Observing one module: an entry of its own, for processes that do nothing else. */
export { isNativeTask } from '../native/reading.ts';
export { type Rules, readRules } from '../rules/compile.ts';
export { observeModule } from './module.ts';
export type { ParseScript } from './parse.ts';
export type { ModuleReading, ReadingTask } from './reading.ts';
