import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RunEnd } from './run.ts';
import { StandingChildren } from './standing.ts';

const PROGRAM = new URL('./testdata/standing-child.ts', import.meta.url);
const LIMITS = { seconds: 30, memory: 1024 ** 3, idle: 60 };
const open: StandingChildren[] = [];
after(() => {
  for (const one of open) one.close();
});

function standing(limits: Partial<typeof LIMITS> = {}, count = 1): StandingChildren {
  const children = new StandingChildren(PROGRAM, { ...LIMITS, ...limits }, count);
  open.push(children);
  return children;
}

function pidOf(end: RunEnd): number {
  assert.equal(end.state, 'done', JSON.stringify(end));
  return (end as { result: { pid: number } }).result.pid;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('one child answers one task after another, each its own', async () => {
  const children = standing();
  const ends = await Promise.all(
    ['a', 'b', 'c'].map((says) => children.ask({ does: 'echo', says })),
  );
  assert.equal(new Set(ends.map(pidOf)).size, 1);
  assert.deepEqual(
    ends.map((end) => (end as { result: { says: string } }).result.says),
    ['a', 'b', 'c'],
  );
});

test('a refusal has its code, and the child stays', async () => {
  const children = standing();
  const pid = pidOf(await children.ask({ does: 'echo' }));
  const end = await children.ask({ does: 'refuse' });
  assert.deepEqual([end.state, (end as { code: string }).code], ['refused', 'elf.truncated']);
  assert.equal(pidOf(await children.ask({ does: 'echo' })), pid);
});

const ENDS: Readonly<Record<string, readonly [string, string, RegExp, Partial<typeof LIMITS>]>> = {
  'what runs for ever is killed': ['loop', 'stopped', /longer than 4 s/, { seconds: 4 }],
  'what eats memory is killed': ['eat', 'stopped', /bytes of memory/, { memory: 300_000_000 }],
  'one that dies says how': ['die', 'died', /3/, {}],
  'a fault of ours is told with its stack': ['fail', 'died', /TypeError: a fault of ours/, {}],
};
for (const [name, [does, state, why, limits]] of Object.entries(ENDS)) {
  const skip = does === 'eat' && process.platform !== 'linux';
  test(`${name}, and the next task has a fresh child`, { skip }, async () => {
    const children = standing(limits);
    const before = pidOf(await children.ask({ does: 'echo' }));
    const end = await children.ask({ does });
    assert.equal(end.state, state);
    assert.match((end as { why: string }).why, why);
    assert.notEqual(pidOf(await children.ask({ does: 'echo' })), before);
  });
}

test('one that is asked nothing ends by itself', async () => {
  const children = standing({ idle: 1 });
  const pid = pidOf(await children.ask({ does: 'echo' }));
  for (let wait = 0; isRunning(pid); wait++) {
    assert.ok(wait < 500, 'it runs still');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
