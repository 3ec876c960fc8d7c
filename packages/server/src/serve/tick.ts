import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { answerReceived } from '../claims/hand-in.ts';
import { forgetDrafts } from '../drafts/routes.ts';
import { sendDigests } from '../mail/job.ts';
import { stackOf } from '../operate/fault.ts';
import { removeAbandoned, removeAbandonedParts } from '../uploads/abandoned.ts';
import type { Opened } from './stores.ts';

/** Deadlines are counted in days; a minute's delay is none. */
const TICK_MS = 60_000;

/**
 * What time itself brings, until it is told to stop: moves of the docket that
 * are due, claims that nobody asked to be answered, uploads and drafts that were
 * left lying, digests by mail. Several servers may do it: each is done once. What
 * only answers clears its own disk and no more.
 */
export async function tickOn(
  stores: Opened,
  log: Logger,
  signal: AbortSignal,
  onlyAnswers = false,
): Promise<void> {
  const passes = onlyAnswers ? [removeAbandonedParts] : [removeAbandonedParts, ...PASSES];
  while (!signal.aborted) {
    for (const pass of passes) {
      // One that fails keeps no other from its work.
      await pass(stores, log).catch((error) => log.error({ stack: stackOf(error) }, 'deadlines'));
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => {});
  }
}

type Pass = (stores: Opened, log: Logger) => Promise<void>;

const PASSES: readonly Pass[] = [
  async ({ docket }, log) => {
    const moved = await docket.tick();
    if (moved.length > 0) log.info({ moved: moved.length }, 'deadlines');
  },
  answerReceived,
  removeAbandoned,
  forgetDrafts,
  async (stores) => {
    if (stores.mailer !== undefined) await sendDigests(stores);
  },
];
