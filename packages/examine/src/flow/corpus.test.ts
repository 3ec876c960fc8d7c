import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VOCABULARY } from '@avow/declare';
import { measure, type Outcome } from './testdata/measure.ts';
import { examineFiles, readCorpus, readRules } from './testdata/run.ts';

const rules = readRules();
const corpus = readCorpus();
const outcomes: Outcome[] = [];

for (const labelled of corpus) {
  const says =
    labelled.nearMiss ?? labelled.flows.map((flow) => `${flow.source} -> ${flow.destination}`);
  test(`${labelled.name}: ${says}`, async () => {
    const { flows } = await examineFiles(labelled.files, rules);
    const outcome = measure(labelled, flows);
    outcomes.push(outcome);
    const faults = [
      ...outcome.missed.map((flow) => `missed ${flow}`),
      ...outcome.wrong.map((flow) => `wrong ${flow}`),
    ];
    if (labelled.fails === undefined) assert.deepEqual(faults, []);
    else assert.notDeepEqual(faults, [], 'it is met now: take the mark away');
  });
}

test('flows and their lines are found, and few others', () => {
  const count = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((all, one) => all + of(one), 0);
  const found = count((one) => one.found);
  const recall = found / (found + count(({ missed }) => missed.length));
  const precision = found / (found + count(({ wrong }) => wrong.length));
  const lines = count((one) => one.lines);
  const lineRecall = lines / (lines + count(({ missedLines }) => missedLines.length));
  const linePrecision = lines / (lines + count(({ wrongLines }) => wrongLines.length));
  const reached = { recall, precision, lineRecall, linePrecision };
  for (const [name, value] of Object.entries(reached)) {
    console.log(`${name} ${(value * 100).toFixed(1)} %`);
    assert.ok(value >= 0.95, `${name} is ${value}`);
  }
});

test('the corpus holds every source and every destination, and near-misses', () => {
  const told = new Set(
    corpus.flatMap(({ flows }) => flows.flatMap((one) => [one.source, one.destination])),
  );
  const words = Object.entries(VOCABULARY).filter(
    ([, { group }]) => group === 'source' || group === 'destination',
  );
  assert.deepEqual(
    words.map(([id]) => id).filter((id) => !told.has(id)),
    [],
  );
  assert.ok(corpus.length >= 150);
  assert.ok(corpus.filter(({ nearMiss }) => nearMiss !== undefined).length >= 60);
});

test('docs/flows.md lists every case that is not met, with its reason, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/flows.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(
    ([, name, why]) => `${name}: ${why}`,
  );
  const failing = corpus.filter(({ fails }) => fails !== undefined);
  assert.deepEqual(
    listed,
    failing.map(({ name, fails }) => `${name}: ${fails}`),
  );
});

test('the same files give the same flows in the same order', async () => {
  for (const { files } of corpus.filter(({ flows }) => flows.length > 1)) {
    const once = await examineFiles(files, rules);
    const turned = await examineFiles([...files].reverse(), rules);
    assert.deepEqual(turned.flows, once.flows);
  }
});
