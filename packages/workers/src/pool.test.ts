import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { ModuleTask } from '@avow/examine';
import type { WorkerLimits } from './limits.ts';
import { Pool } from './pool.ts';

const CHILD = new URL('./testdata/child.ts', import.meta.url);

function taskOf(source: string): ModuleTask {
  const bytes = Buffer.from(source);
  return { bytes, digest: digestOf(bytes), language: 'tsx', goal: 'commonjs' };
}

async function outcomesOf(sources: readonly string[], limits: Partial<WorkerLimits> = {}) {
  const pool = new Pool(CHILD, { workers: 2, ...limits });
  try {
    const outcomes = await Promise.all(sources.map((source) => pool.read(taskOf(source))));
    return outcomes.map((outcome) =>
      'why' in outcome ? outcome.why.code : JSON.parse(outcome.reading.toString()),
    );
  } finally {
    pool.close();
  }
}

test('a task reaches the child as it was given', async () => {
  const [reading] = await outcomesOf(['ordinary']);
  assert.deepEqual(reading.task, { ...taskOf('ordinary'), bytes: 8, parser: 'fast' });
});

test('many small modules and a large one are all answered, each with its own reading', async () => {
  const sources = Array.from({ length: 500 }, (_, n) => `small ${n}`);
  sources.splice(250, 0, 'large '.repeat(500_000));
  const readings = await outcomesOf(sources);
  assert.deepEqual(
    readings.map((reading) => reading.source),
    sources.map((source) => source.slice(0, 40)),
  );
});

const DEATHS = [
  { source: 'crash once', gives: 'pure' },
  { source: 'crash always', gives: 'worker.crashed' },
  { source: 'hang once', gives: 'pure' },
  { source: 'hang always', gives: 'worker.timeout' },
  // Its own end, however slow the machine: not that of the clock.
  { source: 'eat', gives: 'worker.memory', moduleMs: 60_000 },
];

for (const { source, gives, moduleMs = 1_000 } of DEATHS) {
  test(`"${source}" among others costs that module alone: ${gives}`, async () => {
    const sources = ['a', 'b', source, 'c', 'd', 'e'.repeat(1000)];
    const readings = await outcomesOf(sources, { moduleMs, perMegabyteMs: 0, heapMiB: 32 });
    const met = readings.map((reading) => reading.parser ?? reading);
    assert.deepEqual(met, ['fast', 'fast', gives, 'fast', 'fast', 'fast']);
  });
}

test('two modules that kill their child are each tried again', async () => {
  const readings = await outcomesOf(['crash once', 'crash always', 'crash 2', 'a'], { workers: 1 });
  assert.deepEqual(
    readings.map((reading) => reading.parser ?? reading),
    ['pure', 'worker.crashed', 'pure', 'fast'],
  );
});

test('a module above the limit of bytes is not sent to a child', async () => {
  const readings = await outcomesOf(['x'.repeat(101), 'x'.repeat(100)], { maxModuleBytes: 100 });
  assert.deepEqual(
    readings.map((reading) => reading.parser ?? reading),
    ['worker.too-large', 'fast'],
  );
});

test('machine code may be eight times as large as a script, and no larger', async () => {
  const pool = new Pool(CHILD, { workers: 1, maxModuleBytes: 100 });
  try {
    const codes = await Promise.all(
      [800, 801].map(async (size) => {
        const outcome = await pool.read({ ...taskOf('x'.repeat(size)), language: 'elf' });
        return 'why' in outcome ? outcome.why.code : 'read';
      }),
    );
    assert.deepEqual(codes, ['read', 'worker.too-large']);
  } finally {
    pool.close();
  }
});

test('a child that cannot start is an error of ours, not of a module', async () => {
  const pool = new Pool(new URL('./testdata/missing.ts', import.meta.url));
  await assert.rejects(pool.read(taskOf('a')), /child process did not start/);
  pool.close();
});

test('who gives more than fits in memory is made to wait, and all of it is read', async () => {
  const pool = new Pool(CHILD, { workers: 1 });
  const answers: Promise<unknown>[] = [];
  let waits = 0;
  for (let n = 0; n < 60; n += 1) {
    answers.push(pool.read(taskOf(`${n} `.repeat(300_000))));
    let isWaiting = true;
    const room = pool.room().then(() => (isWaiting = false));
    await Promise.resolve();
    await Promise.resolve();
    if (isWaiting) waits += 1;
    await room;
  }
  assert.equal((await Promise.all(answers)).length, 60);
  assert.ok(waits > 0);
  pool.close();
});
