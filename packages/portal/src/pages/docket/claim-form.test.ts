import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from './claim-form.ts';

const PRODUCT = { product: 'npm:@scope/thing@1.0.0', module: 'lib/a b.js' };
const AT = 'pkg:npm/%40scope/thing@1.0.0#lib/a%20b.js';
const CASES: readonly (readonly [string, Record<string, string>, string])[] = [
  ['line and column', { ...PRODUCT, place: '4:1' }, `${AT} @line:4:1`],
  ['as a stack trace has it', { ...PRODUCT, place: 'a.js:4:1' }, `${AT} @line:4:1`],
  ['a line in words', { ...PRODUCT, place: 'line 12' }, `${AT} @line:12`],
  [
    'an address, for the intake to read',
    { product: 'pkg:npm/thing@1', module: 'libscan.so', place: 'libscan.so+0x1a2f0' },
    'product: pkg:npm/thing@1\nmodule: libscan.so\nlibscan.so+0x1a2f0',
  ],
  ['a whole locator', { place: `${AT} @line:4:1` }, `${AT} @line:4:1`],
  ['nothing', {}, ' '],
];
for (const [what, fields, text] of CASES) {
  test(`a place typed as ${what} is handed in as it was meant`, () => {
    assert.equal(textOf(fields), text);
  });
}

test('what was seen follows, as it was typed', () => {
  const text = textOf({ place: 'x', feature: 'net.http', seen: 'one\ntwo' });
  assert.equal(text, 'x\nfeature: net.http\n\none\ntwo');
});
