import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Place, parseLocator } from '@avow/locator';
import { assemblyOf, CIL } from '../../../formats/src/module/cil/testdata/assembly.ts';
import { ELF, elfOf } from '../../../formats/src/module/native/testdata/elf.ts';
import { fatOf, MACHO, machoOf } from '../../../formats/src/module/native/testdata/macho.ts';
import { wasmOf } from '../../../formats/src/module/wasm/testdata/module.ts';
import { placesIn } from './index.ts';
import type { FoundPlace } from './place.ts';

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);
const place = (one: string) => parseLocator(`pkg:npm/x@1#a ${one}`).place;
const hex = (value: number): string => `0x${value.toString(16)}`;
const WASM = wasmOf();
const CODE_AT = WASM.indexOf(0x41, WASM.indexOf(10, 30));

const PLACES = placesIn(
  new Map([
    ['scan.so', elfOf()],
    ['fat.dylib', fatOf(machoOf(), machoOf('_system', 'ls'))],
    ['codec.wasm', WASM],
    ['Net.dll', assemblyOf()],
    ['broken.so', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
  ]),
);

function found(path: string, one: string): FoundPlace | undefined {
  return PLACES.find(path, place(one));
}

/** Forms of one place each, which all start at the same byte. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'scan.so': [
    `@rva:${hex(ELF.code)}`,
    `@va:${hex(ELF.code)}`,
    `@off:${hex(ELF.code)}`,
    '@sec:.text+0x100',
  ],
  'codec.wasm': ['@wasm:1', '@sym:run', `@wasm:1:${hex(CODE_AT - 1)}`, `@off:${hex(CODE_AT - 1)}`],
  'Net.dll': ['@il:0x06000001', '@il:0x06000001+0x0'],
};

for (const [path, forms] of Object.entries(SAME)) {
  test(`${path}: ${forms.join(', ')} are one place`, () => {
    const starts = forms.map((one) => {
      const here = found(path, one);
      assert.equal(here?.state, 'here', `${one}: ${JSON.stringify(here)}`);
      return here?.state === 'here' ? here.span.start : -1;
    });
    assert.equal(new Set(starts).size, 1, starts.map(hex).join());
  });
}

test('each slice of a fat file has its own code, and the file alone none', () => {
  assert.deepEqual(PLACES.slicesOf('fat.dylib').length, 2);
  for (const slice of PLACES.slicesOf('fat.dylib')) {
    assert.equal(found(`fat.dylib!/${slice}`, `@rva:${hex(MACHO.code)}`)?.state, 'here');
  }
  assert.equal(found('fat.dylib', `@rva:${hex(MACHO.code)}`), undefined);
  assert.equal(found('fat.dylib!/sparc', `@rva:${hex(MACHO.code)}`), undefined);
});

/** Places that are not there: what is said, and a name that is offered. */
const OUTSIDE: readonly (readonly [path: string, place: string, says: RegExp, near: RegExp])[] = [
  ['scan.so', '@rva:0x9000', /nothing of the module/, /@rva:0x/],
  ['scan.so', '@rva:0xfffff80000001234', /not in the module/, /@rva:0x/],
  ['scan.so', '@off:0x9000', /no loaded part/, /@rva:0x/],
  ['scan.so', '@sec:.text+0x9000', /bytes/, /@rva:0x/],
  ['codec.wasm', '@wasm:0', /imported/, /run @wasm:1/],
  ['codec.wasm', '@wasm:7', /has 2 functions/, /run @wasm:1/],
  ['codec.wasm', '@wasm:1:0x0', /from byte/, /run @wasm:1/],
  ['codec.wasm', '@off:0x0', /no function/, /run @wasm:1/],
  ['Net.dll', '@il:0x06000003', /no method/, /Collect @il:0x06000002/],
  ['Net.dll', '@il:0x06000001+0x3', /3 bytes/, /Send @il:0x06000001/],
];

for (const [path, one, says, near] of OUTSIDE) {
  test(`${path} ${one} is outside, and what is near is named`, () => {
    const there = found(path, one);
    assert.ok(there?.state === 'outside', JSON.stringify(there));
    assert.match(there.says, says);
    assert.match(there.near.join(), near);
  });
}

test('names that are not there come with those that are', () => {
  const section = found('scan.so', '@sec:.txet+0x0');
  assert.ok(section?.state === 'no-name' && section.names.includes('.text'));
  const symbol = found('codec.wasm', '@sym:rnu');
  assert.ok(symbol?.state === 'no-name' && symbol.names.includes('run'));
});

test('what is not read has no place that can be told', () => {
  assert.equal(found('broken.so', '@rva:0x0'), undefined);
  assert.equal(found('absent', '@rva:0x0'), undefined);
  assert.equal(found('scan.so', '@il:0x06000001'), undefined);
});

/** Seeded, so that what it finds is found again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}

test('damaged modules: a place is told, or it is not; nothing is thrown and nothing takes long', () => {
  const random = seeded(3);
  const forms = [
    '@rva:0x800',
    '@va:0x800',
    '@off:0x10',
    '@sec:.text+0x1',
    '@sym:run',
    '@wasm:1',
    '@il:0x06000001',
  ];
  const began = performance.now();
  for (const whole of [elfOf(), wasmOf(), assemblyOf(), fatOf(machoOf())]) {
    for (let round = 0; round < 400; round++) {
      const bytes = whole.slice(0, round % 9 === 0 ? random() % whole.length : whole.length);
      for (let change = 0; change < 4; change++)
        bytes[random() % Math.min(whole.length, 512)] = random();
      const places = placesIn(new Map([['m', bytes]]));
      for (const one of forms) places.find('m', place(one));
      for (const slice of places.slicesOf('m')) places.find(`m!/${slice}`, place(forms[0]!));
    }
  }
  assert.ok(performance.now() - began < 60_000);
});

test('scripts that no parser takes, and nested ones, have no functions and no place that is thrown about', () => {
  for (const source of [
    'function ( {',
    '('.repeat(200_000),
    'a=>'.repeat(50_000),
    '\u0000'.repeat(1_000),
    '`${'.repeat(10_000),
  ]) {
    const places = placesIn(new Map([['a.js', text(source)]]));
    places.functionsOf('a.js');
    places.unreached('a.js', inLine(1));
  }
});

test('a method of CIL has its instructions where the file has them', () => {
  const second = found('Net.dll', '@il:0x06000002+0x4');
  assert.ok(second?.state === 'here');
  assert.deepEqual(second.span.within, { start: CIL.collect, end: CIL.collect + 5 });
});

const inLine = (line: number, column?: number): Place => ({
  kind: 'line',
  start: { line, ...(column === undefined ? {} : { column }) },
});

const SCRIPT = `function used() { return 1; }
function unused() {
  const within = () => used();
  return within();
}
const held = () => 2;
const passed = () => 3;
setTimeout(passed, 1);
exports.out = function named() { return used(); };
used();
`;

/** Line, and the function around it that nothing refers to. */
const REACHED: readonly (readonly [line: number, unused: string | undefined])[] = [
  [1, undefined],
  [3, 'unused'],
  [4, 'unused'],
  [6, 'held'],
  [7, undefined],
  [9, undefined],
  [10, undefined],
];

for (const [line, unused] of REACHED) {
  test(`line ${line} is ${unused === undefined ? 'reached' : `in ${unused}, which nothing refers to`}`, () => {
    const places = placesIn(new Map([['lib/a.js', text(SCRIPT)]]));
    const column = line === 6 ? 20 : undefined;
    const why = places.unreached('lib/a.js', inLine(line, column));
    assert.equal(why, unused && `nothing refers to function ${unused} in lib/a.js`);
  });
}

test('eval and pages can reach what no name in the file does', () => {
  const withEval = placesIn(
    new Map([['a.js', text(`${SCRIPT}\nfunction e(x) { return eval(x); } e();`)]]),
  );
  assert.equal(withEval.unreached('a.js', inLine(3)), undefined);
  const page = new Map([
    ['lib/a.js', text(SCRIPT)],
    ['index.html', text('<script src="lib/a.js"></script>')],
  ]);
  assert.equal(placesIn(page).unreached('lib/a.js', inLine(3)), undefined);
});

test('a file that nothing names is out of reach only where the package lets nobody in', () => {
  const product = (manifest: object, main = "require('./used')") =>
    placesIn(
      new Map([
        ['package.json', text(JSON.stringify(manifest))],
        ['main.js', text(main)],
        ['lib/legacy.js', text('fetch("https://a.example")')],
      ]),
    ).unreached('lib/legacy.js', inLine(1));
  assert.match(product({ exports: './main.js' }) ?? '', /no file of the product names/);
  assert.equal(product({ main: 'main.js' }), undefined);
  assert.equal(product({ exports: { '.': './main.js', './lib/*': './lib/*.js' } }), undefined);
  assert.equal(product({ exports: './main.js', scripts: { x: 'node lib/legacy.js' } }), undefined);
  assert.equal(product({ exports: './main.js' }, "require('./lib/legacy')"), undefined);
  assert.equal(product({ exports: './main.js' }, 'const x = "leg" + "acy"; // legacy'), undefined);
});

test('a byte of a script is a line and a column, counted in UTF-16 units', () => {
  const places = placesIn(new Map([['a.js', text('// é\nfetch("x");\n')]]));
  assert.deepEqual(places.positionOf('a.js', 6n), { line: 2, column: 1 });
  assert.equal(places.positionOf('a.js', 600n), undefined);
});

const NATIVE = process.env['AVOW_NATIVE'] ?? '/tmp/avow-corpus/native/classic-level';
const library = existsSync(NATIVE)
  ? readdirSync(NATIVE, { recursive: true, encoding: 'utf8' }).find((path) =>
      /linux-x64.*\.node$/.test(path),
    )
  : undefined;

test('a real library: a symbol and its address are one place, the next function is another', {
  skip: library === undefined && `there is no library in ${NATIVE}`,
}, () => {
  const bytes = new Uint8Array(readFileSync(join(NATIVE, library!)));
  const places = placesIn(new Map([['x.node', bytes]]));
  const symbol = places.find('x.node', place('@sym:napi_register_module_v1'));
  assert.ok(symbol?.state === 'here', JSON.stringify(symbol));
  const { start, within } = symbol.span;
  const address = places.find('x.node', place(`@rva:${hex(start)}`));
  assert.deepEqual(address, { ...symbol, span: { ...symbol.span } });
  const next = places.find('x.node', place(`@rva:${hex(within!.end + 32)}`));
  assert.ok(
    next?.state === 'outside' ||
      (next?.state === 'here' && next.span.within?.start !== within!.start),
  );
});
