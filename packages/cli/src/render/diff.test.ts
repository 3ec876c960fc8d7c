import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffExaminations, type Examination, type Flow } from '@avow/examine';
import { diffText } from './diff.ts';
import { PLAIN } from './terminal.ts';
import { EXAMINATION } from './testdata/examination.ts';

const WHOLE: Examination = {
  ...EXAMINATION,
  modules: [EXAMINATION.modules[0]!],
  unknowns: [],
  coverage: { ...EXAMINATION.coverage, bytesRead: EXAMINATION.coverage.bytes },
};
const BEFORE: Examination = {
  ...WHOLE,
  features: WHOLE.features.filter(({ id }) => id === 'f1'),
};

const textOf = (before: Examination, after: Examination) =>
  diffText(diffExaminations(before, after), PLAIN, false);

test('what is new in kind stands first, with its places, and is the last word too', () => {
  const text = textOf(BEFORE, WHOLE);
  assert.match(
    text,
    /^pkg:.*\n\nWhat the new can do that the old could not\n {2}reads an environment/,
  );
  assert.match(text, /package\.json:8:5/);
  assert.match(text.trimEnd().split('\n').at(-1)!, /^New: reads an environment variable; runs at/);
});

test('the same release twice has nothing new, and says so only when all was read', () => {
  assert.match(textOf(WHOLE, WHOLE), /No new feature was found\.\n$/);
  assert.match(textOf(EXAMINATION, EXAMINATION), /Not everything was read/);
});

test('what is gone is told after what is new', () => {
  assert.match(
    textOf(WHOLE, BEFORE),
    /nothing found\n[\s\S]*What the new no longer does\n {2}reads an env/,
  );
});

const FLOW: Flow = {
  id: 'f10a',
  source: 'cred.ssh-pgp',
  destination: 'net.http',
  recipient: 'old.example',
  transforms: [],
  hops: WHOLE.features.slice(0, 1).flatMap(({ locator, evidence }) => [
    { role: 'source', locator, evidence },
    { role: 'destination', locator, evidence },
  ]),
};

test('data on new ways comes before all, ways that it no longer takes after all that is new', () => {
  const withFlow: Examination = { ...WHOLE, flows: [FLOW] };
  assert.match(
    textOf(BEFORE, withFlow),
    /^pkg:.*\n\nData on new ways\n {2}\+ .*[\s\S]*What the new can do/,
  );
  const text = textOf({ ...BEFORE, flows: [FLOW] }, WHOLE);
  assert.match(text, /What the new can do[\s\S]*\n\nWays that data no longer takes\n {2}- /);
});

test('no line is wider than the terminal', () => {
  const long = 'a'.repeat(300);
  const features = WHOLE.features.map((feature) => ({
    ...feature,
    evidence: long,
    recipient: long,
  }));
  const text = textOf(BEFORE, { ...WHOLE, features, flows: [{ ...FLOW, recipient: long }] });
  assert.deepEqual(
    text.split('\n').filter((line) => line.length > PLAIN.columns),
    [],
  );
});
