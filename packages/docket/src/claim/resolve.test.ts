import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import { parseLocator } from '@avow/locator';
import { readClaim } from './intake.ts';
import { REASONS, type ReasonCode } from './reasons.ts';
import { resolveClaim } from './resolve.ts';
import type { Stored } from './stored.ts';

const MEMBER = digestOf('lib/send.js');

function product(version: string, records: readonly string[] = [], content = version): Stored {
  const target = `pkg:npm/agent@${version}`;
  const module = {
    path: 'lib/send.js',
    kind: 'script',
    digest: MEMBER,
    size: 60,
    state: 'read',
  } as const;
  const examination: Examination = {
    schema: 'avow.examination/1',
    engine: { version: '0', digest: digestOf('engine') },
    rules: { update: 1, digest: digestOf('rules') },
    product: { target, digest: digestOf(content), size: 60 },
    modules: [module],
    databases: [],
    features: [],
    flows: [],
    unknowns: [],
    findings: [],
    coverage: {
      bytes: 60,
      bytesRead: 60,
      modules: 1,
      modulesRead: 1,
      records: 0,
      recordsUnderstood: 0,
    },
    answer: 'none-found',
  };
  return {
    examination,
    files: [
      { path: 'lib/send.js', digest: MEMBER, size: 60 },
      { path: 'db/a.rules', digest: digestOf('db'), size: 9 },
    ],
    records: records.map((id, index) => ({
      path: 'db/a.rules',
      id,
      line: index + 1,
      digest: digestOf(id),
    })),
    lineLengths: () => [20, 20, 20],
    functionsOf: () => [
      { name: 'send', start: { line: 1, column: 1 }, end: { line: 2, column: 5 } },
    ],
  };
}

const ONE = product('1.0.0', ['1:2019401:3']);
const TWO = product('2.0.0', ['1:2019402:1']);

interface Wanted {
  readonly locator: string;
  readonly all?: readonly Stored[];
  /** Part of what is offered instead. */
  readonly near?: string;
}

/** Refusals by what is stored. */
const BY_STORE: Readonly<Partial<Record<ReasonCode, Wanted>>> = {
  'no-such-product': {
    locator: 'pkg:npm/agemt@1.0.0#lib/send.js @line:1',
    near: 'pkg:npm/agent@1.0.0',
  },
  'no-such-version': {
    locator: 'pkg:npm/agent@1.0.1#lib/send.js @line:1',
    near: 'pkg:npm/agent@1.0.0',
  },
  'no-such-module': { locator: 'pkg:npm/agent@1.0.0#lib/sned.js @line:1', near: 'lib/send.js' },
  'missing-module': { locator: 'pkg:npm/agent@1.0.0 @line:1', near: 'lib/send.js' },
  'missing-place': { locator: 'pkg:npm/agent@1.0.0#lib/send.js @all', near: 'function send' },
  'no-such-record': {
    locator: 'pkg:npm/agent@1.0.0#db/a.rules @rec:1:2019400:3',
    near: '1:2019401:3',
  },
  'wrong-update': {
    locator: 'pkg:npm/agent@1.0.0#db/a.rules @rec:1:2019402:1',
    near: 'agent@2.0.0',
  },
  'outside-image': { locator: 'pkg:npm/agent@1.0.0#lib/send.js @line:4', near: 'function send' },
  'no-such-symbol': {
    locator: 'pkg:npm/agent@1.0.0#lib/send.js @sym:sned',
    near: 'send',
  },
  'stale-digest': {
    locator: `pkg:npm/agent@1.0.0#lib/send.js @line:1 sha256:${'0'.repeat(64)}`,
    near: MEMBER,
  },
  'two-contents': {
    locator: 'pkg:npm/agent@1.0.0#lib/send.js @line:1',
    all: [ONE, product('1.0.0', [], 'other')],
    near: digestOf('other'),
  },
};

for (const [reason, { locator, all = [ONE, TWO], near }] of Object.entries(BY_STORE)) {
  test(`${reason}: ${locator}`, () => {
    const found = resolveClaim(parseLocator(locator), all);
    assert.equal(found.state, 'lacking');
    const [lack] = found.state === 'lacking' ? found.lacks : [];
    assert.equal(lack?.reason, reason);
    assert.ok(
      lack!.candidates.some((one) => one.includes(near!)),
      lack!.candidates.join(),
    );
  });
}

/** Refusals by the text alone: everything at once. */
const BY_TEXT: readonly (readonly [text: string, lacks: readonly ReasonCode[]])[] = [
  ['it phones home', ['missing-product', 'missing-version', 'missing-module', 'missing-place']],
  [
    'it is bad',
    ['missing-product', 'missing-version', 'missing-module', 'missing-place', 'missing-feature'],
  ],
  ['lib/send.js:12\nfeature: net.http', ['missing-product', 'missing-version', 'missing-module']],
  ['pkg:npm/agent@1.0.0\nfeature: net.http', ['missing-module', 'missing-place']],
  ['pkg:npm/agent@1.0.0#a.js @line:1', ['missing-feature']],
  ['pkg:npm/agent@1.0.0#a.js @line:1\nfeature: net.http net.dns', ['ambiguous']],
  [
    'pkg:npm/agent@1.0.0#a.js @line:1\npkg:npm/agent@1.0.0#a.js @line:2\nfeature: net.http',
    ['ambiguous'],
  ],
  ['sid:2019401\nfeature: file.write', ['missing-product', 'missing-version', 'missing-record']],
];

for (const [text, lacks] of BY_TEXT) {
  test(`${JSON.stringify(text)} lacks ${lacks.join(', ')}`, () => {
    assert.deepEqual(readClaim(text).lacks, lacks);
  });
}

test('a place that is there resolves, in the release that it names and no other', () => {
  for (const stored of [ONE, TWO]) {
    const target = stored.examination.product.target;
    const found = resolveClaim(parseLocator(`${target}#lib/send.js @line:3:5`), [ONE, TWO]);
    assert.ok(found.state === 'resolved' && found.stored === stored && found.isPlaceKnown);
  }
});

test('line and column zero beyond the end are outside; the end itself is in', () => {
  const at = (place: string) =>
    resolveClaim(parseLocator(`pkg:npm/agent@1.0.0#lib/send.js ${place}`), [ONE]).state;
  assert.equal(at('@line:3:21'), 'resolved');
  assert.equal(at('@line:3:22'), 'lacking');
  assert.equal(at('@off:0x0'), 'resolved');
  assert.equal(at('@off:0x3b'), 'resolved');
  assert.equal(at('@off:0x3c'), 'lacking');
  assert.equal(at('@off:0xfffff80000001234'), 'lacking');
});

test('what the address of native code is in cannot be told without a reader: it is not called outside', () => {
  const found = resolveClaim(parseLocator('pkg:npm/agent@1.0.0#lib/send.js @rva:0x10'), [ONE]);
  assert.ok(found.state === 'resolved' && !found.isPlaceKnown);
});

test('every reason that the machine gives has a test here; the others are given by people', () => {
  const tested = new Set([...Object.keys(BY_STORE), ...BY_TEXT.flatMap(([, lacks]) => lacks)]);
  const byPeople = ['spam', 'decline', 'already-fixed', 'vendor-cooperating', 'forward', 'lapsed'];
  const left = Object.keys(REASONS).filter((code) => !tested.has(code) && !byPeople.includes(code));
  assert.deepEqual(left, []);
});

test('a record that two databases have is asked about, unless its file is named', () => {
  const both = product('1.0.0', ['1:2019401:3']);
  const digest = digestOf('other');
  const twice: Stored = {
    ...both,
    files: [...both.files, { path: 'db/b.rules', digest, size: 9 }],
    records: [...both.records!, { path: 'db/b.rules', id: '1:2019401:3', line: 4, digest }],
  };
  const found = resolveClaim(parseLocator('pkg:npm/agent@1.0.0 @rec:1:2019401:3'), [twice]);
  const [lack] = found.state === 'lacking' ? found.lacks : [];
  assert.equal(lack?.reason, 'ambiguous');
  assert.deepEqual(lack!.candidates, [
    'pkg:npm/agent@1.0.0#db/a.rules @rec:1:2019401:3',
    'pkg:npm/agent@1.0.0#db/b.rules @rec:1:2019401:3',
  ]);
  for (const candidate of lack!.candidates) {
    assert.equal(resolveClaim(parseLocator(candidate), [twice]).state, 'resolved');
  }
});
