import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '@avow/examine';
import { examinationHtml } from './html.ts';
import { EXAMINATION } from './testdata/examination.ts';

const HOSTILE = `</pre><script src="https://evil.example/x.js"></script><img src=x onerror='alert(1)'>"&\u202e`;

const flow: Flow = {
  id: '0123456789abcdef',
  source: 'env.named',
  destination: 'net.http',
  recipient: HOSTILE,
  transforms: [],
  gate: `env:${HOSTILE}`,
  hops: [
    { role: 'source', locator: 'pkg:npm/x@1.0.0#a.js @line:1:1', evidence: '' },
    { role: 'destination', locator: 'pkg:npm/x@1.0.0#a.js @line:2:1', evidence: '' },
  ],
};

const texts = new Map([['a.js', [HOSTILE, `\tsend(${HOSTILE}, ${'y'.repeat(5000)})`]]]);
const page = examinationHtml(
  { ...EXAMINATION, product: { ...EXAMINATION.product, target: HOSTILE }, flows: [flow] },
  texts,
);

test('texts of the product are shown, never markup', () => {
  assert.doesNotMatch(page, /<script|<img|<iframe|<[^>]*\son\w+=|\u202e/);
  assert.match(page, /&lt;\/pre&gt;&lt;script src=&quot;/);
});

test('the page asks for nothing from elsewhere and forbids it', () => {
  assert.match(
    page,
    /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/,
  );
  const attributes = [...page.matchAll(/\s(?:src|href|action|data)="([^"]*)"/g)].map(
    ([, url]) => url,
  );
  assert.deepEqual(attributes, ['#0123456789abcdef']);
  assert.doesNotMatch(page, /url\(|@import/);
});

test('hops are marked in their lines; very long lines are cut', () => {
  assert.match(page, /class="end"><span class="no">1<\/span>/);
  assert.match(page, /1\. read here/);
  assert.match(page, /2\. leaves here/);
  assert.doesNotMatch(page, /y{500}/);
});

test('without a flow the page says so, and says where no path was found', () => {
  const empty = examinationHtml({ ...EXAMINATION, flows: [] }, new Map());
  assert.match(empty, /No flow was found\./);
  assert.match(empty, /reads an environment variable: not known whether it goes to a file/);
});
