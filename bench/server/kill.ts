/**
 * A server that is killed (SIGKILL) at random moments while claims, uploads,
 * messages and decisions go in: every acknowledged write is there, and nothing
 * is there twice. KILLS (200).
 */
import { killUnderLoad } from '../../packages/server/src/testdata/kills.ts';

const KILLS = Number(process.env['KILLS'] ?? 200);
const start = performance.now();
const { acknowledged, jobs } = await killUnderLoad(KILLS, Math.random);
const seconds = Math.round((performance.now() - start) / 1000);
const told = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
console.log(`${KILLS} kills in ${seconds} s; acknowledged: ${told(acknowledged)}; none lost`);
console.log(`jobs: ${told(jobs)}`);
