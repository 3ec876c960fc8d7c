import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import { testService } from '../testdata/service.ts';
import { askFor } from './ask.ts';

const someone = (id: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [],
  secondFactor: true,
});

test('a release is examined once for all who ask, and again when it failed', async () => {
  const service = await testService({ ann: someone('ann'), ben: someone('ben') });
  try {
    const { jobs } = service.stores;
    const body = { spec: 'npm:x@1.0.0' };
    const one = await service.json('POST', 'examinations', { as: 'ann', body });
    const two = await service.json('POST', 'examinations', { as: 'ben', body });
    assert.equal(one.body.id, two.body.id);
    const seen = await service.json('GET', `jobs/${one.body.id}`, { as: 'ben' });
    assert.equal(seen.status, 200, 'a release of a registry is no secret');
    const [claimed] = await jobs.claim(['examine'], 1);
    await jobs.fail(claimed!, 'npm.offline: not reached', true);
    const again = await askFor(jobs, 'npm:x@1.0.0', 1_000_000);
    assert.notEqual(again.id, one.body.id);
    assert.equal(again.state, 'waiting');
    assert.equal((await askFor(jobs, 'npm:x@1.0.0', 1_000_001)).id, again.id);
  } finally {
    await service.close();
  }
});
