/**
 * The service under load, on SQLite and, where it is installed, on PostgreSQL
 * with its syncs on: `npm run bench:server`. 200 requests a second leave when
 * they are due, whether those before were answered or not; 19 of 20 read, the
 * others write. Then queued work is drained by four processes that are killed at
 * random: light jobs of the queue, and real examinations.
 *
 * FEATURES (1000000), PRODUCTS (1000), CLAIMS (10000), RATE (200), SECONDS (60),
 * JOBS (10000), EXAMINATIONS (40); ENGINES (sqlite,postgres). Ends with 1 when a
 * goal of `size.ts` is missed or work is lost.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgres, TestPostgres } from '@avow/stores/contract';
import { openDatabase } from '@avow/stores/database';
import { drainWithKills } from '../../packages/stores/src/contract/jobs-kill.ts';
import { drainExaminations } from './drain.ts';
import { load } from './load.ts';
import { CLAIMS, EXAMINATIONS, FEATURES, GOAL, JOBS, PRODUCTS, RATE, SECONDS } from './size.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What was missed, in words. */
const missed: string[] = [];
const ENGINES = (process.env['ENGINES'] ?? 'sqlite,postgres').split(',');

console.log(
  `${PRODUCTS} products, ${FEATURES} features, ${CLAIMS} claims; ${RATE}/s for ${SECONDS} s`,
);
if (ENGINES.includes('sqlite')) await engine('SQLite', async () => undefined);
if (ENGINES.includes('postgres')) await onPostgres();
console.log(missed.length === 0 ? 'Every goal is reached.' : `Missed: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function onPostgres(): Promise<void> {
  const found = findPostgres();
  if ('reason' in found) return console.log(`PostgreSQL: left out, ${found.reason}`);
  const postgres = await TestPostgres.start(found.folder, { isDurable: true });
  try {
    await engine('PostgreSQL', () => postgres.newDatabase());
  } finally {
    await postgres.stop();
  }
}

async function engine(name: string, newDatabase: () => Promise<string | undefined>): Promise<void> {
  console.log(`${name}:`);
  await inFolder(async (data) => underLoad(name, data, await newDatabase()));
  await inFolder(async (data) => drained(name, data, await newDatabase()));
  await inFolder(async (data) => examined(name, data, await newDatabase()));
}

async function underLoad(name: string, data: string, database: string | undefined): Promise<void> {
  const place = [data, database ?? ''];
  execFileSync(process.execPath, [here('seed.ts'), ...place], { stdio: 'inherit' });
  const child = fork(here('serve.ts'), place);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const { p50, p95, p99, most, statuses } = await load(url);
  child.send('memory');
  const [{ mebibytes }] = (await once(child, 'message')) as [{ mebibytes: number }];
  const told = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  const times = [p50, p95, p99, most].map((ms) => ms.toFixed(1));
  console.log(
    `  p50 ${times[0]} ms, p95 ${times[1]} ms, p99 ${times[2]} ms, most ${times[3]} ms; ${told}`,
  );
  console.log(`  memory of the server at most ${Math.round(mebibytes)} MiB`);
  if (p99 >= GOAL.p99) missed.push(`${name}: p99 ${times[2]} ms`);
  if (mebibytes >= GOAL.memory) missed.push(`${name}: memory ${Math.round(mebibytes)} MiB`);
  const faults = [...statuses].filter(([status]) => status >= 400);
  if (faults.length > 0) missed.push(`${name}: answers ${JSON.stringify(faults)}`);
}

async function drained(name: string, data: string, database: string | undefined): Promise<void> {
  const url = database ?? `sqlite:${join(data, 'jobs.sqlite')}`;
  const opened = await openDatabase(url);
  try {
    const { effects, distinct, done, kills, perSecond } = await drainWithKills(opened, url, JOBS);
    const rate = perSecond.toFixed(0);
    console.log(
      `  ${done} of ${JOBS} jobs done, ${effects} effects, ${kills} kills: ${rate} a second`,
    );
    if (done !== JOBS || effects !== JOBS || distinct !== JOBS) missed.push(`${name}: jobs`);
  } finally {
    await opened.close();
  }
}

async function examined(name: string, data: string, database: string | undefined): Promise<void> {
  const { examined: count, kills, seconds } = await drainExaminations(data, database);
  const rate = (count / seconds).toFixed(1);
  console.log(`  ${count} of ${EXAMINATIONS} packages examined, ${kills} kills: ${rate} a second`);
  if (count !== EXAMINATIONS) missed.push(`${name}: examinations`);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
