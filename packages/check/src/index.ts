export * from './altered.ts';
export * from './answer.ts';
export * from './check.ts';
export * from './logged.ts';
export * from './policy.ts';
