export { Drafts } from './drafts.ts';
export { Mailboxes } from './mailboxes.ts';
export * from './people.ts';
export type { PeopleTables } from './schema.ts';
export { Subscriptions } from './subscriptions.ts';
