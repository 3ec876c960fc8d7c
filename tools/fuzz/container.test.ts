import { test } from 'node:test';
import { FUZZED, fuzz } from './container.ts';

/** Some seconds in all; `node tools/fuzz/container.ts --seconds N` goes on from there. */
const ARCHIVES = 300;

for (const kind of FUZZED) {
  test(`no ${kind} makes its reader fail, hang or exceed a limit`, async () => {
    for (let seed = 1; seed <= ARCHIVES; seed++) await fuzz(kind, seed);
  });
}
