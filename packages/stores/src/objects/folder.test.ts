import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { objectStoreContract } from '../contract/object-store.ts';
import { KeptObjects } from './kept.ts';
import { openObjects } from './open.ts';

objectStoreContract('folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-objects-'));
  return {
    open: () => openObjects(`file:${folder}`),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

test('a full disk says so, and leaves nothing half-written', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-full-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    context.skip('no small disk can be mounted here: not root');
    return;
  }
  try {
    const store = await openObjects(`file:${disk}`);
    const kept = new KeptObjects(store);
    const small = await kept.keep(new Uint8Array(600_000).fill(1));
    await assert.rejects(kept.keep(new Uint8Array(600_000).fill(2)), { code: 'storage.full' });
    const file = join(folder, 'file');
    writeFileSync(file, new Uint8Array(600_000).fill(3));
    await assert.rejects(store.put('file', { file }), { code: 'storage.full' });
    assert.deepEqual(readdirSync(join(disk, '.new')), []);
    assert.equal((await store.list({ prefix: '', limit: 9 })).length, 1);
    assert.equal((await kept.read(small))?.length, 600_000);
    await kept.keep(new Uint8Array(100_000).fill(4));
    await store.close();
  } finally {
    execFileSync('umount', [disk]);
    rmSync(folder, { recursive: true });
  }
});

test('bytes that are not what they are called are not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-kept-'));
  const store = await openObjects(`file:${folder}`);
  const kept = new KeptObjects(store);
  const digest = await kept.keep(new TextEncoder().encode('evidence'));
  const [name] = await store.list({ prefix: 'sha256/', limit: 1 });
  writeFileSync(join(folder, name!), 'another');
  assert.equal(await kept.read(digest), undefined);
  assert.equal(await kept.read('sha256:../../etc/passwd'), undefined);
  writeFileSync(join(folder, 'file'), 'another');
  await assert.rejects(kept.keepFile(join(folder, 'file'), digest), { code: 'object.digest' });
  await store.close();
  rmSync(folder, { recursive: true });
});
