import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf, utf8Bytes } from '@avow/bytes';
import { type Actor, DAY, Docket, type NewEvent, REASONS, timeText } from '@avow/docket';
import { openDocketFolder } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-timer-'));
after(() => rmSync(root, { recursive: true }));
const START = Date.parse('2026-11-23T12:00:00Z');
let count = 0;

function opened() {
  const folder = openDocketFolder(join(root, `docket-${count++}`));
  const clock = { now: START };
  return { ...folder, clock, docket: new Docket(folder.store, folder.kept, () => clock.now) };
}

const RESOLVED = {
  locator: 'pkg:npm/x@1.0.0#a.js @line:1',
  target: 'pkg:npm/x@1.0.0',
  said: 'net.http',
  product: digestOf('product'),
  fingerprint: digestOf('fingerprint'),
  receipt: digestOf('receipt'),
  outcome: 'reproduced',
};
const CLEO: Actor = { name: 'cleo', role: 'claimant' };
const SYSTEM: Actor = { name: 'avow', role: 'system' };

async function valid(docket: Docket): Promise<string> {
  const { id } = await docket.write('cleo', 'text');
  await docket.act(id, 'submit', CLEO);
  await docket.act(id, 'resolve', SYSTEM, RESOLVED);
  return id;
}

test('a valid claim that nobody looks at is accepted on day 7, once, and opens a case', async () => {
  const { docket, clock, close } = opened();
  const id = await valid(docket);
  clock.now = START + 7 * DAY - 1;
  assert.deepEqual(await docket.tick(), []);
  clock.now = START + 7 * DAY;
  assert.deepEqual(await docket.tick(), [id]);
  assert.deepEqual(await docket.tick(), []);
  assert.equal((await docket.claim(id)).state, 'accepted');
  assert.deepEqual((await docket.case('case-1')).claims, [id]);
  close();
});

test('ten claims of one thing that nobody looks at are one case on day 7, not ten', async () => {
  const { docket, clock, store, close } = opened();
  const claims: string[] = [];
  for (let index = 0; index < 10; index++) claims.push(await valid(docket));
  clock.now = START + 7 * DAY;
  await docket.tick();
  assert.equal((await store.list({ kind: 'case', limit: 20 })).length, 1);
  assert.deepEqual([...(await docket.case('case-1')).claims].sort(), [...claims].sort());
  for (const id of claims) assert.equal((await docket.claim(id)).state, 'accepted');
  close();
});

test('a claim that nothing answers: each deadline that passes is recorded, and once', async () => {
  const { docket, clock, store, close } = opened();
  const { id } = await docket.write('cleo', 'text');
  await docket.act(id, 'submit', CLEO);
  for (const minutes of [9, 10, 11, 24 * 60 - 1, 24 * 60, 48 * 60]) {
    clock.now = START + minutes * 60_000;
    await docket.tick();
  }
  assert.deepEqual(
    (await docket.claim(id)).missed.map(({ says }) => says),
    ['turned back within 10 minutes, if it lacks something', 're-checked within 24 hours'],
  );
  assert.equal((await store.due(Number.MAX_SAFE_INTEGER, 9)).length, 0);
  close();
});

test('30 days of silence end a claim that was turned back; its text stays', async () => {
  const { docket, clock, close } = opened();
  const { id } = await docket.write('cleo', 'it phones home');
  await docket.handIn(id, 'it phones home', []);
  clock.now = START + 30 * DAY;
  await docket.tick();
  const claim = await docket.claim(id);
  assert.deepEqual([claim.state, claim.reasons], ['closed', ['lapsed']]);
  assert.equal(await docket.textOf(claim.texts[0]!), 'it phones home');
  close();
});

test("a silent vendor's deadlines pass on record, each once, and the case goes on", async () => {
  const { docket, clock, close } = opened();
  const id = await valid(docket);
  const found = (await docket.accept(id, { name: 'lea', role: 'lead' }))!;
  await docket.act(found, 'notify', { name: 'coco', role: 'coordinator' });
  for (let day = 1; day <= 40; day++) {
    clock.now = START + day * DAY;
    await docket.tick();
  }
  assert.deepEqual(
    (await docket.case(found)).missed.map(({ says }) => says),
    [
      'the vendor confirms receipt within 7 days',
      'the vendor answers within 14 days',
      'two runs within 21 days',
      'a verdict is proposed within 30 days',
    ],
  );
  close();
});

test('a clock that jumps forward and back moves nothing twice and nothing backwards', async () => {
  const { docket, clock, store, close } = opened();
  const id = await valid(docket);
  clock.now = START + 400 * DAY;
  await docket.tick();
  clock.now = START - 400 * DAY;
  await docket.tick();
  const { id: next } = await docket.write('dora', 'later');
  clock.now = START + DAY;
  await docket.tick();
  const events = [];
  for await (const event of store.events()) events.push(event);
  assert.equal(events.filter(({ move, subject }) => move === 'accept' && subject === id).length, 1);
  const times = events.map(({ at }) => at);
  assert.deepEqual(times, [...times].sort());
  assert.equal((await docket.claim(next)).since, timeText(START + 400 * DAY));
  close();
});

test('many hands at once: each claim gets its own number, and one claim opens one case', async () => {
  const { docket, store, close } = opened();
  const written = await Promise.all(
    Array.from({ length: 20 }, (_, index) => docket.write(`cleo-${index}`, `text ${index}`)),
  );
  assert.equal(new Set(written.map(({ id }) => id)).size, 20);
  const id = await valid(docket);
  const taken = await Promise.allSettled(
    ['lea', 'max', 'ben'].map((name) => docket.accept(id, { name, role: 'lead' })),
  );
  assert.equal(taken.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await store.list({ kind: 'case', limit: 9 })).length, 1);
  close();
});

test('a claim that thousands repeated before is still attached to the first', async () => {
  const { docket, close } = opened();
  const first = await valid(docket);
  const lead: Actor = { name: 'lea', role: 'lead' };
  const found = await docket.accept(first, lead);
  for (let index = 0; index < 120; index++) await docket.accept(await valid(docket), lead);
  const last = await valid(docket);
  assert.equal(await docket.accept(last, lead), found);
  assert.equal((await docket.claim(last)).attachedTo, first);
  close();
});

test('an erased text is told as such, and the chain stays whole', async () => {
  const { docket, store, close } = opened();
  const claim = await docket.write('cleo', 'a name that must go');
  rmSync(join(root, `docket-${count - 1}`, 'kept', claim.texts[0]!.slice('sha256:'.length)));
  assert.equal(await docket.textOf(claim.texts[0]!), undefined);
  assert.equal((await store.eventsOf(claim.id)).length, 1);
  close();
});

test('100,000 claims are listed, filtered and paged in under 100 ms each', async () => {
  const { store, close } = opened();
  const states = ['returned', 'valid', 'accepted', 'closed'];
  for (let first = 1; first <= 100_000; first += 5_000) {
    const events = Array.from({ length: 5_000 }, (_, index): NewEvent => {
      const number = first + index;
      const at = timeText(START + number);
      const target = `pkg:npm/x@1.0.${number % 50}`;
      return {
        subject: `claim-${number}`,
        version: 1,
        at,
        act: { move: 'write', actor: CLEO, data: { text: digestOf(utf8Bytes(`${number}`)) } },
        summary: {
          kind: 'claim',
          state: states[number % 4]!,
          target,
          said: 'net.http',
          updated: at,
        },
      };
    });
    await store.append(events);
  }
  const queries = [
    { kind: 'claim', limit: 50 },
    { kind: 'claim', limit: 50, state: 'valid' },
    { kind: 'claim', limit: 50, target: 'pkg:npm/x@1.0.7' },
    { kind: 'claim', limit: 50, state: 'valid', target: 'pkg:npm/x@1.0.9', after: 'claim-50000' },
    { kind: 'claim', limit: 50, after: 'claim-100' },
  ] as const;
  const took: string[] = [];
  for (const query of queries) {
    const began = performance.now();
    const rows = await store.list(query);
    const ms = performance.now() - began;
    took.push(ms.toFixed(1));
    assert.equal(rows.length, 50);
    assert.ok(ms < 100, `${ms} ms for ${JSON.stringify(query)}`);
  }
  console.log(`100,000 claims, ms a page: ${took.join(', ')}`);
  close();
});

test('a claim is put off with a public reason, looked at every 30 days, and ended with a code', async () => {
  const { docket, clock, close } = opened();
  const id = await valid(docket);
  const lead: Actor = { name: 'lea', role: 'lead' };
  await assert.rejects(docket.act(id, 'defer', lead), { code: 'docket.needs' });
  await docket.act(id, 'defer', lead, { reason: 'the maker has a release ready' });
  assert.deepEqual((await docket.claim(id)).reasons, ['the maker has a release ready']);
  clock.now = START + 61 * DAY;
  await docket.tick();
  await docket.tick();
  await assert.rejects(docket.act(id, 'dismiss', lead, { reasons: ['because'] }), {
    code: 'docket.needs',
  });
  await docket.act(id, 'dismiss', lead, { reasons: ['already-fixed'] });
  assert.equal((await docket.claim(id)).state, 'closed');
  close();
});

/** Codes that people give; those of the machine are tested where it gives them. */
for (const code of ['spam', 'decline', 'already-fixed', 'vendor-cooperating', 'forward'] as const) {
  test(`a claim that was put off is ended for ${code}, which is counted in public`, async () => {
    const { docket, store, close } = opened();
    const id = await valid(docket);
    const lead: Actor = { name: 'lea', role: 'lead' };
    await docket.act(id, 'defer', lead, { reason: REASONS[code].says });
    await docket.act(id, 'dismiss', lead, { reasons: [code] });
    assert.deepEqual((await docket.claim(id)).reasons, [code]);
    assert.deepEqual((await store.counts()).refusals, [{ reason: code, count: 1 }]);
    close();
  });
}
