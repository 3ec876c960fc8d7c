import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { Examination, ExaminedModule, Feature } from '../result.ts';
import { diffExaminations } from './diff.ts';

function feature(id: string, word: string, recipient?: string, when = 'call'): Feature {
  return {
    id,
    feature: word,
    locator: `pkg:npm/x@1.0.0#a.js @line:1:1`,
    evidence: '',
    when,
    rule: 'r',
    ...(recipient === undefined ? {} : { recipient }),
  } as Feature;
}

function module(path: string, content: string, state = 'read'): ExaminedModule {
  return { path, kind: 'script', digest: digestOf(content), size: 1, state } as ExaminedModule;
}

function examination(
  features: readonly Feature[],
  modules: readonly ExaminedModule[],
): Examination {
  const coverage = { bytes: 1, bytesRead: 1, modules: 1, modulesRead: 1 };
  const product = { target: 'pkg:npm/x@1.0.0', digest: digestOf(''), size: 1 };
  return {
    product,
    features,
    flows: [],
    modules,
    unknowns: [],
    coverage,
  } as unknown as Examination;
}

const before = examination(
  [
    feature('1', 'net.http', 'a.example'),
    feature('2', 'net.http', 'b.example'),
    feature('3', 'file.write'),
    feature('4', 'exec.spawn', 'ls'),
  ],
  [
    module('kept.js', 'k'),
    module('changed.js', 'c1'),
    module('old.js', 'm'),
    module('gone.js', 'g'),
  ],
);

const after = examination(
  [
    feature('1', 'net.http', 'a.example'),
    feature('5', 'net.http', 'c.example'),
    feature('6', 'exec.spawn', 'ls', 'install'),
    feature('7', 'clipboard.read'),
  ],
  [
    module('kept.js', 'k'),
    module('changed.js', 'c2'),
    module('new.js', 'm'),
    module('come.js', 'n'),
  ],
);

const diff = diffExaminations(before, after);

test('what the new release can do and the old could not is told first, in the order of the vocabulary', () => {
  assert.deepEqual(diff.abilities.gained, [
    { feature: 'clipboard.read' },
    { feature: 'exec.spawn', when: 'install' },
  ]);
  assert.deepEqual(diff.abilities.lost, [{ feature: 'file.write' }]);
});

test('of what both can do, other recipients are told', () => {
  assert.deepEqual(diff.recipients, [
    { feature: 'net.http', gained: ['c.example'], lost: ['b.example'] },
  ]);
});

test('features are compared by id, modules by digest', () => {
  assert.deepEqual(
    diff.features.gained.map(({ id }) => id),
    ['5', '6', '7'],
  );
  assert.deepEqual(
    diff.features.lost.map(({ id }) => id),
    ['2', '3', '4'],
  );
  assert.deepEqual(diff.modules, {
    added: ['come.js'],
    removed: ['gone.js'],
    changed: ['changed.js'],
    moved: [{ from: 'old.js', to: 'new.js' }],
  });
});

test('a release compared with itself has not changed', () => {
  const same = diffExaminations(before, before);
  assert.deepEqual(same.abilities, { gained: [], lost: [] });
  assert.deepEqual(same.recipients, []);
  assert.deepEqual(same.features, { gained: [], lost: [] });
  assert.deepEqual(same.modules, { added: [], removed: [], changed: [], moved: [] });
});

test('a release that was not wholly read says so', () => {
  const partly = examination([], [module('a.js', 'a', 'unread')]);
  assert.deepEqual([diffExaminations(partly, after).old.isWhole, diff.old.isWhole], [false, true]);
});
