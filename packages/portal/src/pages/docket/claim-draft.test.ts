import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftFields, draftText } from './claim-draft.ts';

const DRAFTS: readonly Readonly<Record<string, string>>[] = [
  { product: 'npm:x@1', place: 'at f (a.js:1:2)\nat g (b.js:3:4)', feature: 'net.http' },
  { seen: 'first\n\nplace: this is text, and no label\n\tindented' },
  { place: '' },
];
for (const fields of DRAFTS) {
  test(`what was typed comes back as it was: ${JSON.stringify(fields)}`, () => {
    const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
    const text = draftText(fields);
    assert.deepEqual(text === '' ? {} : draftFields(text), filled);
  });
}

test('a draft that another program wrote is shown whole', () => {
  const text = 'pkg:npm/x@1#a.js @line:3\nfeature: net.http';
  assert.deepEqual(draftFields(text), { place: text });
});
