import assert from 'node:assert/strict';
import { onEachDatabase, type TestPlace } from '../contract/each-database.ts';
import { migrate } from '../database/index.ts';
import { openJobs } from './open.ts';
import { type Job, type JobQueue, jobId, type NewJob } from './queue.ts';
import { NoRetry, work } from './work.ts';

const KINDS = { examine: { retries: 2, retrySeconds: 1 }, deliver: { retries: 0 } };

interface Tables {
  effects: { name: string };
}

function job(key: string, more: Partial<NewJob> = {}): NewJob {
  return { kind: 'examine', key, data: { key }, ...more };
}

async function openQueue(place: TestPlace): Promise<JobQueue> {
  return openJobs(await place.open(), KINDS, (error) => {
    throw error;
  });
}

async function claimAll(queue: JobQueue, limit = 100): Promise<readonly Job[]> {
  return queue.claim(['examine', 'deliver'], limit);
}

async function claimOne(queue: JobQueue): Promise<Job> {
  const [one] = await claimAll(queue, 1);
  assert.ok(one !== undefined, 'there is a job to claim');
  return one;
}

/** Waits for what another process, or the time, does. */
async function until<T>(ask: () => Promise<T | undefined>, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < end, `did not happen in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

onEachDatabase('jobs', (test) => {
  const withQueue = (title: string, run: (queue: JobQueue, place: TestPlace) => Promise<void>) =>
    test(title, async (place) => {
      const queue = await openQueue(place);
      try {
        await run(queue, place);
      } finally {
        await queue.close();
      }
    });

  withQueue('a job comes to a worker as it was given, and ends with its result', async (queue) => {
    const data = { z: 1, a: ['ü', 'a\0b', null, true, 1.5], deep: { x: {} } };
    const [id] = await queue.enqueue([job('k', { data, priority: 3 })]);
    assert.equal(id, jobId('examine', 'k'));
    const claimed = await claimOne(queue);
    assert.deepEqual(claimed.data, data);
    assert.equal(JSON.stringify(claimed.data), JSON.stringify(data));
    assert.deepEqual(
      [claimed.id, claimed.kind, claimed.key, claimed.attempt, claimed.state, claimed.priority],
      [id, 'examine', 'k', 1, 'running', 3],
    );
    assert.deepEqual(await claimAll(queue), []);
    assert.equal(await queue.heartbeat(claimed, { done: 4, of: 9 }), true);
    assert.deepEqual((await queue.read(id!))?.progress, { done: 4, of: 9 });
    assert.equal(await queue.complete(claimed, { ok: 'a\0' }), true);
    const done = await queue.read(id!);
    assert.deepEqual(
      [done?.state, done?.result, done?.progress],
      ['done', { ok: 'a\0' }, undefined],
    );
    assert.ok(done!.ended! >= done!.created);
  });

  withQueue('the same job is there once, while it runs and when it is done', async (queue) => {
    const ids = await queue.enqueue([job('k'), job('k', { data: 2 }), job('l')]);
    assert.deepEqual(ids[0], ids[1]);
    const [one, two, ...more] = await claimAll(queue);
    assert.deepEqual(more, []);
    assert.deepEqual([one!.key, two!.key].sort(), ['k', 'l']);
    await queue.enqueue([job('k')]);
    await queue.complete(one!);
    await queue.complete(two!);
    await queue.enqueue([job('k'), job('l')]);
    assert.deepEqual(await claimAll(queue), []);
    assert.equal((await queue.read(ids[0]!))?.state, 'done');
    assert.deepEqual(await queue.counts(), [{ kind: 'examine', state: 'done', count: 2 }]);
  });

  withQueue('what has priority goes first, and what is for later waits', async (queue) => {
    await queue.enqueue([job('low', { priority: -1 })]);
    await queue.enqueue([job('high', { priority: 9 }), job('later', { runAt: Date.now() + 400 })]);
    await queue.enqueue([job('deliver', { kind: 'deliver', priority: 99 })]);
    const keys = (await claimAll(queue)).map(({ key }) => key);
    assert.deepEqual(keys, ['high', 'low', 'deliver']);
    const [later] = await until(async () => {
      const found = await claimAll(queue);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(later?.key, 'later');
    assert.ok(Date.now() >= later!.runAt);
  });

  withQueue('workers who claim at once get different jobs', async (queue, place) => {
    const other = await openQueue(place);
    await queue.enqueue(Array.from({ length: 60 }, (_, index) => job(`k${index}`)));
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claimAll(index % 2 === 0 ? queue : other, 3)),
    );
    const ids = claims.flat().map(({ id }) => id);
    assert.equal(ids.length, new Set(ids).size);
    ids.push(...(await claimAll(queue)).map(({ id }) => id));
    assert.equal(new Set(ids).size, 60);
    await other.close();
  });

  withQueue(
    'a job that fails is tried again, later each time, and then has failed',
    async (queue) => {
      const [id] = await queue.enqueue([job('k')]);
      for (const attempt of [1, 2, 3]) {
        const claimed = await until(async () => (await claimAll(queue))[0]);
        assert.equal(claimed.attempt, attempt);
        assert.equal(await queue.fail(claimed, `no ${attempt} \0`), true);
        const now = await queue.read(id!);
        assert.equal(now?.why, `no ${attempt} \ufffd`);
        assert.equal(now?.state, attempt === 3 ? 'failed' : 'waiting');
        assert.deepEqual(await claimAll(queue), []);
      }
    },
  );

  withQueue('a failure that is final is not tried again', async (queue) => {
    const [id] = await queue.enqueue([job('k')]);
    assert.equal(await queue.fail(await claimOne(queue), 'never', true), true);
    const failed = await queue.read(id!);
    assert.deepEqual([failed?.state, failed?.why], ['failed', 'never']);
  });

  withQueue('an attempt that is no longer the present one changes nothing', async (queue) => {
    await queue.enqueue([job('k')]);
    const first = await claimOne(queue);
    await queue.fail(first, 'slow');
    const second = await until(async () => (await claimAll(queue))[0]);
    assert.equal(await queue.heartbeat(first), false);
    assert.equal(await queue.complete(first, 'late'), false);
    assert.equal(await queue.fail(first, 'late'), false);
    assert.equal(await queue.complete(second, 'in time'), true);
    assert.equal(await queue.complete(second, 'again'), false);
    assert.equal((await queue.read(first.id))?.result, 'in time');
  });

  withQueue('a cancelled job is not begun, and a running one learns of it', async (queue) => {
    const [waiting, running] = await queue.enqueue([
      job('waiting', { priority: -1 }),
      job('running'),
    ]);
    const claimed = await claimOne(queue);
    assert.equal(claimed.id, running);
    assert.equal(await queue.cancel(waiting!), true);
    assert.equal(await queue.cancel(running!), true);
    assert.equal(await queue.cancel(running!), false);
    assert.equal(await queue.cancel('no id'), false);
    assert.equal(await queue.heartbeat(claimed), false);
    assert.equal(await queue.complete(claimed), false);
    assert.deepEqual(await claimAll(queue), []);
    assert.equal((await queue.read(running!))?.state, 'cancelled');
  });

  withQueue('a job is put with what asked for it, or not at all', async (queue, place) => {
    const database = await place.open();
    await migrate(database, 'test', [['CREATE TABLE effects (name {text} PRIMARY KEY) {strict}']]);
    const put = (key: string, isFailing: boolean) =>
      database.transaction<Tables, void>(async (tables) => {
        await queue.enqueue([job(key)], tables);
        await tables.insertInto('effects').values({ name: key }).execute();
        if (isFailing) throw new Error('no');
      });
    await assert.rejects(put('no', true));
    await put('yes', false);
    assert.equal(await queue.read(jobId('examine', 'no')), undefined);
    const claimed = await claimOne(queue);
    const effect = (name: string) => (tables: import('kysely').Transaction<Tables>) =>
      tables
        .insertInto('effects')
        .values({ name })
        .execute()
        .then(() => {});
    await assert.rejects(queue.complete(claimed, 1, effect('yes')), 'the name is taken');
    assert.equal((await queue.read(claimed.id))?.state, 'running');
    assert.equal(await queue.complete(claimed, 1, effect('done')), true);
    assert.equal(await queue.complete(claimed, 1, effect('twice')), false);
    const names = await database
      .tables<Tables>()
      .selectFrom('effects')
      .select('name')
      .orderBy('name')
      .execute();
    assert.deepEqual(
      names.map(({ name }) => name),
      ['done', 'yes'],
    );
  });

  withQueue('lists are paged and filtered, the newest first', async (queue) => {
    for (let number = 0; number < 7; number++) await queue.enqueue([job(`k${number}`)]);
    await queue.enqueue([job('d', { kind: 'deliver' })]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await queue.list({ limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...page.jobs.map(({ key }) => key));
      after = page.next;
    } while (after !== undefined);
    assert.equal(new Set(seen).size, 8);
    const [{ key } = { key: '' }] = (await queue.list({ kind: 'deliver', limit: 9 })).jobs;
    assert.equal(key, 'd');
    await queue.complete(await claimOne(queue));
    assert.equal((await queue.list({ state: 'done', limit: 9 })).jobs.length, 1);
    assert.equal((await queue.list({ state: 'waiting', limit: 9 })).jobs.length, 7);
    await assert.rejects(queue.list({ limit: 3, after: 'x' }), { code: 'page.cursor' });
  });

  withQueue('a kind that no worker knows is refused', async (queue, place) => {
    await assert.rejects(queue.enqueue([job('k', { kind: 'dance' })]), { code: 'jobs.kind' });
    await assert.rejects(queue.enqueue([job('a\0')]), { code: 'database.text' });
    const database = await place.open();
    await assert.rejects(openJobs(database, { 'DROP TABLE': {} }), { code: 'jobs.kind' });
    await assert.rejects(openJobs(database, { x: { leaseSeconds: 1 } }), { code: 'jobs.kind' });
  });

  withQueue('who waits is told soon, by other processes too', async (queue, place) => {
    const other = await openQueue(place);
    const begun = performance.now();
    // The listening connection may only just be there: what matters is that it is not the whole time.
    const woken = queue.whenChanged(15_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.enqueue([job('k')]);
    await woken;
    assert.ok(performance.now() - begun < 5_000);
    const aborting = new AbortController();
    const waiting = queue.whenChanged(60_000, aborting.signal);
    aborting.abort();
    await waiting;
    await other.close();
  });

  withQueue('a worker does what there is, tries again, and stops when told', async (queue) => {
    const stopping = new AbortController();
    const done: string[] = [];
    const told: unknown[] = [];
    const working = work(queue, {
      kinds: KINDS,
      atOnce: 4,
      signal: stopping.signal,
      onTrouble: (error) => told.push(error),
      handlers: {
        examine: async ({ key, attempt }, { progress, signal }) => {
          await progress({ attempt });
          if (key === 'flaky' && attempt === 1) throw new Error('once');
          if (key === 'hopeless') throw new NoRetry('never');
          if (key === 'long') {
            while (!signal.aborted) {
              await new Promise((resolve) => setTimeout(resolve, 10));
              await progress(null);
            }
            throw new Error('cancelled');
          }
          done.push(key);
          return { result: key };
        },
      },
    });
    const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
    await queue.enqueue([...keys, 'flaky', 'hopeless', 'long'].map((key) => job(key)));
    const stateOf = async (key: string) => (await queue.read(jobId('examine', key)))?.state;
    await until(async () => ((await stateOf('long')) === 'running' ? true : undefined));
    await queue.cancel(jobId('examine', 'long'));
    await until(async () => ((await stateOf('flaky')) === 'done' ? true : undefined));
    await until(async () => (done.length === 31 ? true : undefined));
    stopping.abort();
    await working;
    assert.deepEqual([...done].sort(), [...keys, 'flaky'].sort());
    assert.deepEqual(told, []);
    assert.equal(await stateOf('hopeless'), 'failed');
    assert.equal(await stateOf('long'), 'cancelled');
  });
});
