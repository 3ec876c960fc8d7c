import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextWatch } from './texts.ts';

function watching(maxWork?: number): TextWatch {
  const texts = new TextWatch(maxWork);
  texts.whole('HOME', 0);
  texts.part('SELECT', 1);
  texts.pattern('select.*from', true, 2);
  return texts;
}

const TEXTS: readonly (readonly [text: string, ids: readonly number[]])[] = [
  ['HOME', [0]],
  ['HOME ', []],
  ['SELECT a FROM b', [1, 2]],
  ['select a\nfrom b', [2]],
  ['selection', []],
];

for (const [text, ids] of TEXTS) {
  test(`${JSON.stringify(text)} is ${ids.length} of what was asked for`, () => {
    assert.deepEqual(watching().idsOf(text), ids);
  });
}

test('texts made for patterns are not run through without end, and it is told', () => {
  const texts = watching(1000);
  const made = (index: number): string => `select ${index} ${'a'.repeat(100)}`;
  for (let index = 0; index < 8; index += 1) texts.idsOf(made(index));
  assert.equal(texts.isCut, false);
  for (let index = 8; index < 20; index += 1) texts.idsOf(made(index));
  assert.equal(texts.isCut, true);
  texts.begin();
  assert.equal(texts.isCut, false);
  assert.deepEqual(texts.idsOf('select a from b'), [2]);
});
