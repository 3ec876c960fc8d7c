import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget } from '@avow/locator';
import { MAX_DOCUMENT, readDocument } from './document.ts';
import { readClaim } from './intake.ts';
import { nearestNames } from './nearest.ts';

const KNOWN = { target: parseTarget('pkg:npm/agent@4.1.0'), paths: ['lib/send.js'] };
/** A busy machine is no fault; a text that takes a minute is. */
const MAX_MS = 4_000;

function timed(text: string): ReturnType<typeof readClaim> {
  const began = performance.now();
  const intake = readClaim(text, KNOWN);
  const took = performance.now() - began;
  assert.ok(took < MAX_MS, `${Math.round(took)} ms`);
  return intake;
}

const MEGABYTE = 1_000_000;
const TEXTS: Readonly<Record<string, string>> = {
  'a locator of 1 MB': `pkg:npm/${'a'.repeat(MEGABYTE)}@1#b @line:1`,
  'a line of 1 MB': 'a'.repeat(MEGABYTE),
  'a megabyte of line ends': '\n'.repeat(MEGABYTE),
  'a megabyte of blanks': ' '.repeat(MEGABYTE),
  'lines that almost are frames': `${'at a (b) in c:line '.repeat(20)}\n`.repeat(500),
  'lines that almost are files': `in ${'a.b'.repeat(120)}:\n`.repeat(500),
  'lines that almost are alerts': `"gid":1,"signature_id":${'"gid":1,'.repeat(40)}\n`.repeat(500),
  'lines of brackets': `${'(['.repeat(190)}\n`.repeat(500),
  'lines that almost are flows': `feature: ${'a.'.repeat(180)}\n`.repeat(500),
  'files beside what almost are lines': `${'lib/send.js li '.repeat(130)}\n`.repeat(500),
  'almost named functions': `${'function a in '.repeat(140)}\n`.repeat(500),
  'lines that almost are stacks of sensors': `CallTrace: ${'a|'.repeat(900)}\n`.repeat(500),
  'lines that almost are listings': `lib/send.js ${'a['.repeat(900)}\n`.repeat(500),
  'lines that almost are symbols': `${'a`a'.repeat(600)}\n`.repeat(500),
  'lines of ranges without a file': `${'line 1 and '.repeat(180)}\n`.repeat(500),
  'very many file names': `${'lib/send.js '.repeat(160)}\n`.repeat(500),
  'nested JSON': '['.repeat(MEGABYTE),
  'nested objects': '{"runs":'.repeat(100_000),
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`${name}: read in time, and nothing of it is a place`, () => {
    assert.deepEqual(timed(text).locators, []);
  });
}

test('a SARIF log whose artifacts hold each other in a circle', () => {
  const artifacts = [
    { location: { uri: 'a' }, parentIndex: 1 },
    { location: { uri: 'b' }, parentIndex: 0 },
  ];
  const location = {
    physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 3 } },
  };
  const log = {
    runs: [{ artifacts, results: [{ message: { text: 'x' }, locations: [location] }] }],
  };
  const read = readDocument(JSON.stringify(log));
  assert.deepEqual(read?.lines, ['x', 'a:3']);
});

test('a SARIF log of very many results: the first are read, and that there are more is asked', () => {
  const results = Array.from({ length: 200_000 }, () => ({ message: { text: '' } }));
  const text = JSON.stringify({ runs: [{ results }] });
  assert.ok(text.length < MAX_DOCUMENT);
  assert.ok(timed(text).questions.some(({ code }) => code === 'too-long'));
});

test('a document of more than 10 MB is not parsed', () => {
  const text = `{"runs":[${'{},'.repeat(MAX_DOCUMENT / 3)}{}]}`;
  assert.equal(readDocument(text), undefined);
  assert.deepEqual(timed(text).locators, []);
});

test('documents with anything in every field', () => {
  for (const odd of [null, 1, 'x', [], {}, [null], [[{}]], { a: null }]) {
    readDocument(JSON.stringify({ document: odd, runs: odd }));
    readDocument(
      JSON.stringify({ runs: [{ results: [{ message: odd, locations: odd }], artifacts: odd }] }),
    );
    readDocument(
      JSON.stringify({
        document: { csaf_version: '2.0', notes: odd },
        vulnerabilities: [{ notes: odd }],
      }),
    );
  }
});

test('a CSAF document gives the locator of its note', () => {
  const locator = 'pkg:npm/agent@4.1.0#lib/send.js @line:12:3';
  const note = { category: 'details', title: 'Locator', text: locator };
  const what = { category: 'description', text: 'feature: net.http' };
  const document = {
    document: { csaf_version: '2.0' },
    vulnerabilities: [{ notes: [note, what] }],
  };
  const { locators, said, lacks } = readClaim(JSON.stringify(document), KNOWN);
  assert.equal(locators.length, 1);
  assert.deepEqual(said, [{ feature: 'net.http' }]);
  assert.deepEqual(lacks, []);
});

test('bidirectional and look-alike letters name no other file', () => {
  for (const name of ['lib/\u202esj.dnes', 'lib/s\u0435nd.js', 'lib/send\u200b.js']) {
    const { locators } = readClaim(`${name}:12`, KNOWN);
    assert.ok(
      locators.every(({ target }) => !JSON.stringify(target).includes('"send.js"')),
      name,
    );
  }
});

test('the nearest of very many very long names is found in time', () => {
  const names = Array.from(
    { length: 20_000 },
    (_, index) => `${'dir/'.repeat(50)}file-${index}.js`,
  );
  const began = performance.now();
  assert.ok(nearestNames('file-77.js', names)[0]?.endsWith('/file-77.js'));
  assert.ok(performance.now() - began < MAX_MS);
});
