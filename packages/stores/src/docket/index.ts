export { type DocketFolder, openDocketFolder, openDocketIn, prepareDocketIn } from './folder.ts';
export { KeptFiles } from './kept.ts';
export { DocketDatabase } from './sqlite.ts';
