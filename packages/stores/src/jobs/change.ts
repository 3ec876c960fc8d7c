import type { Database } from '../database/index.ts';

/** Returns at the next change that is told on a channel, after `ms`, or once aborted. */
export function nextChange(
  database: Database,
  channel: string,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      stop();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stop = database.listen(channel, end);
    signal?.addEventListener('abort', end);
  });
}
