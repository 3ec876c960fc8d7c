import type { Logger } from 'pino';
import { API, Api } from '../app/api.ts';
import { createApp, type Mount } from '../app/app.ts';
import { openApiOf } from '../app/openapi.ts';
import { Places } from '../app/place.ts';
import { MemoryRates } from '../app/rate.ts';
import { answerCases } from '../cases/routes.ts';
import { answerCatalogue } from '../catalogue/routes.ts';
import { answerClaims } from '../claims/routes.ts';
import { mountCodes } from '../codes/routes.ts';
import type { Config } from '../config/config.ts';
import { answerJobs } from '../jobs/routes.ts';
import { listen } from '../listen.ts';
import { mountLog } from '../logs/routes.ts';
import { mountHealth } from '../operate/health.ts';
import { mountOidc } from '../people/oidc.ts';
import { answerPeople } from '../people/routes.ts';
import { answerUploads } from '../uploads/routes.ts';
import { type Opened, openStores } from './stores.ts';
import { workOn } from './work.ts';

/** A service that runs. */
export interface Running {
  readonly url: string;
  readonly stores: Opened;
  /** Answers what is under way, lets workers put down what they have, and closes what is open. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly version: string;
  /** Parts beyond the API: the pages. */
  readonly mounts?: (stores: Opened) => readonly Mount[];
}

/** Answers that are under way get so long when the service stops. */
const GRACE_MS = 10_000;

/** Opens what is kept, makes the application and listens. */
export async function serve(options: ServeOptions): Promise<Running> {
  const { config, log } = options;
  const stores = await openStores(config);
  let isStopping = false;
  const url = config.url ?? `http://${config.host}:${config.port}`;
  const mounts: Mount[] = [
    (app) => mountHealth(app, stores.needs, stores.metrics, () => isStopping),
    (app) => mountCodes(app, CODES),
    ...(stores.publicLog === undefined ? [] : [logOf(stores.publicLog)]),
    (app) => mountApi(app, options, stores, url),
    ...(options.mounts?.(stores) ?? []),
  ];
  const app = createApp(
    {
      url,
      identity: stores.identity,
      places: new Places(config.proxies),
      log,
      metrics: stores.metrics,
    },
    mounts,
  );
  const stopWork = new AbortController();
  const hasWorkers = config.role === 'all' || config.role === 'worker';
  const working = hasWorkers ? workOn(config, stores, log, stopWork.signal) : Promise.resolve();
  const listening = await listen(app, config.host, config.port);
  log.info({ url: listening.url, role: config.role }, 'listening');
  return {
    url: listening.url,
    stores,
    stop: async () => {
      isStopping = true;
      stopWork.abort();
      stores.followers.stop();
      await listening.stop(GRACE_MS);
      await working;
      await stores.close();
      log.info('stopped');
    },
  };
}

function logOf(log: NonNullable<Opened['publicLog']>): Mount {
  return (app) => mountLog(app, log);
}

function mountApi(
  app: Parameters<Mount>[0],
  { config, version }: ServeOptions,
  stores: Opened,
  url: string,
): void {
  const { read, write, costly, body } = config.limits;
  const rates = new MemoryRates({ read, write, costly }, Date.now);
  const api = new Api(app, { rates, maxBody: body });
  answerCatalogue(api, stores.lists);
  answerJobs(api, stores);
  answerClaims(api, stores);
  answerCases(api, { ...stores, onPublished: async () => {} });
  answerUploads(api, {
    ...stores,
    files: stores.uploadFiles,
    limits: config.limits,
    now: Date.now,
  });
  const people = {
    people: stores.people,
    sessions: stores.sessions,
    url,
    title: config.publisher.name,
    now: stores.now,
  };
  answerPeople(api, people);
  mountOidc(app, people, config.signIn);
  const document = openApiOf(api.routes, { version, url });
  app.get(`${API}/openapi.json`, (context) => {
    context.set('route', '/openapi.json');
    return context.json(document);
  });
}

/** Beside the sources in a checkout, and in the published package. */
const CODES = new URL('../../../../docs/codes/', import.meta.url);
