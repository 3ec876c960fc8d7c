import { join } from 'node:path';
import { Docket, type DocketStore } from '@avow/docket';
import { Catalogue } from '@avow/stores/catalogue';
import { type JobQueue, openJobs } from '@avow/stores/jobs';
import { Notices } from '@avow/stores/notices';
import { Drafts, Mailboxes, People, Subscriptions } from '@avow/stores/people';
import { Moderations, Published, Standing } from '@avow/stores/standing';
import { TableFolder } from '@avow/stores/tables';
import { Uploads } from '@avow/stores/uploads';
import type { IdentityPort } from '../access/identity.ts';
import { ConfiguredTokens } from '../access/tokens.ts';
import { Provider, type ProviderPorts } from '../advisories/provider.ts';
import { CSAF } from '../advisories/routes.ts';
import { signerOf } from '../advisories/sign.ts';
import { Followers } from '../app/events.ts';
import { Works } from '../claims/work.ts';
import type { Config } from '../config/config.ts';
import { type EgressPort, egress } from '../egress/send.ts';
import { JOB_KINDS } from '../jobs/kinds.ts';
import { publicLogFolder } from '../logs/folder.ts';
import type { PublicLog } from '../logs/routes.ts';
import { type Mailer, mailerOf } from '../mail/mailer.ts';
import { MailTokens } from '../mail/token.ts';
import { Modules } from '../modules/modules.ts';
import type { Need } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';
import { PeopleIdentity } from '../people/identity.ts';
import { Sessions } from '../people/sessions.ts';
import { UploadFiles } from '../uploads/files.ts';
import { Seal } from '../webhooks/secret.ts';
import { type Kept, openKept } from './kept.ts';
import { secretAt, secretPath } from './secret.ts';

/** Everything that is kept, opened, and what works with it. */
export interface Opened extends Omit<Kept, 'docket'> {
  readonly catalogue: Catalogue;
  readonly docket: Docket;
  readonly store: Kept['docket']['store'];
  readonly standing: Standing;
  readonly moderations: Moderations;
  readonly published: Published;
  readonly notices: Notices;
  readonly seal: Seal;
  readonly egress: EgressPort;
  readonly provider: Provider;
  readonly publishing: Omit<ProviderPorts, 'docket' | 'store'>;
  /** A docket over a store that holds moves back. */
  readonly docketOver: (store: DocketStore) => Docket;
  readonly works: Works;
  readonly jobs: JobQueue;
  readonly modules: Modules;
  readonly uploads: Uploads;
  readonly uploadFiles: UploadFiles;
  readonly followers: Followers;
  readonly people: People;
  readonly sessions: Sessions;
  readonly identity: IdentityPort;
  readonly mailboxes: Mailboxes;
  readonly subscriptions: Subscriptions;
  readonly drafts: Drafts;
  readonly mailTokens: MailTokens;
  /** Absent where no mail server is configured. */
  readonly mailer: Mailer | undefined;
  readonly metrics: Metrics;
  readonly publicLog: PublicLog | undefined;
  readonly needs: readonly Need[];
  readonly now: () => number;
}

export async function openStores(config: Config, url: string): Promise<Opened> {
  const kept = await openKept(config);
  const { database, docket: folder } = kept;
  const jobs = await openJobs(database, JOB_KINDS);
  const standing = await Standing.open(database);
  const now = Date.now;
  const secret = secretAt(secretPath(config));
  const people = await People.open(database);
  const mailer = mailerOf(config.mail);
  const docket = new Docket(folder.store, folder.kept, now);
  const { sign, ...about } = config.publisher;
  const published = new Published(database);
  const publishing = {
    publisher: { ...about, base: `${url}${CSAF}` },
    signer: signerOf(sign, published),
  };
  const tables = await TableFolder.open(join(config.data, 'tables'));
  const modules = new Modules(kept.objects, tables, now);
  const sessions = new Sessions(people, config.url?.startsWith('https:') === true, now);
  return {
    ...kept,
    catalogue: await Catalogue.open(database),
    docket,
    store: folder.store,
    notices: await Notices.open(database),
    seal: new Seal(secret),
    egress: egress(),
    provider: new Provider({ ...publishing, docket, store: folder.store }),
    publishing,
    docketOver: (store) => new Docket(store, folder.kept, now),
    standing,
    moderations: new Moderations(database),
    published,
    works: new Works(config.limits.proofOfWork, secret, standing, now),
    jobs,
    modules,
    uploads: await Uploads.open(database),
    uploadFiles: await UploadFiles.open(join(config.data, 'uploads')),
    followers: new Followers(config.limits.followers),
    people,
    sessions,
    mailboxes: new Mailboxes(database),
    subscriptions: new Subscriptions(database),
    drafts: new Drafts(database),
    mailTokens: new MailTokens(secret),
    mailer,
    identity: new PeopleIdentity(people, sessions, new ConfiguredTokens(config.tokens), now),
    metrics: metricsOf(jobs),
    publicLog: config.log === undefined ? undefined : publicLogFolder(config.log),
    needs: [{ name: 'database', check: () => database.health() }],
    now,
    close: async () => {
      modules.close();
      mailer?.close();
      await jobs.close();
      await kept.close();
    },
  };
}

function metricsOf(jobs: JobQueue): Metrics {
  const metrics = new Metrics();
  metrics.gauge({
    name: 'avow_jobs',
    help: 'Jobs by kind and state.',
    read: async () =>
      (await jobs.counts()).map(({ kind, state, count }) => ({
        labels: { kind, state },
        value: count,
      })),
  });
  return metrics;
}
