export { openLogFolder, PUBLIC_FOLDER } from './folder.ts';
export { openLogObjects } from './objects.ts';
export { openWitnessFolder, type WitnessFolder } from './witness-folder.ts';
