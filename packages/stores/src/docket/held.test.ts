import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { auditChain, type DocketEvent, type DocketStore, HeldStore } from '@avow/docket';
import { docketStoreContract, newEvent } from '../contract/docket-store.ts';
import { DocketDatabase } from './sqlite.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-held-'));
const opened: DocketDatabase[] = [];
after(() => {
  for (const one of opened) one.close();
  rmSync(root, { recursive: true });
});

function database(): DocketDatabase {
  const store = new DocketDatabase(join(root, `docket-${opened.length}.sqlite`));
  opened.push(store);
  return store;
}

docketStoreContract('moves that are held back', () => {
  const store = new HeldStore(database());
  return { store, reopen: () => store };
});

/** Half of the moves are in the store, half are held over it: nobody can tell. */
class Committing extends HeldStore {
  #appends = 0;

  override async append(events: Parameters<DocketStore['append']>[0]) {
    const made = await super.append(events);
    if (this.#appends++ % 2 === 0) await this.commit();
    return made;
  }
}

docketStoreContract('moves that are held over others', () => {
  const store = new Committing(database());
  return { store, reopen: () => store };
});

async function all(store: DocketStore): Promise<DocketEvent[]> {
  const events: DocketEvent[] = [];
  for await (const event of store.events()) events.push(event);
  return events;
}

test('nothing that is held is in the store before it is committed, and then all of it', async () => {
  const store = database();
  await store.append([newEvent(1, 1)]);
  const held = new HeldStore(store);
  await held.append([newEvent(1, 2)]);
  await held.append([newEvent(2, 1)]);
  assert.equal((await all(store)).length, 1);
  const told = await all(held);
  assert.ok(await held.commit());
  assert.deepEqual(await all(store), told);
  auditChain(told);
  assert.ok(await held.commit(), 'a second time writes nothing');
  assert.equal((await all(store)).length, 3);
});

test('where another moved a subject meanwhile, none of what was held is written', async () => {
  const store = database();
  await store.append([newEvent(1, 1)]);
  const held = new HeldStore(store);
  await held.append([newEvent(2, 1), newEvent(1, 2)]);
  await store.append([newEvent(1, 2)]);
  await assert.rejects(held.commit(), { code: 'docket.conflict' });
  assert.deepEqual(
    (await all(store)).map(({ subject, version }) => `${subject} ${version}`),
    ['claim-1 1', 'claim-1 2'],
  );
});

test('where others wrote by a later clock, it is told that the times are not those that were held', async () => {
  const store = database();
  const held = new HeldStore(store);
  await held.append([newEvent(1, 1)]);
  await store.append([newEvent(2, 1, { at: '2027-01-01T00:00:00.000Z' })]);
  assert.equal(await held.commit(), false);
  auditChain(await all(store));
});
