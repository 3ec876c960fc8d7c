export { type CrxFacts, readCrxFacts } from './crx.ts';
export { type Entries, type Entry, type FileEntry, isUnread } from './entry.ts';
export { type ContainerKind, containerKind } from './kind.ts';
export { CONTAINER_LIMITS } from './limits.ts';
export type * from './member.ts';
export { type OpenOptions, openContainer, openFolder } from './open.ts';
export { readContainer } from './read.ts';
