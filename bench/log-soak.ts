/**
 * Kills the log's writer 1,000 times (or as often as the first argument says),
 * half of the times at a named step and half at a random moment, restarts it
 * each time, and holds the log against every promise at the end and every 50.
 *
 * `npm run soak:log [KILLS] [SEED]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  holdToPromises,
  KILL_STEPS,
  type KillAt,
  Promises,
  runAndKill,
} from '../packages/stores/src/contract/kill-harness.ts';

const kills = Number(process.argv[2] ?? 1000);
let state = Number(process.argv[3] ?? 5) >>> 0;

/** mulberry32: the same seed kills at the same places. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Times within a run: mostly its first moments, where recovery and first writes meet. */
function nextKill(number: number): KillAt {
  if (number % 2 === 0) return { after: Math.floor(random() ** 2 * 400) };
  const step = KILL_STEPS[(number >> 1) % KILL_STEPS.length]!;
  const most = step === 'before-openGrowing' || step === 'before-remove' ? 1 : 6;
  return { step, passes: Math.floor(random() * most) };
}

const folder = await mkdtemp(join(tmpdir(), 'avow-soak-'));
const promises = new Promises();
const began = performance.now();
for (let number = 0; number < kills; number++) {
  await runAndKill(folder, `k${number}`, nextKill(number), promises);
  if ((number + 1) % 50 !== 0 && number + 1 !== kills) continue;
  const size = await holdToPromises(folder, promises);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `${number + 1} kills, ${promises.acknowledged.size} acknowledged of ${size} entries,` +
      ` ${promises.published.size} checkpoints seen: nothing lost, no fork (${seconds} s)`,
  );
}
await rm(folder, { recursive: true });
