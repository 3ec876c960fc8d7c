import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

/** Twice what it takes on a busy machine. */
const LIMIT_MS = 180_000;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test('a new administrator gets from nothing to a service behind TLS, its backup, and that elsewhere', {
  timeout: LIMIT_MS,
  skip: hasOpenssl ? false : 'openssl is not here',
}, async () => {
  const child = spawn(process.execPath, ['tools/operate/try.ts']);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^ok {3}address: https:\/\/localhost:\d+ answers$/m);
  assert.match(stdout, /^done: /m);
});
