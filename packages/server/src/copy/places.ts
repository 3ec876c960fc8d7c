import { mkdirSync } from 'node:fs';
import { Catalogue } from '@avow/stores/catalogue';
import { type Database, layoutsOf, openDatabase } from '@avow/stores/database';
import { prepareDocketIn } from '@avow/stores/docket';
import { openJobs } from '@avow/stores/jobs';
import type { CopyOptions, Kept } from '@avow/stores/move';
import { Notices } from '@avow/stores/notices';
import { openObjects } from '@avow/stores/objects';
import { People } from '@avow/stores/people';
import { Standing } from '@avow/stores/standing';
import { Uploads } from '@avow/stores/uploads';
import type { Config } from '../config/config.ts';
import { JOB_KINDS } from '../jobs/kinds.ts';
import { addressesOf } from './addresses.ts';

/** Opens a service's database and objects to copy them; nobody is served. */
export async function openPlaces(
  config: Pick<Config, 'data' | 'database' | 'objects'>,
): Promise<Kept & { close(): Promise<void> }> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const addresses = addressesOf(config);
  // A backup reads large tables in one statement; how long that takes is no fault.
  const database = await openDatabase(addresses.database, { statementMs: 0 });
  try {
    const objects = await openObjects(addresses.objects);
    const close = async () => {
      await objects.close();
      await database.close();
    };
    return { database, objects, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Makes the tables of every concern, as a server's start does, or brings them to their present layout. */
export async function prepare(database: Database): Promise<void> {
  await Catalogue.open(database);
  await People.open(database);
  await prepareDocketIn(database);
  await Standing.open(database);
  await Notices.open(database);
  await Uploads.open(database);
  await (await openJobs(database, JOB_KINDS)).close();
}

export const COPY: CopyOptions = { prepare, kinds: JOB_KINDS };

/** One concern's layout before and now; `before` is absent where it had none. */
export interface Migrated {
  readonly concern: string;
  readonly before?: number;
  readonly now: number;
}

/**
 * Brings the database to the layout of this version. Refuses `database.newer`
 * when a later version has been at it.
 */
export async function migrateAll(database: Database): Promise<readonly Migrated[]> {
  const before = await layoutsOf(database);
  await prepare(database);
  const after = await layoutsOf(database);
  return [...after].map(([concern, now]) => {
    const was = before.get(concern);
    return { concern, now, ...(was === undefined ? {} : { before: was }) };
  });
}

/** Opens where a service is to go; what is not told is not opened, and stays. */
export async function openTarget({
  database: url,
  objects: store,
}: {
  readonly database?: string | undefined;
  readonly objects?: string | undefined;
}): Promise<Partial<Kept> & { close(): Promise<void> }> {
  const database = url === undefined ? undefined : await openDatabase(url, { statementMs: 0 });
  try {
    const objects = store === undefined ? undefined : await openObjects(store);
    return {
      ...(database === undefined ? {} : { database }),
      ...(objects === undefined ? {} : { objects }),
      close: async () => {
        await objects?.close();
        await database?.close();
      },
    };
  } catch (error) {
    await database?.close();
    throw error;
  }
}
