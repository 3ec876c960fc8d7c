import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseLocator, printLocator, QUESTIONS } from './index.ts';

const PAGE = readFileSync(new URL('../../../docs/locator.md', import.meta.url), 'utf8');

test('the examples of docs/locator.md are canonical', () => {
  const block = PAGE.split('## Examples')[1]!.split('```')[1]!;
  const lines = block.split('\n').filter((line) => line !== '');
  assert.equal(lines.length, 20);
  for (const line of lines) assert.equal(printLocator(parseLocator(line)), line);
});

test('docs/locator.md lists every question that pasted text may raise', () => {
  for (const code of Object.keys(QUESTIONS)) assert.ok(PAGE.includes(`| \`${code}\``), code);
});
