import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import { foldedLine } from './fold.ts';
import { sourceRows } from './rows.ts';

const MINIFIED = 'a.b(c,d);function e(f){return f+1}'.repeat(2000);

test('a minified line is shown in pieces that are the line again, each at its true column', () => {
  const pieces = foldedLine(MINIFIED);
  assert.equal(pieces.map(({ text }) => text).join(''), MINIFIED);
  for (const { column, text } of pieces) {
    assert.ok(text.length <= 160);
    assert.ok(MINIFIED.startsWith(text, column - 1));
  }
});

test('a line of characters in two halves is never cut between them', () => {
  const text = `x${'😀'.repeat(500)}`;
  assert.ok(foldedLine(text).every((piece) => piece.text.isWellFormed()));
});

test('of a minified line the pieces around the column are shown, and that alone is marked', () => {
  const view = sourceRows(
    utf8Bytes(`1\n${MINIFIED}\n3`),
    { line: 2, column: 30_000 },
    { line: 2 },
    5,
  );
  const marked = view!.lines.filter(({ isPlace }) => isPlace);
  assert.equal(marked.length, 1);
  const { at, column = 1, text } = marked[0]!;
  assert.equal(at, '2');
  assert.ok(column <= 30_000 && 30_000 < column + text.length);
  assert.ok(view!.lines.length <= 13, 'and few others');
});

test('a line that the text does not have is no place', () => {
  assert.equal(sourceRows(utf8Bytes('1\n2'), { line: 3 }, { line: 3 }, 5), undefined);
});

test('lines of people are shown as they are', () => {
  const view = sourceRows(utf8Bytes('one\ntwo\nthree'), { line: 2 }, { line: 2 }, 1);
  assert.deepEqual(view!.lines, [
    { at: '1', text: 'one', isPlace: false },
    { at: '2', text: 'two', isPlace: true },
    { at: '3', text: 'three', isPlace: false },
  ]);
  assert.deepEqual([view!.start, view!.end], [4, 7]);
});
