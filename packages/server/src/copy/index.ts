export { addressesOf } from './addresses.ts';
export { besides, pack, unpack } from './archive.ts';
export { backupTo, type OwnFiles, restoreFrom } from './backup.ts';
export { type Moved, moveKept } from './move.ts';
export { type Migrated, migrateAll, openPlaces, openTarget, prepare } from './places.ts';
