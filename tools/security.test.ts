import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const PAGE = readFileSync('docs/security.md', 'utf8');
const NAMED = /`([\w./-]+\.test\.ts)` “([^”]+)”/g;

test('every test that docs/security.md names is there', () => {
  const missing = [...PAGE.matchAll(NAMED)]
    .map(([, file, title]) => ({ file: file!, title: title! }))
    .filter(
      ({ file, title }) => !readFileSync(file, 'utf8').replaceAll("\\'", "'").includes(title),
    );
  assert.deepEqual(missing, []);
});

test('every requirement has a test', () => {
  const rows = PAGE.split('\n').filter((line) => /^\| (?!-|risk|fault|program)/.test(line));
  assert.ok(rows.length > 25, `${rows.length} rows`);
  assert.deepEqual(
    rows.filter((row) => row.match(NAMED) === null),
    [],
  );
});
