import { mkdirSync } from 'node:fs';
import { CatalogueLists } from '@avow/stores/catalogue';
import { type Database, openDatabase } from '@avow/stores/database';
import { type DocketFolder, openDocketIn } from '@avow/stores/docket';
import { openObjects } from '@avow/stores/objects';
import type { Config } from '../config/config.ts';
import { addressesOf } from '../copy/addresses.ts';
import { type ObjectPort, objectsOver } from '../kept/objects.ts';

/** What is kept, as the server and its children open it. */
export interface Kept {
  readonly database: Database;
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly docket: DocketFolder;
  close(): Promise<void>;
}

export async function openKept(
  config: Pick<Config, 'data' | 'database' | 'objects'>,
): Promise<Kept> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const addresses = addressesOf(config);
  const database = await openDatabase(addresses.database);
  const objects = await openObjects(addresses.objects);
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
