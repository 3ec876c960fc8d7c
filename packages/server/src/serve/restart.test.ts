import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findPostgres, TestPostgres } from '@avow/stores/contract';
import type { Identity } from '../access/identity.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { type TestService, testService } from '../testdata/service.ts';

const found = findPostgres();
const RESTARTS = ['fast', 'immediate', 'fast'] as const;
const LANES = 4;

const account = (id: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [{ role: 'lead' }],
  secondFactor: true,
});

let postgres: TestPostgres;
let service: TestService;
before(async () => {
  if ('reason' in found) return;
  postgres = await TestPostgres.start(found.folder);
  const database = await postgres.newDatabase();
  const limits = { 'limits.uploadsAtOnce': 100_000, 'limits.uploadsADay': '100G' };
  service = await testService({ ann: account('ann') }, { database, ...limits });
});
after(async () => {
  await service?.close();
  await postgres?.stop();
});

test('PostgreSQL restarted under load: every acknowledged statement and upload is there once, and what fails is told as 503', {
  skip: 'reason' in found ? found.reason : false,
}, async () => {
  const { case: id } = await OBJECTS['case']!(service.stores, false);
  const statuses = new Map<number, number>();
  const acknowledged = new Set<string>();
  let isEnding = false;
  const post = async (path: string, body: object, what: string) => {
    const answer = await service.json('POST', path, { as: 'ann', body });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 201) acknowledged.add(what);
  };
  const lane = async (number: number) => {
    for (let round = 0; !isEnding; round++) {
      const name = `${number}-${round}`;
      if (number === 0) await post(`cases/${id}/statements`, { text: `said ${name}` }, name);
      else await post('uploads', { file: `${name}.tgz`, size: 10 }, name);
      const read = await service.json('GET', 'products', { as: 'ann' });
      statuses.set(read.status, (statuses.get(read.status) ?? 0) + 1);
    }
  };
  const working = Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  for (const how of RESTARTS) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await postgres.restart(how);
  }
  const before = acknowledged.size;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  isEnding = true;
  await working;
  assert.ok(acknowledged.size > before, 'it goes on by itself after the last restart');
  const { statements } = await service.stores.docket.case(id!);
  const texts = await Promise.all(statements.map(({ text }) => service.stores.docket.textOf(text)));
  const uploads = await service.stores.uploads.of('ann');
  const kept = [
    ...texts.map((text) => text!.replace('said ', '')),
    ...uploads.map(({ file }) => file.replace('.tgz', '')),
  ];
  for (const one of acknowledged) {
    assert.equal(kept.filter((other) => other === one).length, 1, `${one} is there once`);
  }
  assert.equal(new Set(kept).size, kept.length, 'nothing is there twice');
  const odd = [...statuses.keys()].filter((one) => ![200, 201, 503].includes(one));
  assert.deepEqual(odd, [], JSON.stringify([...statuses]));
  console.log(`${RESTARTS.length} restarts: ${acknowledged.size} acknowledged, none lost`);
});
