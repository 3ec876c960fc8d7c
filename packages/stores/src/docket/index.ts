export { type DocketFolder, openDocketFolder } from './folder.ts';
export { KeptFiles } from './kept.ts';
export { DocketDatabase } from './sqlite.ts';
export { DocketInDatabase } from './tables.ts';
