export * from './cache/index.ts';
export { DISK, type Disk, type GrowingFile } from './log/disk.ts';
export { openLogFolder, PUBLIC_FOLDER } from './log/folder.ts';
export { openWitnessFolder, type WitnessFolder } from './log/witness-folder.ts';
