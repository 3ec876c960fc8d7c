import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { HEADER, name, section } from '../../../formats/src/module/wasm/testdata/module.ts';
import { placesIn } from './index.ts';

/** Functions 0 exported, 1 called by it, 2 alone, 3 called by 2, 4 in the table, 5 by `ref.func` of 2 alone. */
function wasm(...elements: readonly number[]): Uint8Array {
  const body = (...code: readonly number[]): number[] => [code.length + 2, 0, ...code, 0x0b];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, 1, 0x60, 0, 0),
    ...section(3, 6, 0, 0, 0, 0, 0, 0),
    ...section(4, 1, 0x70, 0, 1),
    ...section(7, 1, ...name('run'), 0, 0),
    ...section(9, ...elements),
    ...section(
      10,
      6,
      ...body(0x10, 1),
      ...body(),
      ...body(0x10, 3, 0xd2, 5, 0x1a),
      ...body(),
      ...body(),
      ...body(),
    ),
  ]);
}

/** `elem` active in table 0, and as expressions. */
const ELEMENTS = [
  [1, 0, 0x41, 0, 0x0b, 1, 4],
  [1, 4, 0x41, 0, 0x0b, 1, 0xd2, 4, 0x0b],
  [1, 3, 0, 1, 4],
];

for (const elements of ELEMENTS) {
  test(`WebAssembly: what is exported, called or in a table (${elements}) can run, the rest cannot`, () => {
    const places = placesIn(new Map([['m.wasm', wasm(...elements)]]));
    const unreached = [0, 1, 2, 3, 4, 5].filter(
      (func) => places.unreached('m.wasm', { kind: 'wasm', func }) !== undefined,
    );
    assert.deepEqual(unreached, [2, 3]);
    assert.match(places.unreached('m.wasm', { kind: 'wasm', func: 3 })!, /function 3 in m\.wasm/);
  });
}

test('WebAssembly: elements that are not understood may hold any function', () => {
  const places = placesIn(new Map([['m.wasm', wasm(1, 0, 0xff, 0, 0x0b, 1, 4)]]));
  assert.equal(places.unreached('m.wasm', { kind: 'wasm', func: 3 }), undefined);
});

const SOURCE = `
#include <stdlib.h>
#define OWN __attribute__((visibility("hidden"), noinline, used))
OWN int dead(const char *x) { return system(x); }
OWN int caller_of_dead(const char *x) { return dead(x) + 1; }
OWN int passed(const char *x) { return system(x) + 2; }
OWN int called(const char *x) { return system(x) + 3; }
OWN int tabled(const char *x) { return system(x) + 4; }
int (*table[])(const char *) = {tabled};
int run(const char *x, int (*f)(const char *)) {
  if (!f) f = passed;
  return called(x) + f(x) + table[x[0] & 1](x);
}
`;
const FUNCTIONS = ['dead', 'caller_of_dead', 'passed', 'called', 'tabled', 'run'];
const root = mkdtempSync(join(tmpdir(), 'avow-reach-'));
after(() => rmSync(root, { recursive: true }));
const hasCompiler = spawnSync('cc', ['--version']).status === 0;

for (const flags of ['-O2', '-O1 -fcf-protection=none', '-O2 -fno-plt']) {
  test(`machine code (${flags}): called, tabled and passed on may run; two that only refer to each other cannot`, {
    skip: !hasCompiler && 'there is no C compiler',
  }, (context) => {
    const [source, library] = [join(root, 'a.c'), join(root, 'a.so')];
    writeFileSync(source, SOURCE);
    const made = spawnSync('cc', [
      ...flags.split(' '),
      '-falign-functions=16',
      '-fPIC',
      '-shared',
      '-o',
      library,
      source,
    ]);
    if (made.status !== 0) return context.skip(`the compiler does not take ${flags}`);
    const places = placesIn(new Map([['a.so', new Uint8Array(readFileSync(library))]]));
    const unreached = FUNCTIONS.filter(
      (one) => places.unreached('a.so', { kind: 'sym', name: one }) !== undefined,
    );
    assert.deepEqual(unreached, ['dead', 'caller_of_dead']);
  });
}
