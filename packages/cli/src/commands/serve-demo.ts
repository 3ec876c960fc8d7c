import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProduct } from '@avow/products';
import type { Config, Running } from '@avow/server';
import { openToAppend } from './log/append.ts';
import { LOG_FILES } from './log/config.ts';
import { makeLog } from './log/init.ts';
import { inventoryOf } from './log/inventory.ts';
import { enter, nameAndVersion } from './publish.ts';

/** A service with real products, a log and a worked case, for whoever wants to look. */
export interface Demo {
  readonly data: string;
  /** Its own token and log, where the configuration names none. */
  prepare(config: Config): Promise<Config>;
  show(running: Running, tell: (line: string) => void, signal: AbortSignal): Promise<void>;
}

/** Nobody's address: the log is nowhere but in its folder. */
const ORIGIN = 'avow-demo.example/log';

/** @param folder Where it keeps everything; absent: a temporary folder, which is told. */
export function demoOf(folder: string | undefined): Demo {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'avow-demo-'));
  const token = randomBytes(24).toString('base64url');
  const log = join(data, 'log');
  let isOwnLog = false;
  return {
    data,
    prepare: async (config) => {
      const withToken = { ...config, tokens: [...config.tokens, tokenOf(token)] };
      if (config.log !== undefined || config.logTo !== undefined) return withToken;
      if (!existsSync(join(log, LOG_FILES.publicKeys))) await makeLog(log, { origin: ORIGIN });
      isOwnLog = true;
      return { ...withToken, log, logTo: { log } };
    },
    show: async ({ stores, url }, tell, signal) => {
      const { DEMO_PRODUCTS, demonstrate } = await import('@avow/server');
      tell(`It keeps everything in ${data}, and may be deleted.`);
      tell(`A token that may do everything: ${token}`);
      tell('Fetching, logging and examining products of the registry; the worked case comes then.');
      if (isOwnLog) await logReleases(log, DEMO_PRODUCTS, tell);
      await demonstrate(stores, tell, signal);
      tell(`Look at ${url}/ , ${url}/cases , ${url}/log and ${url}/feeds/advisories.atom`);
    },
  };
}

/** A token of all roles, for this run alone: whoever looks at the demo may do everything. */
function tokenOf(token: string): Config['tokens'][number] {
  const roles = ['administrator', 'lead', 'investigator', 'publisher'] as const;
  return {
    name: 'demo',
    sha256: createHash('sha256').update(token).digest('hex'),
    grants: roles.map((role) => ({ role })),
    scopes: ['read', 'claim', 'declare', 'docket', 'publish', 'administer'],
  };
}

/** Logs releases as their maker would; one that cannot be had is told, and left out. */
async function logReleases(
  folder: string,
  specs: readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  const log = await openToAppend(folder, {});
  try {
    for (const spec of specs) {
      try {
        const product = await openProduct(spec);
        const chain = { maker: 'demo', channel: 'npm' };
        const known = await log.headOf({
          ...chain,
          type: 'release',
          product: nameAndVersion(product.target).name,
        });
        if (known !== undefined) continue;
        await enter(log, product, await inventoryOf(product, false), chain);
      } catch (error) {
        tell(`${spec} is not logged: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    await log.close();
  }
}
