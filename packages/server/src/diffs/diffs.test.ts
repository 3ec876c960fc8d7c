import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { type TestService, testService } from '../testdata/service.ts';

const account = (id: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [],
  secondFactor: true,
});

let service: TestService;
before(async () => {
  const people = { ann: account('ann'), otto: account('otto') };
  service = await testService(people, {}, { hasWorkers: true });
});
after(() => service.close());

const releases = async (isPublic: boolean) => {
  const one = await OBJECTS['release']!(service.stores, isPublic);
  const other = await OBJECTS['release']!(service.stores, isPublic);
  return { since: Number(one['release']), release: Number(other['release']) };
};
const ask = (as: string, body: object) => service.json('POST', 'diffs', { as, body });

async function ended(job: string, as: string) {
  for (let tries = 0; tries < 300; tries++) {
    const { body } = await service.json('GET', `jobs/${job}`, { as });
    if (body.ended !== undefined) return body;
    await service.stores.jobs.whenChanged(100);
  }
  throw new Error('it does not end');
}

test('two releases are compared by a job, whose answer is read where it tells, as it is without one', async () => {
  const pair = await releases(true);
  const without = await service.json('GET', `releases/${pair.release}/changes/${pair.since}`);
  const asked = await ask('ann', pair);
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const again = await ask('otto', pair);
  assert.equal(again.body.id, asked.body.id, 'what is public is compared once for all');
  const job = await ended(asked.body.id, 'otto');
  assert.deepEqual([job.state, job.kind], ['done', 'diff'], JSON.stringify(job));
  const { body } = await service.json('GET', job.where.slice(1));
  assert.deepEqual(body, without.body);
  const kept = await service.stores.jobs.read(asked.body.id);
  assert.match(JSON.stringify(kept?.result), /sha256:/);
});

test('what is private is compared for whoever may see it, and nobody else learns of it', async () => {
  const pair = await releases(false);
  assert.equal((await ask('otto', pair)).status, 404);
  const asked = await ask('ann', pair);
  assert.equal(asked.status, 202);
  assert.equal((await service.ask('GET', `jobs/${asked.body.id}`, { as: 'otto' })).status, 404);
  assert.equal((await ended(asked.body.id, 'ann')).state, 'done');
  const read = await service.json('GET', `releases/${pair.release}/changes/${pair.since}`, {
    as: 'ann',
  });
  assert.equal(read.status, 200);
});

test('updates and receipts that are not there are told as that', async () => {
  assert.equal((await ask('ann', { update: 99, before: 98 })).status, 404);
  assert.equal((await ask('ann', { release: 1, before: 98 })).status, 400);
  const recheck = (receipt: string) =>
    service.json('POST', 'rechecks', { as: 'ann', body: { receipt } });
  assert.equal((await recheck('no receipt')).body.code, 'docket.receipt');
  const digest = `sha256:${'0'.repeat(64)}`;
  const receipt = { schema: 'avow.receipt/1', locator: 'x', said: 'net.http', result: digest };
  assert.equal((await recheck(JSON.stringify({ ...receipt, product: { digest } }))).status, 404);
});
