import { test } from 'node:test';
import { FUZZED_CAPA, fuzzCapa } from './capa.ts';

/** Some seconds in all; `node tools/fuzz/capa.ts --seconds N` goes on from there. */
const INPUTS = 300;

for (const kind of FUZZED_CAPA) {
  test(`no ${kind} makes the matching of capa's rules fail or hang`, () => {
    for (let seed = 1; seed <= INPUTS; seed += 1) fuzzCapa(kind, seed);
  });
}
