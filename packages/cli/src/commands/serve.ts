import { once } from 'node:events';
import { EXIT, type ExitStatus } from '../exit.ts';

export interface ServeOptions {
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
  readonly role?: string;
}

/** Runs the service until it is interrupted or asked to end (SIGTERM). */
export async function serveCommand(
  { config: file, ...options }: ServeOptions,
  version: string,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const { configSources, loggerOf, readConfig, serve } = await import('@avow/server');
  const config = readConfig(configSources(file, { ...options }));
  const { bundleAssets, portalMount, readWords } = await import('@avow/portal');
  const pages = portalMount({
    assets: await bundleAssets(),
    words: readWords(),
    providers: config.signIn,
  });
  const log = loggerOf(config.level);
  const running = await serve({ config, log, version, mounts: () => [pages] });
  process.stderr.write(`Avow is at ${running.url}/\n`);
  const terminated = new AbortController();
  process.once('SIGTERM', () => terminated.abort());
  const both = AbortSignal.any([signal, terminated.signal]);
  if (!both.aborted) await once(both, 'abort');
  await running.stop();
  return EXIT.ok;
}
