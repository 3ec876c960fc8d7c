import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdToPromises, KILL_STEPS, Promises, runAndKill } from '../contract/kill-harness.ts';

test('a writer killed at every step in turn, and restarted, keeps every promise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-kill-'));
  const promises = new Promises();
  for (const [run, step] of KILL_STEPS.entries()) {
    // A run opens one journal segment only.
    const passes = step === 'before-openGrowing' ? 0 : run % 3;
    await runAndKill(folder, `s${run}`, { step, passes }, promises);
  }
  const size = await holdToPromises(folder, promises);
  assert.ok(size >= BigInt(promises.acknowledged.size));
  assert.ok(promises.acknowledged.size > 0);
  await rm(folder, { recursive: true });
});

test('a writer killed at odd moments, and restarted, keeps every promise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-kill-'));
  const promises = new Promises();
  for (let run = 0; run < 6; run++) {
    await runAndKill(folder, `r${run}`, { after: (run * 53) % 170 }, promises);
  }
  await holdToPromises(folder, promises);
  assert.ok(promises.acknowledged.size > 0);
  await rm(folder, { recursive: true });
});
