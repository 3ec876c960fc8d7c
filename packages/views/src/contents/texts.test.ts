import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextColumn, Texts } from './texts.ts';

function textsOf(...all: readonly string[]): Texts {
  const column = new TextColumn();
  for (const one of all) column.push(one);
  const { bytes, ends } = column.done();
  return new Texts(bytes, ends);
}

const TEXTS = ['', 'getenv', 'GetEnv', 'x', 'имя', 'ge', 'tenv', 'a'.repeat(9_000)];
const texts = textsOf(...TEXTS);

test('each text is told as it was, a long one cut', () => {
  assert.deepEqual(
    TEXTS.map((_, index) => texts.at(index)),
    [...TEXTS.slice(0, -1), 'a'.repeat(4_096)],
  );
});

const FOUND: readonly (readonly [string, number, number, readonly number[]])[] = [
  ['GETENV', 0, 9, [1, 2]],
  ['getenv', 2, 9, [2]],
  ['getenv', 0, 1, [1]],
  // "ge" and "tenv" stand side by side, and are two texts all the same.
  ['getenv', 3, 9, []],
  ['имя', 0, 9, [4]],
  ['ИМЯ', 0, 9, []],
  ['x', 0, 9, [3]],
  ['aa', 0, 9, [7]],
  ['nothing', 0, 9, []],
  ['e', 8, 9, []],
];
for (const [words, from, limit, found] of FOUND) {
  test(`"${words}" from ${from} on, ${limit} at most, is in ${found.join(', ') || 'none'}`, () => {
    assert.deepEqual(texts.find(words, from, limit), found);
  });
}

test('what is found is what every text says by itself', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const word = (most: number) =>
    Array.from({ length: random(most) }, () => 'abAB'[random(4)]).join('');
  for (let round = 0; round < 200; round++) {
    const all = Array.from({ length: 1 + random(20) }, () => word(9));
    const wanted = word(4) || 'a';
    const expected = all.flatMap((text, index) =>
      text.toLowerCase().includes(wanted.toLowerCase()) ? index : [],
    );
    assert.deepEqual(
      textsOf(...all).find(wanted, 0, 99),
      expected,
      JSON.stringify({ all, wanted }),
    );
  }
});
