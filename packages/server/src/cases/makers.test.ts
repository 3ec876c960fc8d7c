import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccountRole, Identity } from '../access/identity.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { type TestService, testService } from '../testdata/service.ts';

const account = (id: string, role: AccountRole, maker?: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [maker === undefined ? { role } : { role, maker }],
  secondFactor: true,
});

let service: TestService;
before(async () => {
  service = await testService({
    mia: account('mia', 'maker', 'acme'),
    max: account('max', 'maker', 'other'),
    lea: account('lea', 'lead'),
    lou: account('lou', 'lead', 'acme'),
    ada: account('ada', 'administrator'),
  });
  for (const maker of ['acme', 'other']) {
    await service.json('PUT', `makers/${maker}`, { as: 'ada', body: { name: maker } });
  }
});
after(() => service.close());

const listed = async (as: string, query = '') =>
  (await service.json('GET', `cases${query}`, { as })).body.items.map(
    ({ id }: { id: string }) => id,
  );

test('a maker, and staff for that maker, have the cases in their lists that the maker was told of', async () => {
  const { docket, lists, store } = service.stores;
  const { case: id } = await OBJECTS['case']!(service.stores, false);
  const [row] = await store.list({ kind: 'case', limit: 1 });
  const { rows } = await lists.releases(
    { target: row!.target },
    { viewer: { sees: 'all' }, limit: 1 },
  );
  const assign = (maker: string) =>
    service.ask('PUT', `products/${rows[0]!.product}/maker`, { as: 'ada', body: { maker } });
  assert.deepEqual(await listed('mia'), []);
  assert.equal((await assign('acme')).status, 204);
  assert.deepEqual(
    [await listed('mia'), await listed('lou'), await listed('max')],
    [[id], [id], []],
  );
  assert.deepEqual(await listed('mia', '?state=decided'), []);
  assert.equal((await assign('other')).status, 204);
  assert.deepEqual([await listed('mia'), await listed('lou'), await listed('max')], [[], [], [id]]);
  assert.ok((await docket.case(id!)).notifiedAt);
});

test('a maker that is told from now on has the case from now on', async () => {
  const { docket, stores } = { ...service.stores, stores: service.stores };
  const { release } = await OBJECTS['release']!(stores, false);
  const { target } = (await stores.lists.release(Number(release)))!;
  const { id: claim } = await docket.write('ann', 'a claim');
  const data = { locator: `${target}#a.js @line:1`, said: 'net.http', claims: [claim], target };
  await docket.act('case-900', 'open', { name: 'avow', role: 'system' }, data);
  assert.deepEqual(await listed('mia'), []);
  assert.equal((await service.json('POST', 'cases/case-900/notify', { as: 'lea' })).status, 200);
  assert.deepEqual(await listed('mia'), ['case-900']);
});
