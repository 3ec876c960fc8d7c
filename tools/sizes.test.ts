import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** A file is a sitting: above this, look for the noun that hides in it. */
const MAX_LINES = 400;

/** Tables and generated facts are looked up, not read through; each says so here. */
const LOOKED_UP: Readonly<Record<string, string>> = {
  'packages/formats/src/module/script/oxc/layout.ts':
    "generated: the layout of oxc-parser's buffer",
  'packages/declare/src/maps.ts': 'a table: the words of seven other vocabularies',
};

test('every source file can be read in one sitting', () => {
  const large = globSync('{packages,tools,bench}/**/*.ts', {
    exclude: ['**/node_modules/**', '**/testdata/**'],
  })
    .filter((file) => !(file in LOOKED_UP))
    .map((file) => [file, readFileSync(file, 'utf8').split('\n').length] as const)
    .filter(([, lines]) => lines > MAX_LINES);
  assert.deepEqual(large, []);
});
