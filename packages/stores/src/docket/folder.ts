import { join } from 'node:path';
import type { ArtifactStore, DocketStore, KeptStore } from '@avow/docket';
import type { Database } from '../database/index.ts';
import { KeptObjects, type ObjectStore } from '../objects/index.ts';
import { KeptFiles } from './kept.ts';
import { DocketDatabase } from './sqlite.ts';

/** A docket in a local folder: `docket.sqlite` and `kept/`. */
export interface DocketFolder {
  readonly store: DocketStore;
  readonly kept: KeptStore;
  readonly artifacts: ArtifactStore;
  close(): void;
}

export function openDocketFolder(folder: string): DocketFolder {
  const store = new DocketDatabase(join(folder, 'docket.sqlite'));
  return {
    store,
    kept: new KeptFiles(join(folder, 'kept')),
    artifacts: store,
    close: () => store.close(),
  };
}

/** A docket among a server's other tables and objects, whose closing is the server's. */
export async function openDocketIn(
  database: Database,
  objects: ObjectStore,
): Promise<DocketFolder> {
  // Loaded here: a docket in a folder needs neither kysely nor its time to load.
  const { DocketInDatabase } = await import('./tables.ts');
  const store = await DocketInDatabase.open(database);
  return { store, kept: new KeptObjects(objects), artifacts: store, close: () => {} };
}

/** Makes a docket's tables, or brings them to their present layout, without opening it. */
export async function prepareDocketIn(database: Database): Promise<void> {
  const { DocketInDatabase } = await import('./tables.ts');
  await DocketInDatabase.open(database);
}
