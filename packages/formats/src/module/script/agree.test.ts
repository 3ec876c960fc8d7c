import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWithBabel } from './babel.ts';
import { firstDifference } from './difference.ts';
import { readWithMeriyah } from './meriyah.ts';
import { readWithOxc } from './oxc.ts';
import { COMMONJS, MODULES, MORE_TYPED, SCRIPTS, TSX, TYPED } from './testdata/syntaxes.ts';
import type { ScriptTree } from './tree.ts';

test('JavaScript as a script', () => agreeAll(SCRIPTS, 'script', 'js'));
test('JavaScript under CommonJS', () => agreeAll(COMMONJS, 'commonjs', 'js'));
test('JavaScript and JSX as a module', () => agreeAll(MODULES, 'module', 'js'));
test('TypeScript', () => agreeAll([...TYPED, ...MORE_TYPED], 'module', 'ts'));
test('TSX', () => agreeAll(TSX, 'module', 'tsx'));
test('Babel gives the trees of meriyah', () => {
  const differences = [
    ...SCRIPTS.map((text) => [text, 'script'] as const),
    ...MODULES.map((text) => [text, 'module'] as const),
  ]
    .map(([text, goal]) =>
      difference(
        text,
        () => readWithMeriyah(text, goal),
        () => readWithBabel(text, 'flow', goal),
      ),
    )
    .filter((each) => each !== undefined);
  assert.deepEqual(differences, []);
});

test('a difference is seen', () => {
  const tree = readWithMeriyah('a = b', 'script');
  assert.equal(firstDifference(tree, readWithMeriyah('a = b', 'script')), undefined);
  for (const other of ['a = c', 'a == b', 'a = b;', 'a = b.c', ' a = b']) {
    assert.notEqual(firstDifference(tree, readWithMeriyah(other, 'script')), undefined, other);
  }
});

function agreeAll(
  texts: readonly string[],
  goal: ScriptTree['goal'],
  language: 'js' | 'ts' | 'tsx',
): void {
  const differences = texts
    .map((text) =>
      difference(
        text,
        () => readWithOxc(text, language, goal),
        () =>
          language === 'js' ? readWithMeriyah(text, goal) : readWithBabel(text, language, goal),
      ),
    )
    .filter((each) => each !== undefined);
  assert.deepEqual(differences, []);
}

function difference(text: string, ours: () => ScriptTree, theirs: () => ScriptTree): unknown {
  const trees: ScriptTree[] = [];
  for (const [who, read] of [
    ['first', ours],
    ['second', theirs],
  ] as const) {
    try {
      trees.push(read());
    } catch (error) {
      return `${who}: ${(error as Error).message}: ${text}`;
    }
  }
  const found = firstDifference(trees[0]!, trees[1]!);
  return found === undefined ? undefined : { text, ...found };
}
