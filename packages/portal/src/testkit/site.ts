import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSources, loggerOf, type Running, readConfig, serve } from '@avow/server';
import { bundleAssets } from '../assets/assets.ts';
import { portalMount } from '../portal.ts';
import { readWords } from '../words/words.ts';

/** Where browsers are that a test can drive. */
const BROWSERS = [
  process.env['AVOW_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A browser's path; undefined where there is none. */
export function findBrowser(): string | undefined {
  return BROWSERS.find((path) => path !== undefined && existsSync(path));
}

export const NO_BROWSER =
  'there is no Chromium here (apt-get install chromium, or set AVOW_CHROMIUM to one)';

/** A whole service with its pages, on a free port and in a folder of its own. */
export interface TestSite {
  readonly url: string;
  readonly running: Running;
  stop(): Promise<void>;
}

/** Starts a service for a test, as `avow serve` does. */
export async function startSite(file?: string): Promise<TestSite> {
  const data = mkdtempSync(join(tmpdir(), 'avow-portal-'));
  const port = await freePort();
  const config = readConfig(
    configSources(file, { data, port, level: 'silent', url: `http://localhost:${port}` } as never),
  );
  const pages = portalMount({ assets: await bundleAssets(), words: readWords() });
  const running = await serve({
    config: { ...config, level: 'silent', url: `http://localhost:${port}` },
    log: loggerOf('silent'),
    version: '0.0.0-test',
    mounts: () => [pages],
  });
  return {
    url: `http://localhost:${port}`,
    running,
    stop: async () => {
      await running.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
