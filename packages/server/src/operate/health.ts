import type { App } from '../app/env.ts';
import type { Metrics } from './metrics.ts';

/** One thing that the server cannot do without. */
export interface Need {
  readonly name: string;
  /** Says what it is; rejects when it cannot be used. */
  check(): Promise<string>;
}

/** How long a need may take to answer before it counts as missing. */
const CHECK_MS = 2_000;

/**
 * `/healthz`: the process answers. `/readyz`: it has what it needs and is not
 * stopping. `/metrics`: numbers for Prometheus. What is wrong is told by name
 * only; the log has the reason.
 */
export function mountHealth(
  app: App,
  needs: readonly Need[],
  metrics: Metrics,
  isStopping: () => boolean,
): void {
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const checks = await Promise.all(needs.map(async (need) => [need.name, await isMet(need)]));
    const isReady = !isStopping() && checks.every(([, met]) => met === true);
    const body = { ready: isReady, needs: Object.fromEntries(checks) };
    return context.json(body, isReady ? 200 : 503);
  });
  app.get('/metrics', async (context) =>
    context.text(await metrics.text(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
}

async function isMet({ check }: Need): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), CHECK_MS);
  });
  try {
    await Promise.race([check(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
