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

/** Features of one module, each with an id of its own as results have them. */
function native(path: string, ids: string, words = ['exec.spawn', 'net.tcp', 'cred.ssh-pgp']) {
  return words.map((word, at) => ({
    ...feature(`${ids}${at}`, word),
    locator: `pkg:npm/x@1.0.0#${path} @va:0x${at + 1}000`,
    evidence: `call ${word}`,
  }));
}

function addon(path: string, content: string): ExaminedModule {
  return { ...module(path, content), kind: 'elf' };
}

test('machine code that was renamed is the same module, also when it was built anew', () => {
  for (const content of ['same', 'other']) {
    const old = examination(native('build/a.node', 'a'), [addon('build/a.node', 'same')]);
    const now = examination(
      [...native('build/b%2Bc.node', 'b'), ...native('build/b%2Bc.node', 'c', ['screen'])],
      [addon('build/b+c.node', content)],
    );
    const { features, modules } = diffExaminations(old, now);
    assert.deepEqual(
      features.gained.map((one) => one.feature),
      ['screen'],
    );
    assert.deepEqual(features.lost, []);
    const isChanged = content === 'other' ? { isChanged: true } : {};
    assert.deepEqual(modules.moved, [{ from: 'build/a.node', to: 'build/b+c.node', ...isChanged }]);
    assert.deepEqual([modules.added, modules.removed], [[], []]);
  }
});

test('of builds for several platforms each is paired with that of its folder', () => {
  const platforms = ['linux-x64', 'linux-arm64'];
  const [old, now] = ['a', 'b'].map((name) =>
    examination(
      platforms.flatMap((platform) => native(`${platform}/${name}.node`, platform + name)),
      platforms.map((platform) => addon(`${platform}/${name}.node`, platform + name)),
    ),
  );
  assert.deepEqual(
    diffExaminations(old!, now!).modules.moved.map(({ from, to }) => `${from} ${to}`),
    ['linux-arm64/a.node linux-arm64/b.node', 'linux-x64/a.node linux-x64/b.node'],
  );
});

test('a module that does other things is another module, and a place in another function is news', () => {
  const old = examination(native('a.node', 'a'), [addon('a.node', 'a')]);
  const other = examination(native('b.node', 'b', ['screen', 'camera', 'location']), [
    addon('b.node', 'b'),
  ]);
  assert.deepEqual(diffExaminations(old, other).modules.added, ['b.node']);
  const few = (path: string) => examination(native(path, path, ['screen']), [addon(path, path)]);
  assert.equal(diffExaminations(few('x/a.node'), few('x/b.node')).modules.moved.length, 1);
  assert.equal(diffExaminations(few('x/a.node'), few('y/b.node')).modules.moved.length, 0);
  const moved = examination(native('a.node', 'b'), [addon('a.node', 'b')]);
  assert.equal(diffExaminations(old, moved).features.gained.length, 3);
});
