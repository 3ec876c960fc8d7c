import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testService } from '../testdata/service.ts';
import { removeAbandoned } from './abandoned.ts';

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
