import { join } from 'node:path';
import { Docket } from '@avow/docket';
import { Catalogue } from '@avow/stores/catalogue';
import { type JobQueue, openJobs } from '@avow/stores/jobs';
import { People } from '@avow/stores/people';
import { Standing } from '@avow/stores/standing';
import { Uploads } from '@avow/stores/uploads';
import type { IdentityPort } from '../access/identity.ts';
import { ConfiguredTokens } from '../access/tokens.ts';
import { Followers } from '../app/events.ts';
import { Works } from '../claims/work.ts';
import type { Config } from '../config/config.ts';
import { JOB_KINDS } from '../jobs/kinds.ts';
import { publicLogFolder } from '../logs/folder.ts';
import type { PublicLog } from '../logs/routes.ts';
import type { Need } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';
import { PeopleIdentity } from '../people/identity.ts';
import { Sessions } from '../people/sessions.ts';
import { UploadFiles } from '../uploads/files.ts';
import { type Kept, openKept } from './kept.ts';
import { secretIn } from './secret.ts';

/** Everything that is kept, opened, and what works with it. */
export interface Opened extends Omit<Kept, 'docket'> {
  readonly catalogue: Catalogue;
  readonly docket: Docket;
  readonly store: Kept['docket']['store'];
  readonly standing: Standing;
  readonly works: Works;
  readonly jobs: JobQueue;
  readonly uploads: Uploads;
  readonly uploadFiles: UploadFiles;
  readonly followers: Followers;
  readonly people: People;
  readonly sessions: Sessions;
  readonly identity: IdentityPort;
  readonly metrics: Metrics;
  readonly publicLog: PublicLog | undefined;
  readonly needs: readonly Need[];
  readonly now: () => number;
}

export async function openStores(config: Config): Promise<Opened> {
  const kept = await openKept(config);
  const { database, docket: folder } = kept;
  const jobs = await openJobs(database, JOB_KINDS);
  const standing = await Standing.open(database);
  const now = Date.now;
  const secret = secretIn(config.data);
  const people = await People.open(database);
  const sessions = new Sessions(people, config.url?.startsWith('https:') === true, now);
  return {
    ...kept,
    catalogue: await Catalogue.open(database),
    docket: new Docket(folder.store, folder.kept, now),
    store: folder.store,
    standing,
    works: new Works(config.limits.proofOfWork, secret, standing, now),
    jobs,
    uploads: await Uploads.open(database),
    uploadFiles: await UploadFiles.open(join(config.data, 'uploads')),
    followers: new Followers(config.limits.followers),
    people,
    sessions,
    identity: new PeopleIdentity(people, sessions, new ConfiguredTokens(config.tokens), now),
    metrics: new Metrics(),
    publicLog: config.log === undefined ? undefined : publicLogFolder(config.log),
    needs: [{ name: 'database', check: () => database.health() }],
    now,
    close: async () => {
      await jobs.close();
      await kept.close();
    },
  };
}
