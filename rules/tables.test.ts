import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../tools/rules/update.ts';

const { rows } = readSources();

for (const { record, matches, misses } of rows) {
  test(`${record.id} knows its texts and leaves the others`, () => {
    const pattern = new RegExp(record.like, 'u');
    for (const { code } of matches) assert.match(code, pattern);
    for (const { code } of misses) assert.doesNotMatch(code, pattern);
  });
}

test('no text has two answers: at most one row replaces', () => {
  const texts = rows.flatMap((row) => row.matches.map(({ code }) => [row.record, code] as const));
  for (const [own, text] of texts.filter(([row]) => row.how === 'replaces')) {
    const others = rows
      .map(({ record }) => record)
      .filter((row) => row.table === own.table && row.how === 'replaces' && row.id !== own.id)
      .filter((row) => new RegExp(row.like, 'u').test(text));
    assert.deepEqual(
      others.map(({ id }) => id),
      [],
      `${own.id}: ${text}`,
    );
  }
});
