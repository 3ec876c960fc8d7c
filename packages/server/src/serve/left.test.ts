import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeLeft } from './left.ts';

test('a worker that starts leaves what others are at alone, and clears what the dead left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-left-'));
  try {
    for (const name of ['examination-old', 'examination-now']) mkdirSync(join(folder, name));
    const now = Date.now();
    utimesSync(join(folder, 'examination-old'), new Date(), new Date(now - 7_200_000));
    await removeLeft(folder, now - 3_600_000);
    assert.deepEqual(readdirSync(folder), ['examination-now']);
    await removeLeft(join(folder, 'nowhere'), now);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
