import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunEnd, runChild } from './run.ts';

const PROGRAM = new URL('./testdata/child.ts', import.meta.url);
const LIMITS = { seconds: 30, memory: 1024 ** 3 };

function run(
  does: string,
  limits = LIMITS,
  signal = new AbortController().signal,
): Promise<RunEnd> {
  return runChild(PROGRAM, { does }, limits, signal, () => {});
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a child that ends well gives its result, and had nothing of the environment that it may not have', async () => {
  process.env['AVOW_DATABASE_URL'] = 'postgres://secret@host/db';
  const said: string[] = [];
  const end = await runChild(
    PROGRAM,
    { does: 'end' },
    LIMITS,
    new AbortController().signal,
    (one) => said.push(one),
  );
  delete process.env['AVOW_DATABASE_URL'];
  assert.equal(end.state, 'done');
  assert.deepEqual(said, ['half way']);
  const { keys } = (end as { result: { keys: string[] } }).result;
  assert.deepEqual(
    keys.filter((key) => /AVOW|SECRET|TOKEN|AWS/.test(key)),
    [],
  );
});

const ENDS: Readonly<Record<string, readonly [string, RegExp, Partial<typeof LIMITS>]>> = {
  'a refusal has its code': ['refuse', /zip\.truncated/, {}],
  'a fault of ours is told with its stack': ['fail', /TypeError: a fault of ours/, {}],
  'what runs for ever is killed': ['loop', /longer than 1 s/, { seconds: 1 }],
  'what eats memory outside the heap is killed': [
    'eat',
    /bytes of memory/,
    { memory: 300_000_000 },
  ],
};

for (const [name, [does, wanted, limits]] of Object.entries(ENDS)) {
  test(name, { skip: does === 'eat' && process.platform !== 'linux' }, async () => {
    const end = await run(does, { ...LIMITS, ...limits });
    assert.notEqual(end.state, 'done');
    assert.match(JSON.stringify(end), wanted);
  });
}

test('what a child leaves behind ends with it', async () => {
  const end = await run('leave');
  const { left } = (end as { result: { left: number } }).result;
  for (let wait = 0; isRunning(left); wait++) {
    assert.ok(wait < 100, 'it runs still');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('who is told to end is ended at once', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const start = performance.now();
  const end = await run('loop', LIMITS, stop.signal);
  assert.equal(end.state, 'stopped');
  assert.ok(performance.now() - start < 10_000);
});
