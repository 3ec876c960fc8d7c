export { backup, type Copied, type Kept, moveTo, restore } from './backup.ts';
export { moveLog } from './log.ts';
export { type CopiedObjects, copyObjects } from './objects.ts';
export { type CopiedTable, type CopyOptions, copyRows } from './rows.ts';
