import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { forgetDrafts } from '../drafts/routes.ts';
import { sendDigests } from '../mail/job.ts';
import { stackOf } from '../operate/fault.ts';
import { removeAbandoned, removeAbandonedParts } from '../uploads/abandoned.ts';
import type { Opened } from './stores.ts';

/** Deadlines are counted in days; a minute's delay is none. */
const TICK_MS = 60_000;

/**
 * What time itself brings, until it is told to stop: moves of the docket that
 * are due, uploads that were left lying, digests by mail. Several servers may do
 * it: each is done once. What only answers clears its own disk and no more.
 */
export async function tickOn(
  stores: Opened,
  log: Logger,
  signal: AbortSignal,
  onlyAnswers = false,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await removeAbandonedParts(stores);
      if (!onlyAnswers) await tick(stores, log);
    } catch (error) {
      log.error({ stack: stackOf(error) }, 'deadlines');
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => {});
  }
}

async function tick(stores: Opened, log: Logger): Promise<void> {
  const moved = await stores.docket.tick();
  if (moved.length > 0) log.info({ moved: moved.length }, 'deadlines');
  await removeAbandoned(stores);
  await forgetDrafts(stores);
  if (stores.mailer !== undefined) await sendDigests(stores);
}
