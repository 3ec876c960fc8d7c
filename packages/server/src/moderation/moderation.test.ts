import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import type { AccountRole, Identity } from '../access/identity.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { type TestService, testService } from '../testdata/service.ts';

const account = (id: string, role?: AccountRole): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: role === undefined ? [] : [{ role }],
  secondFactor: true,
});

const RUDE = 'an insult, and the address of somebody';

let service: TestService;
let claim: string;
let found: string;
before(async () => {
  service = await testService({
    ann: account('ann'),
    pat: account('pat'),
    lea: account('lea', 'lead'),
  });
  const { docket, standing, objects } = service.stores;
  claim = (await OBJECTS['claim']!(service.stores, false))['claim']!;
  found = (await OBJECTS['case']!(service.stores, false))['case']!;
  const text = await docket.keep(utf8Bytes(RUDE));
  await docket.act(found, 'state', { name: 'pat', role: 'claimant' }, { text });
  await standing.addMessage({
    subject: claim,
    by_name: '',
    is_staff: 0,
    text: await objects.keep(utf8Bytes(RUDE)),
    at: '2026-11-24T00:00:00.000Z',
  });
});
after(() => service.close());

const moderate = (path: string, body: object, as = 'lea') =>
  service.json('POST', `${path}/moderations`, { as, body });
const statement = async (as: string) =>
  (await service.json('GET', `cases/${found}`, { as })).body.statements[0];
const message = async (as: string) =>
  (await service.json('GET', `claims/${claim}/messages`, { as })).body.items[0];

test('a statement that is hidden is read by staff alone, with the reason for all, and is shown again', async () => {
  assert.equal((await statement('pat')).text, RUDE);
  const hiding = { what: 1, isHidden: true, reason: 'it names somebody' };
  assert.equal((await moderate(`cases/${found}`, hiding)).status, 201);
  const forOthers = await statement('pat');
  assert.equal(forOthers.text, '');
  assert.equal(forOthers.hidden.reason, 'it names somebody');
  assert.equal(forOthers.hidden.by, undefined);
  const forStaff = await statement('lea');
  assert.deepEqual([forStaff.text, forStaff.hidden.by], [RUDE, 'lea']);
  await moderate(`cases/${found}`, { ...hiding, isHidden: false, reason: 'it was agreed' });
  assert.deepEqual(
    [(await statement('pat')).text, (await statement('pat')).hidden],
    [RUDE, undefined],
  );
});

test('a message is hidden likewise, and found by its claim alone', async () => {
  const { number } = await message('ann');
  const hiding = { what: number, isHidden: true, reason: 'abuse' };
  assert.equal((await moderate(`claims/${claim}`, hiding)).status, 201);
  assert.equal((await message('ann')).text, '');
  assert.equal((await message('lea')).text, RUDE);
  const other = (await OBJECTS['claim']!(service.stores, false))['claim']!;
  assert.equal((await moderate(`claims/${other}`, hiding)).status, 404);
});

test('every step is kept, with who made it; no word of the docket is changed', async () => {
  const { body } = await service.json('GET', `cases/${found}/moderations`, { as: 'lea' });
  assert.deepEqual(
    body.items.map(({ isHidden, reason, by }: Record<string, unknown>) => [isHidden, reason, by]),
    [
      [true, 'it names somebody', 'lea'],
      [false, 'it was agreed', 'lea'],
    ],
  );
  const events = await service.stores.store.eventsOf(found);
  assert.ok(events.some(({ move }) => move === 'state'));
});

test('those who take part do not moderate, and what is not there is not hidden', async () => {
  const body = { what: 1, isHidden: true, reason: 'x' };
  assert.equal((await moderate(`cases/${found}`, body, 'pat')).status, 403);
  assert.equal((await moderate(`claims/${claim}`, body, 'ann')).status, 403);
  assert.equal((await moderate(`cases/${found}`, { ...body, what: 99 })).status, 404);
  assert.equal((await moderate(`cases/${found}`, { ...body, reason: '' })).status, 400);
});
