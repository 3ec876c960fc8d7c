import assert from 'node:assert/strict';
import { onSqlite } from '../contract/each-database.ts';
import { SqliteJobs } from './sqlite.ts';

const HOUR = 3_600_000;
const KINDS = { examine: { leaseSeconds: 30 } };

onSqlite('jobs whose clock is stepped', (test) => {
  for (const [title, step] of [
    ['forward', HOUR],
    ['back', -HOUR],
  ] as const) {
    test(`${title}: what waits is begun, what runs is begun again, and ends once`, async ({
      open,
    }) => {
      let now = Date.parse('2026-11-23T12:00:00Z');
      const queue = await SqliteJobs.open(await open(), KINDS, () => now);
      await queue.enqueue([
        { kind: 'examine', key: 'runs', data: null, priority: 1 },
        { kind: 'examine', key: 'waits', data: null },
      ]);
      const [runs] = await queue.claim(['examine'], 1);
      now += step;
      const [waits] = await queue.claim(['examine'], 9);
      assert.equal(waits?.key, 'waits');
      // Taken for dead, it is tried again after a pause.
      now += 2_000;
      const [again] = await queue.claim(['examine'], 9);
      assert.deepEqual([again?.key, again?.attempt], ['runs', 2]);
      assert.equal(await queue.complete(runs!), false);
      assert.equal(await queue.complete(again!), true);
    });
  }
});
