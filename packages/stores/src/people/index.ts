export * from './people.ts';
export type { PeopleTables } from './schema.ts';
