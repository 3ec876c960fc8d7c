import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import { logStoreContract } from '../contract/log-store.ts';
import { DISK, type Disk } from './disk.ts';
import { openLogFolder } from './folder.ts';

logStoreContract('local folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-log-'));
  return {
    open: () => openLogFolder(folder),
    remove: () => rm(folder, { recursive: true }),
  };
});

test('a checkpoint whose write is slow is not placed with the bytes of a tile written meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-log-'));
  const { promise: tilesWritten, resolve } = Promise.withResolvers<void>();
  const note = utf8Bytes('checkpoint\n');
  const slow: Disk = {
    ...DISK,
    write: async (path, bytes) => {
      await DISK.write(path, bytes);
      if (bytes === note) await tilesWritten;
    },
  };
  const store = await openLogFolder(folder, slow);
  const published = store.publish(note);
  const tile = (number: number) => `tile/entries/${`${number}`.padStart(3, '0')}`;
  const files = Array.from({ length: 300 }, (_, number) => tile(number)).map((path) => ({
    path,
    bytes: utf8Bytes(path),
  }));
  await store.write(files);
  resolve();
  await published;
  assert.deepEqual(await store.readPublished(), note);
  for (const { path, bytes } of files) assert.deepEqual(await store.read(path), bytes);
  await store.close();
  await rm(folder, { recursive: true });
});
