import { once } from 'node:events';
import type { Config, Running, ServeOptions } from '@avow/server';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Demo, demoOf } from './serve-demo.ts';

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
  const example = demo === true ? demoOf(said.data) : undefined;
  const data = example?.data ?? said.data;
  const read = readConfig(configSources(file, { ...said, data }));
  const config = example === undefined ? read : await example.prepare(read);
  const terminated = new AbortController();
  process.once('SIGTERM', () => terminated.abort());
  const both = AbortSignal.any([signal, terminated.signal]);
  const log = loggerOf(example === undefined ? config.level : 'warn');
  const options = { config, log, version, openAppender: await appenderOf(config) };
  const running = config.role === 'log' ? await serveLog(options) : await serveAll(options);
  tell(`Avow is at ${running.url}/`);
  if (example !== undefined && running.stores !== undefined) {
    await shown(example, running, both);
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

async function shown(example: Demo, running: Running, signal: AbortSignal): Promise<void> {
  try {
    await example.show(running, tell, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
