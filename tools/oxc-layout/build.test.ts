import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as layout from '../../packages/formats/src/module/script/oxc/layout.ts';
import { LAYOUT_FILE } from './build.ts';
import { layoutOfPackage } from './extract.ts';
import { printLayout } from './print.ts';

test('the layout is that of the oxc-parser that is installed', async () => {
  const printed = printLayout(layoutOfPackage());
  const module = `data:text/javascript,${encodeURIComponent(printed.replaceAll(' as const', ''))}`;
  assert.deepEqual({ ...layout }, { ...(await import(module)) });
});

test('the layout file says what writes it', () => {
  assert.match(readFileSync(LAYOUT_FILE, 'utf8'), /^\/\/ Written by tools\/oxc-layout\/build\.ts/);
});
