import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, CatalogueLists } from '@avow/stores/catalogue';
import { type Database, openDatabase } from '@avow/stores/database';
import { KeptFiles } from '@avow/stores/docket';
import { type JobQueue, openJobs } from '@avow/stores/jobs';
import { Uploads } from '@avow/stores/uploads';
import type { Logger } from 'pino';
import type { IdentityPort } from '../access/identity.ts';
import { ConfiguredTokens } from '../access/tokens.ts';
import { Followers } from '../app/events.ts';
import type { Config } from '../config/config.ts';
import { KINDS } from '../jobs/kinds.ts';
import { type ObjectPort, objectsOver } from '../kept/objects.ts';
import { publicLogFolder } from '../logs/folder.ts';
import type { PublicLog } from '../logs/routes.ts';
import type { Need } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';
import { UploadFiles } from '../uploads/files.ts';

/** Everything that is kept, opened. */
export interface Opened {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly jobs: JobQueue;
  readonly uploads: Uploads;
  readonly uploadFiles: UploadFiles;
  readonly followers: Followers;
  readonly identity: IdentityPort;
  readonly metrics: Metrics;
  readonly publicLog: PublicLog | undefined;
  readonly needs: readonly Need[];
  close(): Promise<void>;
}

export async function openStores(config: Config, _log: Logger): Promise<Opened> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const database = await openDatabase(
    config.database ?? `sqlite:${join(config.data, 'avow.sqlite')}`,
  );
  const catalogue = await Catalogue.open(database);
  const jobs = await openJobs(database, KINDS);
  return {
    database,
    catalogue,
    lists: new CatalogueLists(database),
    objects: objectsOver(new KeptFiles(join(config.data, 'objects'))),
    jobs,
    uploads: await Uploads.open(database),
    uploadFiles: await UploadFiles.open(join(config.data, 'uploads')),
    followers: new Followers(config.limits.followers),
    identity: new ConfiguredTokens(config.tokens),
    metrics: new Metrics(),
    publicLog: config.log === undefined ? undefined : publicLogFolder(config.log),
    needs: [{ name: 'database', check: () => database.health() }],
    close: async () => {
      await jobs.close();
      await database.close();
    },
  };
}
