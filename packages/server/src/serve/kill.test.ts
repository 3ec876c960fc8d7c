import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad } from '../testdata/kills.ts';

/** 200 in the long run: `node bench/server/kill.ts`. */
const KILLS = 5;

test(`a server that is killed ${KILLS} times under load has every acknowledged claim, part, message and decision, once`, async () => {
  const { acknowledged, jobs } = await killUnderLoad(KILLS, Math.random);
  console.log(JSON.stringify({ acknowledged, jobs }));
  const all = Object.values(acknowledged).reduce((sum, one) => sum + one, 0);
  assert.ok(all > 20, `little was acknowledged: ${JSON.stringify(acknowledged)}`);
});
