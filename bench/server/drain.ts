import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openStores, readConfig } from '@avow/server';
import { pack } from 'tar-stream';
import { EXAMINATIONS } from './size.ts';

const AVOW = fileURLToPath(new URL('../../packages/cli/bin/avow.js', import.meta.url));
const WORKERS = 4;
/** One of the workers that are at work is killed so often. */
const KILL_MS = Number(process.env['KILL_MS'] ?? 4_000);
const MAX_IDLE_MS = 300_000;

/**
 * Real examinations of small packages by four worker processes, one of which is
 * killed now and then. By itself: `node bench/server/drain.ts` (EXAMINATIONS, KILL_MS).
 */
export async function drainExaminations(data: string, database: string | undefined) {
  const options = database === undefined ? {} : { database };
  const stores = await openStores(readConfig({ environment: {}, data, options }), 'http://bench');
  for (let number = 0; number < EXAMINATIONS; number++) {
    const bytes = await packageOf(number);
    const artifact = await stores.objects.keep(bytes);
    const data = { artifact, file: 'package.tgz', isPublic: true };
    await stores.jobs.enqueue([{ kind: 'examine', key: `bench:${number}`, data }]);
  }
  const begun = performance.now();
  const workers = Array.from({ length: WORKERS }, () => worker(data, database));
  let kills = 0;
  const killing = setInterval(() => {
    const index = kills++ % WORKERS;
    workers[index]!.kill('SIGKILL');
    workers[index] = worker(data, database);
  }, KILL_MS);
  try {
    await ended(stores);
  } finally {
    clearInterval(killing);
    for (const one of workers) one.kill('SIGKILL');
  }
  const seconds = (performance.now() - begun) / 1_000;
  const viewer = { sees: 'all' } as const;
  let examined = 0;
  for (let number = 0; number < EXAMINATIONS; number++) {
    const filter = { name: `npm/drained-${number}` };
    const { rows } = await stores.lists.releases(filter, { viewer, limit: 10 });
    if (rows.length === 1 && rows[0]!.state === 'examined') examined++;
  }
  const { jobs: failed } = await stores.jobs.list({ kind: 'examine', state: 'failed', limit: 10 });
  for (const { key, attempt, why } of failed) console.log(`  ${key}, attempt ${attempt}: ${why}`);
  await stores.close();
  return { examined, kills, seconds };
}

function worker(data: string, database: string | undefined): ChildProcess {
  const env = { ...process.env, ...(database === undefined ? {} : { AVOW_DATABASE: database }) };
  const where = ['--data', data, '--role', 'worker'];
  return spawn(process.execPath, [AVOW, 'serve', ...where], {
    env: { ...env, AVOW_LEVEL: 'error', AVOW_WORKERS_READERS: '1', AVOW_PORT: '0' },
    stdio: 'ignore',
  });
}

async function packageOf(number: number): Promise<Uint8Array> {
  const archive = pack();
  const manifest = { name: `drained-${number}`, version: '1.0.0', main: 'index.js' };
  archive.entry({ name: 'package/package.json' }, JSON.stringify(manifest));
  archive.entry(
    { name: 'package/index.js' },
    `require('fs').readFileSync('/etc/passwd'); // ${number}\n`,
  );
  archive.finalize();
  return new Uint8Array(gzipSync(await buffer(archive)));
}

async function ended({ jobs }: Awaited<ReturnType<typeof openStores>>): Promise<void> {
  let before = -1;
  for (let since = performance.now(); ; ) {
    const counts = (await jobs.counts()).filter(({ kind }) => kind === 'examine');
    const open = counts.filter(({ state }) => state === 'waiting' || state === 'running');
    const left = open.reduce((sum, { count }) => sum + count, 0);
    if (left === 0) return;
    if (left !== before) since = performance.now();
    before = left;
    if (performance.now() - since > MAX_IDLE_MS) throw new Error(`${left} examinations are left`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

if (import.meta.main) {
  const data = mkdtempSync(join(tmpdir(), 'avow-drain-'));
  const { examined, kills, seconds } = await drainExaminations(data, undefined);
  rmSync(data, { recursive: true, force: true });
  console.log(
    `${examined} of ${EXAMINATIONS} examined in ${Math.round(seconds)} s, ${kills} workers killed`,
  );
  process.exitCode = examined === EXAMINATIONS ? 0 : 1;
}
