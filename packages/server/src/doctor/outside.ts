import { totalmem } from 'node:os';
import type { Config } from '../config/config.ts';
import { shownBytes } from './files.ts';
import { bad, type Found, ok, warn } from './finding.ts';

const TIMEOUT_MS = 5_000;
const CLOCK_MS = 60_000;

/** The address that others have, asked as they would. */
export async function outsideAddress({ url, host }: Config): Promise<readonly Found[]> {
  if (url === undefined) {
    const isLocal = host === '127.0.0.1' || host === 'localhost' || host === '::1';
    const next = 'set "url" to the address that others have: links and sign-in go by it';
    return [(isLocal ? warn : bad)('address', 'none is told', next)];
  }
  const found: Found[] = [];
  if (!url.startsWith('https:')) {
    found.push(warn('address', `${url} is without TLS`, 'put a proxy with TLS in front'));
  }
  const response = await fetch(`${url}/healthz`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'manual',
  });
  const text = (await response.text()).slice(0, 100);
  if (response.status !== 200 || text !== 'ok\n') {
    return [
      ...found,
      bad(
        'address',
        `${url}/healthz answers ${response.status}`,
        'start the service, or correct the proxy',
      ),
    ];
  }
  const apart = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (Math.abs(apart) > CLOCK_MS) {
    found.push(
      bad('clock', `${Math.round(apart / 1000)} s from that of ${url}`, 'have it kept by NTP'),
    );
  }
  const metrics = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (metrics.status === 200 && url.startsWith('https:')) {
    found.push(
      warn('metrics', `everyone may read ${url}/metrics`, 'keep it from the outside in the proxy'),
    );
  }
  return [...found, ok('address', `${url} answers`)];
}

/** What workers may take at most against what there is. */
export async function memory({ workers, role }: Config): Promise<readonly Found[]> {
  if (role === 'web' || role === 'log' || workers.count === 0) return [];
  const most = workers.count * workers.memory;
  const found = `${workers.count} at once may take ${shownBytes(most)} of ${shownBytes(totalmem())}`;
  if (most <= totalmem()) return [ok('memory', found)];
  return [warn('memory', found, 'lower workers.count or workers.memory')];
}

/** The oldest Node that Avow is held to. */
const NODE = 24;

export async function runtime(): Promise<readonly Found[]> {
  const major = Number(process.versions.node.split('.')[0]);
  const found = `Node ${process.versions.node}`;
  return [major < NODE ? bad('runtime', found, `take Node ${NODE}`) : ok('runtime', found)];
}

/** Long past: a machine without a clock of its own wakes up in 1970, or when its image was made. */
const BUILT = Date.UTC(2026, 0, 1);

export async function clock(): Promise<readonly Found[]> {
  const now = new Date();
  if (now.getTime() > BUILT) return [ok('clock', now.toISOString())];
  return [bad('clock', `it is ${now.toISOString()} here`, 'have it kept by NTP')];
}
