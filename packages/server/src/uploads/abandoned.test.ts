import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testService } from '../testdata/service.ts';
import { removeAbandoned, removeAbandonedParts } from './abandoned.ts';
import { UploadFiles } from './files.ts';

const DAY = 86_400_000;

test('an upload that was left lying is removed after two days, one under way is not', async () => {
  const service = await testService();
  try {
    const { uploads } = service.stores;
    const common = { owner: 'ann', file: 'a.tgz', size: 10, expected: null, is_public: 0 };
    await uploads.create({ ...common, id: 'old', created: 0 });
    await uploads.create({ ...common, id: 'new', created: 2 * DAY });
    await removeAbandoned({ ...service.stores, now: () => 3 * DAY });
    assert.equal(await uploads.read('old'), undefined);
    assert.equal((await uploads.read('new'))?.id, 'new');
  } finally {
    await service.close();
  }
});

test('a part on the disk of a server that only answers goes too, when nothing was added for two days', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-parts-'));
  try {
    const uploadFiles = await UploadFiles.open(folder);
    for (const id of ['old', 'new']) writeFileSync(uploadFiles.pathOf(id), 'part');
    const now = Date.now();
    utimesSync(uploadFiles.pathOf('old'), new Date(), new Date(now - 3 * DAY));
    await removeAbandonedParts({ uploadFiles, now: () => now });
    assert.deepEqual(readdirSync(folder), ['new.part']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
