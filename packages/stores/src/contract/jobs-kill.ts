import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Database } from '../database/index.ts';
import { migrate } from '../database/index.ts';
import { type JobQueue, openJobs } from '../jobs/index.ts';

export const KILL_KINDS = { count: { retries: 20, leaseSeconds: 10 } };

const CHILD = join(import.meta.dirname, 'jobs-kill-child.ts');
const WORKERS = 4;
/** Long enough for a worker to have begun, and short enough to be killed in the midst of it. */
const KILL_MS = 1_000;
/** What drains no more is a loss. */
const MAX_IDLE_MS = 60_000;

interface Tables {
  effects: { key: string; worker: string };
}

/** What it came to; every number is of jobs. */
export interface Drained {
  readonly effects: number;
  readonly distinct: number;
  readonly done: number;
  readonly kills: number;
  readonly perSecond: number;
}

/**
 * Queues jobs and has four worker processes do them, one of which is killed
 * (SIGKILL) at random every `KILL_MS`, until none is left.
 */
export async function drainWithKills(
  database: Database,
  url: string,
  jobs: number,
): Promise<Drained> {
  const effects = 'CREATE TABLE effects (key {text} NOT NULL, worker {text} NOT NULL) {strict}';
  await migrate(database, 'test', [[effects]]);
  const queue = await openJobs(database, KILL_KINDS);
  await queue.enqueue(
    Array.from({ length: jobs }, (_, index) => ({ kind: 'count', key: `${index}`, data: index })),
  );
  const begun = performance.now();
  let started = 0;
  let kills = 0;
  const start = () => startWorker(url, `worker ${started++}`);
  const workers = Array.from({ length: WORKERS }, start);
  const killing = setInterval(() => {
    // One that is in the midst of its work; on a busy machine the others only just begin.
    const working = workers.filter(({ isWorking }) => isWorking());
    const one = working[Math.floor(Math.random() * working.length)];
    if (one === undefined) return;
    one.process.kill('SIGKILL');
    workers[workers.indexOf(one)] = start();
    kills++;
  }, KILL_MS);
  let done = 0;
  let perSecond = 0;
  try {
    await drained(queue, jobs);
    perSecond = jobs / ((performance.now() - begun) / 1_000);
    done = await countOf(queue, 'done');
  } finally {
    clearInterval(killing);
    for (const worker of workers) worker.process.kill('SIGKILL');
    await queue.close();
  }
  const row = await database
    .tables<Tables>()
    .selectFrom('effects')
    .select((e) => [
      e.fn.countAll<number>().as('effects'),
      e.fn.count<number>('key').distinct().as('distinct'),
    ])
    .executeTakeFirstOrThrow();
  return { ...row, done, kills, perSecond };
}

interface Worker {
  readonly process: ChildProcess;
  /** It has done something. */
  isWorking(): boolean;
}

function startWorker(url: string, name: string): Worker {
  const child = spawn(process.execPath, [CHILD, url, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let isWorking = false;
  child.stdout.once('data', () => {
    isWorking = true;
  });
  return { process: child, isWorking: () => isWorking };
}

async function countOf(queue: JobQueue, state: string): Promise<number> {
  return (await queue.counts()).find((one) => one.state === state)?.count ?? 0;
}

async function drained(queue: JobQueue, jobs: number): Promise<void> {
  let before = 0;
  for (let since = performance.now(); ; ) {
    const done = await countOf(queue, 'done');
    if (done === jobs) return;
    if (done > before) since = performance.now();
    before = done;
    assert.ok(performance.now() - since < MAX_IDLE_MS, `${done} of ${jobs} done, and no more`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
