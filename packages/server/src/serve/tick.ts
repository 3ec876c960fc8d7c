import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Opened } from './stores.ts';

/** Deadlines are counted in days; a minute's delay is none. */
const TICK_MS = 60_000;

/** Makes the moves of the docket that are due, until it is told to stop. Several servers may: each move is made once. */
export async function tickOn(
  { docket }: Pick<Opened, 'docket'>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const moved = await docket.tick();
      if (moved.length > 0) log.info({ moved: moved.length }, 'deadlines');
    } catch (error) {
      log.error({ stack: error instanceof Error ? error.stack : String(error) }, 'deadlines');
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => {});
  }
}
