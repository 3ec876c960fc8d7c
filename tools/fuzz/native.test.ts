import { test } from 'node:test';
import { FUZZED_NATIVE, fuzzNative } from './native.ts';

/** Some seconds in all; `node tools/fuzz/native.ts --seconds N` goes on from there. */
const IMAGES = 500;

for (const kind of FUZZED_NATIVE) {
  test(`no ${kind} image makes its reader or the sweep fail or hang`, () => {
    for (let seed = 1; seed <= IMAGES; seed += 1) fuzzNative(kind, seed);
  });
}
