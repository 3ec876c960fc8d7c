import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { Member } from '@avow/formats';
import type { Examination, Feature } from '../result.ts';
import { findCandidates } from './find.ts';

const TARGET = 'pkg:npm/x@1.0.0';

function memberOf(path: string, content: string | Uint8Array): Member {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
}

function examinationWith(features: readonly Feature[]): Examination {
  return { product: { target: TARGET }, features } as unknown as Examination;
}

function placesOf(symptom: string, content: string | Uint8Array): string[] {
  return findCandidates(symptom, examinationWith([]), [memberOf('a.js', content)]).map(
    ({ form, locator }) => `${form} ${locator.split(' ')[1]}`,
  );
}

const HOST = 'evil.example';
const hidden = (encoding: 'hex' | 'base64', before = '') =>
  Buffer.from(before + HOST).toString(encoding);

const FORMS = [
  { content: `let a;\nlet h = "${HOST}";`, place: 'as it is @line:2:10' },
  { content: `"${Buffer.from(`https://${HOST}/x`).toString('base64')}"`, place: 'base64' },
  { content: hidden('base64'), place: 'base64 @line:1:1' },
  { content: hidden('base64', 'a'), place: 'base64 @line:1:3' },
  { content: hidden('base64', 'ab'), place: 'base64 @line:1:4' },
  { content: hidden('hex'), place: 'hex @line:1:1' },
  { content: hidden('hex').toUpperCase(), place: 'hex @line:1:1' },
  { content: hidden('hex').replaceAll(/../g, '\\x$&'), place: 'hex escapes @line:1:1' },
  { content: [...HOST].reverse().join(''), place: 'reversed @line:1:1' },
  { content: Buffer.from(HOST, 'utf16le'), place: 'UTF-16 @off:0x0,24' },
  { content: `é😀 ${HOST}`, place: 'as it is @line:1:5' },
  { content: Uint8Array.of(0xff, ...Buffer.from(HOST)), place: 'as it is @off:0x1,12' },
];

for (const { content, place } of FORMS) {
  test(`a host that is hidden in ${JSON.stringify(content)} is found: ${place}`, () => {
    const places = placesOf(HOST, content);
    assert.ok(
      places.some((found) => found.startsWith(place)),
      `found ${places.join('; ')}`,
    );
  });
}

test('a text that is not there is not found, and short ones only as they are', () => {
  assert.deepEqual(placesOf(HOST, 'evil-example'), []);
  assert.deepEqual(placesOf('abc', '616263 YWJj cba'), []);
});

const FEATURES: readonly Feature[] = [
  ['f1', 'net.http', '@line:1:1', 'fetch("https://evil.example/a")', 'evil.example'],
  ['f2', 'exec.spawn', '@line:2:1', 'exec("ping evil.example")', undefined],
  ['f3', 'net.http', '@line:3:1', 'fetch(url)', undefined],
].map(([id, feature, place, evidence, recipient]) => ({
  id,
  feature,
  locator: `${TARGET}#a.js ${place}`,
  evidence,
  ...(recipient === undefined ? {} : { recipient }),
  when: 'call',
  rule: 'r',
})) as Feature[];

test('features to that recipient come first, then code that names it, then other texts', () => {
  const member = memberOf('a.js', `fetch("https://evil.example/a")\n\n\n// evil.example\n`);
  const found = findCandidates(HOST, examinationWith(FEATURES), [member]);
  assert.deepEqual(
    found.map(({ fit, locator }) => `${fit} ${locator.split(' ')[1]}`),
    ['recipient @line:1:1', 'evidence @line:2:1', 'text @line:4:4'],
  );
});

test('a word of the vocabulary finds all places of that feature', () => {
  const found = findCandidates('net.http', examinationWith(FEATURES), [
    memberOf('a.js', 'net.http'),
  ]);
  assert.deepEqual(
    found.map(({ feature }) => feature?.id),
    ['f1', 'f3'],
  );
});
