export * from './people.ts';
export type { PeopleTables } from './schema.ts';
export { Subscriptions } from './subscriptions.ts';
