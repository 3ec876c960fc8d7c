import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { mountFeeds } from '../advisories/routes.ts';
import type { Api } from '../app/api.ts';
import { createApp, type Mount } from '../app/app.ts';
import type { App } from '../app/env.ts';
import { Places } from '../app/place.ts';
import { mountCodes } from '../codes/routes.ts';
import type { Config } from '../config/config.ts';
import { freePort, listen } from '../listen.ts';
import type { OpenAppender } from '../logs/append.ts';
import { mountLog } from '../logs/routes.ts';
import { mountHealth } from '../operate/health.ts';
import { measureProcess } from '../operate/process.ts';
import { mountApi } from './api.ts';
import { type Opened, openStores } from './stores.ts';
import { tickOn } from './tick.ts';
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
  /** How the log is reached that verdicts are appended to; absent: they are in none. */
  readonly openAppender?: OpenAppender | undefined;
  /** Parts beyond the API: the pages. */
  readonly mounts?: (stores: Opened) => readonly Mount[];
}

/** Answers that are under way get so long when the service stops. */
export const GRACE_MS = 10_000;

/** What a worker answers: nothing but how it is. */
function workerOf(
  { config, log }: ServeOptions,
  stores: Opened,
  url: string,
  isStopping: () => boolean,
): App {
  const { identity, metrics, needs } = stores;
  const places = new Places(config.proxies);
  return createApp({ url, identity, places, log, metrics }, [
    (app) => mountHealth(app, needs, metrics, isStopping),
  ]);
}

/** The application over what is kept: everything but a listener and workers. */
export function applicationOf(
  { config, log, version, mounts }: ServeOptions,
  stores: Opened,
  url: string,
  isStopping: () => boolean = () => false,
): { readonly app: App; readonly api: Api } {
  let api: Api | undefined;
  const { contact } = config.publisher;
  const all: Mount[] = [
    (app) => mountHealth(app, stores.needs, stores.metrics, isStopping),
    (app) => mountCodes(app, CODES),
    ...(stores.publicLog === undefined ? [] : [logOf(stores.publicLog)]),
    (app) => mountFeeds(app, stores.provider, { url, contact, now: stores.now }),
    (app) => {
      api = mountApi(app, { config, version, url }, stores);
    },
    ...(mounts?.(stores) ?? []),
  ];
  const { identity, metrics } = stores;
  const places = new Places(config.proxies);
  const app = createApp({ url, identity, places, log, metrics }, all);
  return { app, api: api! };
}

/**
 * Opens what is kept, makes the application and listens. `web` answers and takes
 * no job; `worker` does jobs and what is due, and answers for its health alone;
 * `all` does both. A log alone is `serveLog`.
 */
export async function serve(asked: ServeOptions): Promise<Running> {
  // Links name the port, so that it has to be known before anybody listens.
  const port = asked.config.port === 0 ? await freePort(asked.config.host) : asked.config.port;
  const options = { ...asked, config: { ...asked.config, port } };
  const { config, log, version } = options;
  const url = config.url ?? `http://${config.host}:${config.port}`;
  const stores = await openStores(config, url);
  let isStopping = false;
  measureProcess(stores.metrics, { version, role: config.role });
  const stopping = () => isStopping;
  const app =
    config.role === 'worker'
      ? workerOf(options, stores, url, stopping)
      : applicationOf(options, stores, url, stopping).app;
  const stopWork = new AbortController();
  const hasWorkers = config.role === 'all' || config.role === 'worker';
  const working = hasWorkers
    ? Promise.all([
        workOn(config, stores, log, stopWork.signal, options.openAppender),
        tickOn(stores, log, stopWork.signal),
      ])
    : tickOn(stores, log, stopWork.signal, true);
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

/** Pages of codes: in the published package, or in the repository. */
const CODE_PLACES = ['../../docs/codes/', '../../../../docs/codes/'].map(
  (path) => new URL(path, import.meta.url),
);
const CODES = CODE_PLACES.find(existsSync) ?? CODE_PLACES[0]!;
