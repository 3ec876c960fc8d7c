import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { Examination, Feature } from '@avow/examine';
import { answerClaim, intakeOf } from './answer.ts';
import type { Nearby } from './meant.ts';
import type { ReasonCode } from './reasons.ts';
import { releaseOf, type Stored } from './stored.ts';

/** Whatever a claim lacks, it comes with something to choose from. */
const TARGET = 'pkg:npm/agent@1.0.0';

function feature(name: Feature['feature'], tail: string): Feature {
  return {
    id: `${name}${tail}`,
    feature: name,
    locator: `${TARGET}#${tail}`,
    evidence: 'x',
    when: 'call',
    rule: 'x',
  };
}

function product(target = TARGET): Stored {
  const paths = ['lib/send.js', 'lib/store.js', 'db/a.rules'];
  const files = paths.map((path) => ({ path, digest: digestOf(path), size: 90 }));
  const modules = files
    .slice(0, 2)
    .map((one) => ({ ...one, kind: 'script' as const, state: 'read' as const }));
  const examination: Examination = {
    schema: 'avow.examination/1',
    engine: { version: '0', digest: digestOf('engine') },
    rules: { update: 1, digest: digestOf('rules') },
    product: { target, digest: digestOf(target), size: 270 },
    modules,
    databases: [],
    features:
      target === TARGET
        ? [
            feature('net.http', 'lib/send.js @line:3:1'),
            feature('file.write', 'lib/store.js @line:2:1'),
          ]
        : [],
    flows: [],
    unknowns: [],
    findings: [],
    coverage: {
      bytes: 270,
      bytesRead: 270,
      modules: 2,
      modulesRead: 2,
      records: 1,
      recordsUnderstood: 1,
    },
    answer: 'no-declaration',
  };
  return {
    examination,
    files,
    records: [{ path: 'db/a.rules', id: '1:2019401:3', line: 1, digest: digestOf('record') }],
    lineLengths: (path) =>
      path.endsWith('.js')
        ? Array.from({ length: target === TARGET ? 4 : 400 }, () => 20)
        : undefined,
    functionsOf: (path) =>
      path.endsWith('.js')
        ? [{ name: 'send', start: { line: 2, column: 1 }, end: { line: 4, column: 2 } }]
        : undefined,
  };
}

const ONE = product();
const OTHER = releaseOf(product('pkg:npm/agent@2.0.0'));
const NEARBY: Nearby = { releases: [OTHER], names: ['npm/agent', 'npm/angler'] };

/** What is written, with what it is held against, and what must be among the nearest. */
const LACKING: readonly (readonly [
  text: string,
  reason: ReasonCode,
  near: RegExp,
  all?: readonly Stored[],
])[] = [
  ['the agent package phones home', 'missing-product', /pkg:npm\/agent/, []],
  [
    'pkg:npm/agent#lib/send.js @line:3\nfeature: net.http',
    'missing-version',
    /agent@[12]\.0\.0/,
    [],
  ],
  ['feature: net.http', 'missing-module', /net\.http .*send\.js @line:3:1/],
  ['it is bad', 'missing-module', /net\.http|send\.js/],
  ['Module: lib/send.js\nfeature: net.http', 'missing-place', /net\.http .*@line:3:1/],
  ['sid:2019401\nfeature: net.http', 'missing-record', /1:2019401:3/],
  [`${TARGET}#lib/send.js @line:3`, 'missing-feature', /net\.http/],
  [
    `${TARGET}#lib/send.js @line:3\n${TARGET}#lib/store.js @line:2\nfeature: net.http`,
    'ambiguous',
    /store\.js @line:2/,
  ],
  ['pkg:npm/agemt@1.0.0#lib/send.js @line:3\nfeature: net.http', 'no-such-product', /npm\/agent/],
  [
    'pkg:npm/agent@3.0.0#lib/send.js @line:3\nfeature: net.http',
    'no-such-version',
    /agent@1\.0\.0/,
  ],
  [`${TARGET}#lib/sned.js @line:3\nfeature: net.http`, 'no-such-module', /lib\/send\.js/],
  [`${TARGET}#zz @line:3\nfeature: camera`, 'no-such-module', /lib\//],
  [`${TARGET}#lib/send.js @line:99\nfeature: net.http`, 'outside-image', /^net\.http .*@line:3:1/],
  [
    `${TARGET}#lib/send.js @line:99\nfeature: net.http`,
    'outside-image',
    /agent@2\.0\.0#lib\/send\.js @line:99/,
  ],
  [`${TARGET}#lib/send.js @sym:sent\nfeature: net.http`, 'no-such-symbol', /^send$/],
  [`${TARGET}#lib/send.js @all\nfeature: net.http`, 'missing-place', /@line:/],
  [`${TARGET}#db/a.rules @rec:1:2019400:3\nfeature: net.http`, 'no-such-record', /1:2019401:3/],
];

for (const [text, reason, near, all = [ONE]] of LACKING) {
  test(`${reason} of ${JSON.stringify(text)} comes with ${near}`, () => {
    const answer = answerClaim(intakeOf(text, all), all, NEARBY);
    const lacks = answer.state === 'lacking' ? answer.lacks : [];
    const found = lacks.find((one) => one.reason === reason);
    assert.ok(found !== undefined, JSON.stringify(lacks));
    assert.ok(
      found.candidates.some((one) => near.test(one)),
      found.candidates.join('\n') || 'nothing is near',
    );
  });
}
