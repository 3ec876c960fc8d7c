import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Words } from './words.ts';

const words = (text: string): Words => new Words(new TextEncoder().encode(text));

test('a word of the text is never said to be missing, at its ends neither', () => {
  const text = 'first.second($third, [_4th])\nlast';
  for (const word of ['first', 'second', '$third', '_4th', 'last']) {
    assert.ok(words(text).mayHold(word), word);
  }
});

test('a part of a word is not the word', () => {
  assert.equal(words('const onmessage = 1;').mayHold('message'), false);
});

test('what is written in other letters may always be there', () => {
  assert.ok(words('x').mayHold('näme'));
});

test('of many words that are not there, few are let through', () => {
  const text = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ');
  const filter = words(text);
  let wrong = 0;
  for (let index = 0; index < 2000; index += 1) if (filter.mayHold(`other${index}`)) wrong += 1;
  assert.ok(wrong < 400, `${wrong} of 2000`);
});
