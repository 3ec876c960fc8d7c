import { Refused } from '@avow/bytes';
import type { Identity } from '../access/identity.ts';
import { createApp } from '../app/app.ts';
import { Places } from '../app/place.ts';
import { listen } from '../listen.ts';
import { publicLogFolder } from '../logs/folder.ts';
import { mountLog, type PublicLog } from '../logs/routes.ts';
import { mountHealth, type Need } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';
import { measureProcess } from '../operate/process.ts';
import { GRACE_MS, type ServeOptions } from './serve.ts';

/** A log that is served. */
export interface Serving {
  readonly url: string;
  /** A log alone keeps nothing. */
  readonly stores?: undefined;
  stop(): Promise<void>;
}

/**
 * Serves a log's public files, health and numbers, and nothing else: it opens
 * neither database nor objects, and no key. Refuses `config.invalid` when no log
 * is told.
 */
export async function serveLog({ config, log, version }: ServeOptions): Promise<Serving> {
  if (config.log === undefined) {
    throw new Refused('config.invalid', undefined, 'log: the role "log" needs the folder of one');
  }
  const files = publicLogFolder(config.log);
  const metrics = new Metrics();
  measureProcess(metrics, { version, role: config.role });
  metrics.gauge({
    name: 'avow_log_entries',
    help: 'Entries that the published checkpoint is of.',
    read: async () => [{ value: await sizeOf(files) }],
  });
  let isStopping = false;
  const url = config.url ?? `http://${config.host}:${config.port}`;
  const app = createApp(
    {
      url,
      identity: { who: async (): Promise<Identity> => ({ kind: 'anonymous' }) },
      places: new Places(config.proxies),
      log,
      metrics,
    },
    [
      (app) => mountHealth(app, [checkpoint(files)], metrics, () => isStopping),
      (app) => mountLog(app, files),
    ],
  );
  const listening = await listen(app, config.host, config.port);
  log.info({ url: listening.url, role: config.role }, 'listening');
  return {
    url: listening.url,
    stop: async () => {
      isStopping = true;
      await listening.stop(GRACE_MS);
      log.info('stopped');
    },
  };
}

function checkpoint(files: PublicLog): Need {
  return {
    name: 'checkpoint',
    check: async () => `${await sizeOf(files)} entries`,
  };
}

/** The second line of a checkpoint (C2SP tlog-checkpoint). */
async function sizeOf(files: PublicLog): Promise<number> {
  const note = await files.read('checkpoint');
  if (note === undefined) throw new TypeError('the log has no checkpoint');
  return Number(Buffer.from(note).toString('utf8').split('\n', 2)[1]);
}
