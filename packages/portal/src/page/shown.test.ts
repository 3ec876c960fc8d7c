import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from 'hono/html';
import { localPath } from '../settings/look.ts';
import { plainly, shown, shownWithin } from './shown.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['markup', '<script>&"\'', '<bdi>&lt;script&gt;&amp;&quot;&#39;</bdi>'],
  ['letters of any script', 'имя 名前', '<bdi>имя 名前</bdi>'],
  ['text that reads backwards', 'a\u202eb', '<bdi>a<span class="odd">\\u{202e}</span>b</bdi>'],
  [
    'control characters',
    'a\u0000\u001b[31m\n',
    '<bdi>a<span class="odd">\\x00</span><span class="odd">\\x1b</span>[31m<span class="odd">\\n</span></bdi>',
  ],
  ['half a character', '\ud800<', '<bdi><span class="odd">\\u{d800}</span>&lt;</bdi>'],
  ['characters of no width', 'a\u200bb', '<bdi>a<span class="odd">\\u{200b}</span>b</bdi>'],
];
for (const [what, text, expected] of CASES) {
  test(`${what}: shown, and cannot act`, async () => {
    const template = html`${shown(text)}`;
    assert.equal(String(await template), expected);
  });
}

test('a title says what would act or mislead, and is plain text', () => {
  assert.equal(plainly('a\u202e<b>'), 'a\\u{202e}<b>');
});

test('a long text is cut, never in the middle of a character', () => {
  assert.equal(String(shownWithin('a😀b', 3)), '<bdi>a…</bdi>');
  assert.equal(String(shownWithin('abc', 3)), '<bdi>abc</bdi>');
});

for (const [path, to] of [
  ['/products?q=a', '/products?q=a'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/a\nb', '/'],
  ['undefined', '/'],
] as const) {
  test(`after a choice one goes from ${JSON.stringify(path)} to ${to}`, () => {
    assert.equal(localPath(path), to);
  });
}
