import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diffDatabases, Sight } from '@avow/examine/record';
import { Page } from './page.ts';
import { recordDiffSection } from './record-diff.ts';
import { recordDiffHtml } from './record-diff-html.ts';
import { recordDiffJson } from './record-diff-json.ts';
import { PLAIN } from './terminal.ts';

const SIGHT = new Sight(
  JSON.parse(
    readFileSync(new URL('../../../../rules/records/update.json', import.meta.url), 'utf8'),
  ),
);
const list = (text: string) => [
  { path: 'l.txt', bytes: Buffer.from(`! Title: t\n! Version: 1\n${text}`) },
];
const DIFF = diffDatabases(
  list('||a.example^\n'),
  list(
    '||a.example^\n||b.example^$csp=font-src * data: blob:\nc.example#%#\u001b[2J<img src=x onerror=alert(1)>\u202e\n',
  ),
  SIGHT,
);

test('the text says first what records do now, then each that matters with its text, then totals', () => {
  const page = new Page(PLAIN);
  recordDiffSection(page, DIFF);
  const lines = page.text().split('\n');
  assert.match(lines[0]!, /database updates/);
  assert.match(lines[1]!, /^ {2}ALARM: l\.txt: update 1 stands for sha256:/);
  assert.match(lines[2]!, /^ {2}1 record now weakens the security of pages \(adblock\)/);
  assert.ok(lines.some((line) => line.includes('+ ||b.example^$csp=font-src * data: blob:')));
  assert.ok(lines.some((line) => line.includes('2 added; 3 records now.')));
  assert.ok(!page.text().includes('\u001b['));
});

test('the page has both sides, loads nothing and obeys no text of a record', () => {
  const html = recordDiffHtml(DIFF, ['old', 'new <b>']);
  assert.match(html, /default-src 'none'/);
  assert.match(html, /role="alert"/);
  assert.match(html, /new &lt;b&gt;/);
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/);
  assert.doesNotMatch(html, /<img|<script|[\u001b\u202e]/);
});

test('the document has every change with place, digest and raw text', () => {
  const { databases, totals } = JSON.parse(JSON.stringify(recordDiffJson(DIFF)));
  assert.equal(totals.added, 2);
  assert.deepEqual(
    databases[0].changes.map(
      ({ kinds, new: now }: { kinds: string[]; new: { line: number; raw: string } }) => [
        kinds[0],
        now.line,
        now.raw.slice(0, 12),
      ],
    ),
    [
      ['added', 4, '||b.example^'],
      ['added', 5, 'c.example#%#'],
    ],
  );
});
