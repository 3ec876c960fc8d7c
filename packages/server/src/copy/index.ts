export { besides, pack, unpack } from './archive.ts';
export { backupTo, type OwnFiles, restoreFrom } from './backup.ts';
export { type Moved, moveKept } from './move.ts';
export { addressesOf, type Migrated, migrateAll, openPlaces } from './places.ts';
