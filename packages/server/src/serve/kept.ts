import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueLists } from '@avow/stores/catalogue';
import { type Database, openDatabase } from '@avow/stores/database';
import { type DocketFolder, openDocketIn } from '@avow/stores/docket';
import { openObjects } from '@avow/stores/objects';
import type { Config } from '../config/config.ts';
import { type ObjectPort, objectsOver } from '../kept/objects.ts';

/** What is kept, as the server and its children open it. */
export interface Kept {
  readonly database: Database;
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly docket: DocketFolder;
  close(): Promise<void>;
}

export async function openKept({
  data,
  database: url,
  objects: objectsUrl,
}: Pick<Config, 'data' | 'database' | 'objects'>): Promise<Kept> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const database = await openDatabase(url ?? `sqlite:${join(data, 'avow.sqlite')}`);
  const objects = await openObjects(objectsUrl ?? `file:${join(data, 'objects')}`);
  const docket = await openDocketIn(database, objects);
  return {
    database,
    lists: new CatalogueLists(database),
    objects: objectsOver(objects),
    docket,
    close: async () => {
      docket.close();
      await objects.close();
      await database.close();
    },
  };
}
