import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testService } from '../testdata/service.ts';
import { answerReceived } from './hand-in.ts';

test('a claim that was received by a server that died is answered, once', async () => {
  const service = await testService({}, {}, { hasWorkers: true });
  const { docket, standing, jobs } = service.stores;
  try {
    const { id } = await docket.write('ann', 'it does something');
    await standing.add(id, 'owner', 'ann');
    await docket.act(id, 'submit', { name: 'ann', role: 'claimant' });
    // The server died here.
    await answerReceived(service.stores);
    await answerReceived(service.stores);
    for (let tries = 0; (await docket.claim(id)).state === 'received'; tries++) {
      assert.ok(tries < 200, 'nobody answers');
      await jobs.whenChanged(100);
    }
    assert.equal((await docket.claim(id)).state, 'returned');
    const { jobs: all } = await jobs.list({ kind: 'answer', limit: 10 });
    assert.deepEqual(
      all.map(({ data }) => (data as { owner?: string }).owner),
      ['ann'],
    );
  } finally {
    await service.close();
  }
});
