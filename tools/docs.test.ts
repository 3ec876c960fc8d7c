import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const CODE = /(?:new Refused\(\s*|\bcode: )['"`]([a-z0-9-]+(?:\.[a-z0-9-]+)+)['"`]/g;
/** A cursor named after its format refuses these two by itself. */
const CURSOR = /new Cursor\([^;]*?,\s*'([a-z0-9-]+)'/g;

function sources(): string[] {
  return globSync('packages/*/src/**/*.ts').filter(
    (file) => !file.endsWith('.test.ts') && !file.includes('/testdata/'),
  );
}

/** Every code that the sources can refuse with. */
function codesInSources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of sources()) {
    const text = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\*|\/\/).*$/gm, '');
    for (const match of text.matchAll(CODE)) found.set(match[1]!, file);
    for (const match of text.matchAll(CURSOR)) found.set(`${match[1]}.truncated`, file);
  }
  return found;
}

test('every code that can be met has its page', () => {
  const missing = [...codesInSources()].filter(([code]) => !existsSync(`docs/codes/${code}.md`));
  assert.deepEqual(missing, []);
});

test('every page of a code is of a code that exists', () => {
  const text = sources()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const codes = codesInSources();
  const idle = globSync('docs/codes/*.md')
    .map((page) => page.slice('docs/codes/'.length, -'.md'.length))
    .filter(
      (code) =>
        code !== 'README' && !codes.has(code) && !text.includes(code.replace(/\.too-large$/, '')),
    );
  assert.deepEqual(idle, []);
});

test('no page links to a file that is not there', () => {
  const broken: string[] = [];
  const pages = [
    ...globSync('*.md'),
    ...globSync('docs/**/*.md'),
    ...globSync('{packages,rules,bench,interop}/**/*.md', { exclude: ['**/node_modules/**'] }),
  ];
  for (const page of pages) {
    for (const match of readFileSync(page, 'utf8').matchAll(
      /\]\((?!https?:|mailto:|#)([^)#\s]+)/g,
    )) {
      if (!existsSync(join(dirname(page), decodeURI(match[1]!))))
        broken.push(`${page}: ${match[1]}`);
    }
  }
  assert.deepEqual(broken, []);
});
