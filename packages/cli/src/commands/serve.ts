import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, Running, ServeOptions } from '@avow/server';
import { EXIT, type ExitStatus } from '../exit.ts';

export interface ServeCommandOptions {
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
  readonly role?: string;
  readonly demo?: boolean;
}

/** Runs the service until it is interrupted or asked to end (SIGTERM). */
export async function serveCommand(
  { config: file, demo, ...said }: ServeCommandOptions,
  version: string,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const { configSources, loggerOf, readConfig, serveLog } = await import('@avow/server');
  const isDemo = demo === true;
  const data = said.data ?? (isDemo ? mkdtempSync(join(tmpdir(), 'avow-demo-')) : undefined);
  const read = readConfig(configSources(file, { ...said, data }));
  const { config, token } = isDemo ? withToken(read) : { config: read, token: undefined };
  const terminated = new AbortController();
  process.once('SIGTERM', () => terminated.abort());
  const both = AbortSignal.any([signal, terminated.signal]);
  const log = loggerOf(isDemo ? 'warn' : config.level);
  const options = { config, log, version, openAppender: await appenderOf(config) };
  const running = config.role === 'log' ? await serveLog(options) : await serveAll(options);
  tell(`Avow is at ${running.url}/`);
  if (token !== undefined && running.stores !== undefined) {
    await demonstrateOn(running, token, config.data, both);
  }
  if (!both.aborted) await once(both, 'abort');
  await running.stop();
  return EXIT.ok;
}

/** How published verdicts come into the log that the configuration names. */
async function appenderOf({ logTo }: Config): Promise<ServeOptions['openAppender']> {
  if (logTo === undefined) return undefined;
  const { openToAppend } = await import('./log/append.ts');
  const { readToken } = await import('./log/serve.ts');
  const { log, key, tokenFile } = logTo;
  return () =>
    openToAppend(log, {
      ...(key === undefined ? {} : { key }),
      ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
    });
}

/** With the pages; a worker has none to show. */
async function serveAll(options: ServeOptions): Promise<Running> {
  const { serve } = await import('@avow/server');
  const { config } = options;
  if (config.role === 'worker') return serve(options);
  const { bundleAssets, portalMount, readWords } = await import('@avow/portal');
  const assets = await bundleAssets();
  const pages = portalMount({ assets, words: readWords(), providers: config.signIn });
  return serve({ ...options, mounts: () => [pages] });
}

/** A token of all roles, for this run alone: whoever looks at the demo may do everything. */
function withToken(config: Config): { readonly config: Config; readonly token: string } {
  const token = randomBytes(24).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  const grants = (['administrator', 'lead', 'investigator', 'publisher'] as const).map((role) => ({
    role,
  }));
  const demo: Config['tokens'][number] = {
    name: 'demo',
    sha256,
    grants,
    scopes: ['read', 'claim', 'declare', 'docket', 'publish', 'administer'],
  };
  return { config: { ...config, tokens: [...config.tokens, demo] }, token };
}

async function demonstrateOn(
  { stores, url }: Running,
  token: string,
  data: string,
  signal: AbortSignal,
): Promise<void> {
  const { demonstrate } = await import('@avow/server');
  tell(`It keeps everything in ${data}, and may be deleted.`);
  tell(`A token that may do everything: ${token}`);
  tell('Fetching and examining products of the registry; the worked case comes then.');
  try {
    await demonstrate(stores, tell, signal);
    tell(`Look at ${url}/ , ${url}/cases and ${url}/feeds/advisories.atom`);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
