import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position } from '@avow/locator';
import { PLAIN } from '../terminal.ts';
import { sourceLines } from './source.ts';

function view(
  text: string,
  start: Position,
  end: Position = start,
  context = 1,
): string[] | undefined {
  return sourceLines(Buffer.from(text), { start, end, context }, { ...PLAIN, columns: 40 });
}

test('the column is marked beneath its character', () => {
  assert.deepEqual(view('a\nlet b = 1;\nc', { line: 2, column: 5 }), [
    '  1 | a',
    '> 2 | let b = 1;',
    '    |     ^',
    '  3 | c',
  ]);
});

test('a range is marked from its first to its last column', () => {
  assert.deepEqual(view('abcdef', { line: 1, column: 2 }, { line: 1, column: 5 }), [
    '> 1 | abcdef',
    '    |  ^^^',
  ]);
});

test('of a long line the part with the place is shown, and the mark is still beneath it', () => {
  const line = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
  const [source, mark] = view(line, { line: 1, column: 501 }, { line: 1, column: 505 })!;
  assert.equal(source!.slice(mark!.indexOf('^'), mark!.lastIndexOf('^') + 1), 'HERE');
  assert.ok(source!.length <= 40);
});

test('tabs are blanks, and the mark is still beneath its character', () => {
  assert.deepEqual(view('\tif (a)\n\t\tgo();', { line: 2, column: 3 }), [
    '  1 |   if (a)',
    '> 2 |     go();',
    '    |     ^',
  ]);
});

test('escapes before the place move the mark along', () => {
  const [source, mark] = view('"\u202e";x', { line: 1, column: 5 })!;
  assert.equal(source![mark!.indexOf('^')], 'x');
});

test('lines end as results count them, and a line that is not there is not shown', () => {
  assert.equal(
    view('a\r\nb\rc\u2028d', { line: 3, column: 3 }, undefined, 0)![0],
    '> 3 | c\\u{2028}d',
  );
  assert.equal(view('a\nb', { line: 3 }), undefined);
});
