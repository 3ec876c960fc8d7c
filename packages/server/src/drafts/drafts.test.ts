import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { forgetDrafts } from './routes.ts';

const account = (id: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [{ role: 'lead' }],
  secondFactor: true,
});

let service: TestService;
before(async () => {
  service = await testService({ ann: account('ann'), lea: account('lea') });
});
after(() => service.close());

const draft = (text: string) => service.json('POST', 'drafts', { as: 'ann', body: { text } });

test('a draft is kept, read and written on by who wrote it; staff do not learn that it is there', async () => {
  const made = await draft('They send\nmy keys');
  assert.equal(made.status, 201);
  const path = `drafts/${made.body.id}`;
  const { body } = await service.json('GET', 'drafts', { as: 'ann' });
  assert.equal(body.items[0].starts, 'They send my keys');
  assert.equal((await service.ask('GET', path, { as: 'lea' })).status, 404);
  assert.equal((await service.ask('PUT', path, { as: 'lea', body: { text: 'mine' } })).status, 404);
  const row = await service.stores.drafts.read(made.body.id);
  assert.doesNotMatch(row!.text, /keys/, 'sealed where it lies');
  const written = await service.json('PUT', path, { as: 'ann', body: { text: 'all keys' } });
  assert.equal(written.body.text, 'all keys');
  assert.equal((await service.ask('DELETE', path, { as: 'ann' })).status, 204);
  assert.equal((await service.ask('GET', path, { as: 'ann' })).status, 404);
});

test('of two windows that write on what they read, the second is told', async () => {
  const { id, changed } = (await draft('one')).body;
  const write = (text: string) =>
    service.json('PUT', `drafts/${id}`, { as: 'ann', body: { text, seen: changed } });
  assert.equal((await write('two')).status, 200);
  const late = await write('three');
  assert.deepEqual([late.status, late.body.code], [409, 'draft.changed']);
  assert.equal((await service.json('GET', `drafts/${id}`, { as: 'ann' })).body.text, 'two');
});

test('a desk is full at fifty, and what nobody wrote to for half a year is dropped', async () => {
  const codes: (string | undefined)[] = [];
  for (let count = 0; count < 51; count++) codes.push((await draft(`${count}`)).body.code);
  assert.equal(codes.at(-1), 'draft.quota');
  const { drafts } = service.stores;
  const day = 86_400_000;
  await forgetDrafts({ drafts, now: () => Date.now() + 179 * day });
  assert.equal((await drafts.of('ann')).length, 50);
  await forgetDrafts({ drafts, now: () => Date.now() + 181 * day });
  assert.equal((await drafts.of('ann')).length, 0);
});
