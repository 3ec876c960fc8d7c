import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import { elfOf } from '../../../formats/src/module/native/testdata/elf.ts';
import { fatOf, machoOf } from '../../../formats/src/module/native/testdata/macho.ts';
import { peOf } from '../../../formats/src/module/native/testdata/pe.ts';
import { wasmOf } from '../../../formats/src/module/wasm/testdata/module.ts';
import { ModuleContents, moduleTables } from './index.ts';

const SEEDS = [elfOf({ base: 0x400000 }), peOf(), machoOf(), fatOf(machoOf(), machoOf()), wasmOf()];
const ROUNDS = 300;

/** Deterministic, so that what fails fails again. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Asks everything there is of a module. */
function askAll(contents: ModuleContents): void {
  const query = { after: 0, limit: 20 };
  for (const q of [undefined, 'e', 'HOME']) {
    const asked = q === undefined ? query : { ...query, q };
    for (const { start, end } of contents.functions(asked).rows) {
      contents.forms(start);
      contents.offsetOf(start);
      contents.referrers(start, end, 5);
    }
    for (const { rva } of contents.strings(asked).rows) contents.textAt(rva + 1);
    for (const { index } of contents.imports(asked).rows) {
      for (const rva of contents.sitesOf(index, 0, 5).rows) contents.names().importAt(rva);
    }
    for (const { rva } of contents.exports(asked).rows) contents.nameAt(rva);
  }
  contents.rvaOf({ kind: 'sym', name: 'getenv' });
  contents.rvaOf({ kind: 'va', address: 2n ** 64n });
  contents.rvaOf({ kind: 'wasm', func: 9 });
}

for (const [index, seed] of SEEDS.entries()) {
  test(`a module with any bytes changed or cut off is read or refused (${index})`, () => {
    askAll(new ModuleContents(moduleTables(seed, undefined)));
    const random = randoms(index + 1);
    let read = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = seed.slice(0, random(10) === 0 ? random(seed.length) : seed.length);
      for (let change = random(6); change > 0; change--) {
        bytes[random(bytes.length)] = [0, 0xff, 0x7f, 0x80, random(256)][random(5)]!;
      }
      try {
        askAll(new ModuleContents(moduleTables(bytes, undefined)));
        read++;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    assert.ok(read > 0);
  });
}
