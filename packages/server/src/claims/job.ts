import { Refused } from '@avow/bytes';
import type { CatalogueLists } from '@avow/stores/catalogue';
import { type JobHandler, type JobQueue, NoRetry } from '@avow/stores/jobs';
import { z } from 'zod';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import type { Config } from '../config/config.ts';
import { askFor } from '../examinations/ask.ts';
import { targetsIn } from './against.ts';

/** What a child is given to answer a claim. */
export interface AnswerTask {
  readonly config: Pick<Config, 'data' | 'database' | 'objects'>;
  readonly claim: string;
  readonly text: string;
  readonly account: string | undefined;
  /** Names what is asked: an attempt after one that got through answers nothing. */
  readonly ask: string;
}

export interface AnswerPorts {
  readonly config: Config;
  readonly jobs: JobQueue;
  readonly lists: CatalogueLists;
  readonly now: () => number;
  /** The words with this digest; absent: the latest of the claim. */
  readonly textOf: (claim: string, digest: string | undefined) => Promise<string | undefined>;
}

const DATA = z.object({
  claim: z.string(),
  ask: z.string(),
  owner: z.string().optional(),
  /** Digest of the words that complete it; absent: its own. */
  text: z.string().optional(),
});
const CHILD = programBeside(import.meta.url, 'child');

/** A claim looks into what is here already, or was fetched for it: minutes would be too long. */
const LIMITS: RunLimits = { seconds: 300, memory: 3 * 1024 ** 3 };

/** By the attempt before this one; or it is withdrawn or dismissed, and waits for nothing. */
const WAS_ANSWERED = new Set(['docket.answered', 'docket.move']);

/** Answers a claim that was handed in: turned back with all that it lacks, or re-checked. */
export function answerHandler(ports: AnswerPorts): JobHandler {
  return async (job, { signal, progress }) => {
    const { claim, ask, owner, text: words } = DATA.parse(job.data);
    const text = await ports.textOf(claim, words);
    if (text === undefined) throw new NoRetry(`the text of ${claim} was erased`);
    await fetchMissing(text, owner, ports);
    const { data, database, objects } = ports.config;
    const task: AnswerTask = {
      config: { data, database, objects },
      claim,
      text,
      account: owner,
      ask,
    };
    const end = await runChild(CHILD, task, LIMITS, signal, (says) => void progress({ says }));
    if (end.state === 'done') return { result: end.result as { state: string } };
    if (end.state === 'refused' && WAS_ANSWERED.has(end.code)) return {};
    const why = end.state === 'refused' ? `${end.code}: ${end.message}` : end.why;
    // Moved on by another, as by its timer, while it was answered: that is looked at again.
    const isFinal = end.state === 'refused' && end.code !== 'docket.conflict';
    throw isFinal ? new NoRetry(why) : new Error(why);
  };
}

/** Releases of registries that a claim is helped with: more it has to bring itself. */
const MAX_FETCHED = 2;

/**
 * Has releases examined that the claim names and nobody handed in yet; the job
 * is tried again when they are there. What cannot be had is left out: the
 * answer says so.
 */
async function fetchMissing(
  text: string,
  account: string | undefined,
  { lists, jobs, now }: AnswerPorts,
): Promise<void> {
  const viewer = { sees: 'public', account } as const;
  for (const target of targetsIn(text).slice(0, MAX_FETCHED)) {
    const { rows } = await lists.releases({ target }, { viewer, limit: 1 });
    const spec = specOf(target);
    if (rows.length > 0 || spec === undefined) continue;
    const job = await askFor(jobs, spec, now(), { priority: 1 });
    if (job.state === 'waiting' || job.state === 'running') {
      throw new Refused('claim.waits', undefined, `${target} is being examined`);
    }
  }
}

/** `npm:NAME@VERSION` of a release of that registry; undefined for others. */
export function specOf(target: string): string | undefined {
  const match = /^pkg:npm\/((?:%40[\w.-]+\/)?[\w.-]+)@([\w.%+-]+)$/.exec(target);
  if (match === null) return undefined;
  return `npm:${decodeURIComponent(match[1]!)}@${decodeURIComponent(match[2]!)}`;
}
