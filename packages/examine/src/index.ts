export type * from './observe/reading.ts';
export type * from './result.ts';
export type * from './rules/rule.ts';
