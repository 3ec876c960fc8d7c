import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText, shown, shownWithin } from './shown.ts';

const CASES = [
  { text: 'plain, ünïcode, 日本語, 😀', is: 'plain, ünïcode, 日本語, 😀', because: 'letters stay' },
  { text: 'a\u001b[31mb', is: 'a\\x1b[31mb', because: 'escape sequences' },
  { text: 'a\nb\tc\rd', is: 'a\\nb\\tc\\rd', because: 'lines and tabs' },
  { text: 'x\u202egnp.js', is: 'x\\u{202e}gnp.js', because: 'right-to-left override' },
  {
    text: 'a\u200bb\u00adc\ufeffd',
    is: 'a\\u{200b}b\\xadc\\u{feff}d',
    because: 'invisible characters',
  },
  { text: 'a\u2028b\u0085c', is: 'a\\u{2028}b\\x85c', because: 'other ends of lines' },
  { text: 'a\ud800b', is: 'a\\u{d800}b', because: 'half a character' },
  { text: '\u{e0041}', is: '\\u{e0041}', because: 'tags' },
  { text: 'a\u3164b', is: 'a\\u{3164}b', because: 'a filler that looks like nothing' },
];

for (const { text, is, because } of CASES) {
  test(`shown: ${because}`, () => assert.equal(shown(text), is));
}

test('JSON shows the same of a text, and is read as that text', () => {
  const texts = CASES.map(({ text }) => text).filter((text) => text.isWellFormed());
  const printed = jsonText({ texts }, 1);
  for (const line of printed.split('\n')) assert.equal(shown(line), line);
  assert.deepEqual(JSON.parse(printed), { texts });
  assert.equal(jsonText('ünï\u009b😀\u{e0041}'), '"ünï\\u009b😀\\udb40\\udc41"\n');
});

test('text is cut with a sign, never in the middle of a character', () => {
  assert.equal(shownWithin('abcdef', 6), 'abcdef');
  assert.equal(shownWithin('abcdefg', 6), 'abcde…');
  assert.equal(shownWithin('😀😀😀😀', 4), '😀…');
  assert.ok(shownWithin('\u001b'.repeat(1_000_000), 10).length <= 10);
});
