import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { examinationText } from './examination.ts';
import { PLAIN } from './terminal.ts';
import { EXAMINATION } from './testdata/examination.ts';

const OPTIONS = { isQuiet: false, isFull: false };
const text = examinationText(EXAMINATION, PLAIN, OPTIONS);

test('the summary comes first: what leaves, what is read, what happens at installation', () => {
  const headings = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  assert.deepEqual(headings.slice(0, 4), [
    'What leaves',
    'What is read',
    'What happens at installation',
    'Power over the machine',
  ]);
  assert.match(text, /speaks HTTP +evil\.example; 1 computed/);
  assert.match(text, /runs at installation +node lib\/a\.js/);
});

test('each feature stands at its file, line and column', () => {
  assert.match(text, /lib\/a\.js\n +12:3 +call +fetch\(/);
});

test('no line is wider than the terminal', () => {
  for (const columns of [80, 120]) {
    const wide = examinationText(EXAMINATION, { ...PLAIN, columns }, OPTIONS)
      .split('\n')
      .filter((line) => line.length > columns);
    assert.deepEqual(wide, []);
  }
});

test('hostile text cannot move the cursor, hide or reverse', () => {
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.match(text, /\\x1b\[2J\\u\{202e\}/);
  assert.match(text, /\\u\{202e\}gnp\.js/);
});

test('what could not be read is listed with its code, and the answer does not call it clean', () => {
  assert.match(text, /worker\.crashed/);
  assert.match(text, /observe\.computed-module/);
  assert.match(text.trimEnd().split('\n').slice(-2).join(' '), /No full answer.*3 of 4 modules/);
});

test('colour and links are on a terminal only, and change no word', () => {
  const terminal = { columns: 80, hasColor: true, hasLinks: true };
  const colored = examinationText(EXAMINATION, terminal, {
    ...OPTIONS,
    linkTo: (path) => `file:///${encodeURI(path)}`,
  });
  assert.notEqual(colored, text);
  assert.equal(stripVTControlCharacters(colored), text);
  assert.doesNotMatch(text, /\u001b/);
});

test('a module that was not read is told once, with its place', () => {
  const why = { code: 'script.syntax', message: 'no script' };
  const module = { ...EXAMINATION.modules[0]!, path: 'b.js', state: 'unread', why } as const;
  const locator = 'pkg:npm/x@1.0.0#b.js @line:7:1';
  const unknowns = [{ feature: 'opaque.unanalysed', locator, why }] as const;
  const result = { ...EXAMINATION, modules: [module], unknowns };
  const once = examinationText(result, PLAIN, OPTIONS);
  assert.equal(once.split('script.syntax').length, 2);
  assert.match(once, /b\.js:7:1/);
});

test('--quiet leaves out the places, never what was not read', () => {
  const quiet = examinationText(EXAMINATION, PLAIN, { isQuiet: true, isFull: false });
  assert.doesNotMatch(quiet, /12:3/);
  assert.match(quiet, /worker\.crashed/);
});

test('only what ends before its end has bytes that nobody knows of: data that was not followed has not', () => {
  const answerWith = (code: string): string => {
    const why = { code, message: 'why' };
    const { target } = EXAMINATION.product;
    const unknowns = [{ feature: 'opaque.unanalysed', locator: `${target} @all`, why }] as const;
    return examinationText({ ...EXAMINATION, unknowns }, PLAIN, OPTIONS);
  };
  assert.match(answerWith('tar.truncated'), /of the bytes\s+that\s+were\s+found/);
  assert.doesNotMatch(answerWith('flow.left-out'), /that\s+were\s+found/);
});
