import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Digest, digestOf } from '@avow/bytes';
import {
  type Artifact,
  type ArtifactStore,
  auditChain,
  type DocketEvent,
  type DocketStore,
  type NewEvent,
  timeText,
} from '@avow/docket';

const START = Date.parse('2026-11-23T12:00:00Z');

/** A claim's nth event, as a docket would hand it over. */
export function newEvent(number: number, version: number, more: Partial<NewEvent> = {}): NewEvent {
  const at = timeText(START + number * 1_000 + version);
  return {
    subject: `claim-${number}`,
    version,
    at,
    act: { move: 'write', actor: { name: 'cleo', role: 'claimant' }, data: {} },
    summary: {
      kind: 'claim',
      state: 'draft',
      target: 'pkg:npm/x@1.0.0',
      said: 'net.http',
      updated: at,
    },
    ...more,
  };
}

/** A store, and the same opened again, as by another process. */
export interface Opened<Store> {
  readonly store: Store;
  reopen(): Store | Promise<Store>;
}

/** What every store of the docket promises. */
export function docketStoreContract(
  name: string,
  open: () => Opened<DocketStore> | Promise<Opened<DocketStore>>,
): void {
  test(`${name}: events come back as they were written, after a restart too`, async () => {
    const { store, reopen } = await open();
    const written = await store.append([newEvent(1, 1), newEvent(1, 2), newEvent(2, 1)]);
    const again = await reopen();
    assert.deepEqual(await again.eventsOf('claim-1'), written.slice(0, 2));
    assert.deepEqual(await all(again), written);
    assert.deepEqual(await again.eventsOf('claim-9'), []);
    assert.equal(auditChain(written).number, 3);
    assert.deepEqual(await again.end(), auditChain(written));
  });

  test(`${name}: a move is made once, and of several none or all are made`, async () => {
    const { store } = await open();
    await store.append([newEvent(1, 1)]);
    await assert.rejects(store.append([newEvent(1, 1)]), { code: 'docket.conflict' });
    await assert.rejects(store.append([newEvent(2, 1), newEvent(1, 3)]), {
      code: 'docket.conflict',
    });
    assert.equal((await all(store)).length, 1);
    assert.equal(await store.nextNumber('claim'), 2);
  });

  test(`${name}: of two who write the same move at once, one is told`, async () => {
    const { store, reopen } = await open();
    const other = await reopen();
    const results = await Promise.allSettled([
      store.append([newEvent(1, 1)]),
      other.append([newEvent(1, 1)]),
    ]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  test(`${name}: a clock that is set back does not set the chain back`, async () => {
    const { store } = await open();
    await store.append([newEvent(1, 1, { at: '2027-01-01T00:00:00.000Z' })]);
    await store.append([newEvent(2, 1, { at: '2026-01-01T00:00:00.000Z' })]);
    const events = await all(store);
    assert.deepEqual(
      events.map(({ at }) => at),
      ['2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    );
    auditChain(events);
  });

  test(`${name}: lists are filtered and paged, the newest first, and none is left out or twice`, async () => {
    const { store } = await open();
    const fingerprint: Digest = digestOf('one');
    for (let number = 1; number <= 25; number++) {
      const event = newEvent(number, 1);
      const state = number % 2 === 0 ? 'valid' : 'returned';
      const same = number % 5 === 0 ? { fingerprint } : {};
      await store.append([
        { ...event, summary: { ...event.summary, state, ...same, due: number } },
      ]);
    }
    const pages: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.list({ kind: 'claim', limit: 7, ...(after ? { after } : {}) });
      if (page.length === 0) break;
      pages.push(...page.map(({ subject }) => subject));
      after = pages.at(-1);
    }
    assert.deepEqual(
      pages,
      Array.from({ length: 25 }, (_, index) => `claim-${25 - index}`),
    );
    const same = await store.list({ kind: 'claim', fingerprint, state: 'valid', limit: 9 });
    assert.deepEqual(
      same.map(({ subject }) => subject),
      ['claim-20', 'claim-10'],
    );
    assert.deepEqual(
      (await store.due(3, 2)).map(({ subject }) => subject),
      ['claim-1', 'claim-2'],
    );
    assert.deepEqual((await store.counts()).states, [
      { kind: 'claim', state: 'returned', count: 13 },
      { kind: 'claim', state: 'valid', count: 12 },
    ]);
  });

  test(`${name}: refusals are counted by reason, once a turning back`, async () => {
    const { store } = await open();
    const act = (reasons: string[]): NewEvent['act'] => ({
      move: 'turnBack',
      actor: { name: 'avow', role: 'system' },
      data: { reasons },
    });
    await store.append([
      newEvent(1, 1, { act: act(['missing-place', 'missing-place', 'ambiguous']) }),
    ]);
    await store.append([newEvent(2, 1, { act: act(['missing-place']) })]);
    assert.deepEqual((await store.counts()).refusals, [
      { reason: 'ambiguous', count: 1 },
      { reason: 'missing-place', count: 2 },
    ]);
  });
}

/** What every store of artifacts promises. */
export function artifactStoreContract(
  name: string,
  open: () => Opened<ArtifactStore> | Promise<Opened<ArtifactStore>>,
): void {
  const artifact = (version: string, content = version, product = 'x'): Artifact => ({
    target: `pkg:npm/${product}@${version}`,
    name: `npm/${product}`,
    digest: digestOf(content),
    file: `${product}-${version}.tgz`,
    size: 12,
    at: timeText(START),
  });

  test(`${name}: artifacts come back in the order they were added, each once, after a restart too`, async () => {
    const { store, reopen } = await open();
    const [two, one] = [artifact('2.0.0'), artifact('1.0.0')];
    for (const each of [two, one, two, artifact('1.0.0', '1.0.0', 'y')]) {
      await store.addArtifact(each);
    }
    assert.deepEqual(await (await reopen()).artifactsNamed('npm/x'), [two, one]);
    assert.deepEqual(await store.artifactsNamed('npm/z'), []);
    assert.deepEqual(await store.artifactNames(10), ['npm/x', 'npm/y']);
    assert.deepEqual(await store.artifactNames(1), ['npm/x']);
  });

  test(`${name}: two contents of one release are both kept, the first first; who adds again changes nothing`, async () => {
    const { store } = await open();
    const [first, second] = [artifact('1.0.0', 'a'), artifact('1.0.0', 'b')];
    for (const each of [first, second, { ...first, file: 'other.tgz' }]) {
      await store.addArtifact(each);
    }
    assert.deepEqual(await store.artifactsNamed('npm/x'), [first, second]);
  });
}

async function all(store: DocketStore): Promise<DocketEvent[]> {
  const events: DocketEvent[] = [];
  for await (const event of store.events()) events.push(event);
  return events;
}
