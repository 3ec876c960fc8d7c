export { type Moderation, Moderations } from './moderations.ts';
export { type Logged, Published } from './published.ts';
export type { StandingAs } from './schema.ts';
export * from './standing.ts';
