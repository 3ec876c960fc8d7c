import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, CatalogueLists } from '@avow/stores/catalogue';
import { type Database, openDatabase } from '@avow/stores/database';
import type { Logger } from 'pino';
import type { IdentityPort } from '../access/identity.ts';
import { ConfiguredTokens } from '../access/tokens.ts';
import type { Config } from '../config/config.ts';
import { publicLogFolder } from '../logs/folder.ts';
import type { PublicLog } from '../logs/routes.ts';
import type { Need } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';

/** Everything that is kept, opened. */
export interface Opened {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly lists: CatalogueLists;
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
  return {
    database,
    catalogue,
    lists: new CatalogueLists(database),
    identity: new ConfiguredTokens(config.tokens),
    metrics: new Metrics(),
    publicLog: config.log === undefined ? undefined : publicLogFolder(config.log),
    needs: [{ name: 'database', check: () => database.health() }],
    close: () => database.close(),
  };
}
