import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import { drainWithKills } from '../contract/jobs-kill.ts';

/** 10,000 in the long run (`AVOW_JOBS=10000`). */
const JOBS = Number(process.env['AVOW_JOBS'] ?? 500);

onEachDatabase('jobs whose workers are killed', (test) => {
  test(`${JOBS} jobs: none is lost, and none has its effect twice`, async ({ open, url }) => {
    const { effects, distinct, done, kills, perSecond } = await drainWithKills(
      await open(),
      url,
      JOBS,
    );
    assert.deepEqual({ effects, distinct, done }, { effects: JOBS, distinct: JOBS, done: JOBS });
    console.log(`${JOBS} jobs, ${kills} kills, ${perSecond.toFixed(0)} jobs/s, none lost or twice`);
  });
});
