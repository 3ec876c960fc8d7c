import { join } from 'node:path';
import type { ArtifactStore, DocketStore, KeptStore } from '@avow/docket';
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
