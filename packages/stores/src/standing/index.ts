export type { StandingAs } from './schema.ts';
export * from './standing.ts';
