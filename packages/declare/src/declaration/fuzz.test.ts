import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  DeclarationRefused,
  FORM_NAMES,
  importDeclaration,
  readAllowed,
  readDeclaration,
} from '../index.ts';

/** Mulberry32: the same cases on every run. */
function chooser(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

const PIECES = [
  '\n',
  ' ',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '*a',
  '&a ',
  '!!x ',
  '|',
  '>',
  '#',
  '\t',
  '\u0000',
  '\ufeff',
  '😀',
  '<<: ',
  '---',
  '? ',
  '%',
  '0',
  'null',
  '__proto__: 1',
];

function mutated(text: string, seed: number): string {
  const below = chooser(seed);
  let result = text;
  for (let count = 1 + below(4); count > 0; count -= 1) {
    const at = below(result.length + 1);
    const end = Math.min(result.length, at + below(20));
    const piece = below(3) === 0 ? result.slice(at, end) : PIECES[below(PIECES.length)]!;
    result = result.slice(0, at) + piece + result.slice(below(2) === 0 ? at : end);
  }
  return result;
}

function isReadOrRefused(read: () => unknown, text: string): void {
  try {
    read();
  } catch (error) {
    assert.ok(
      error instanceof DeclarationRefused,
      `${JSON.stringify(text)}\n${(error as Error).stack}`,
    );
    for (const { line, column } of error.faults) assert.ok(line >= 1 && column >= 1);
  }
}

const PAGE = readFileSync(new URL('../../../../docs/declaration.md', import.meta.url), 'utf8');
const DECLARATION = /```yaml\n([\s\S]*?)```/.exec(PAGE)![1]!;

test('a declaration changed anywhere is read or refused, each fault at a place', () => {
  for (let seed = 0; seed < 3_000; seed += 1) {
    const text = mutated(DECLARATION, seed);
    isReadOrRefused(() => readDeclaration(text), text);
    isReadOrRefused(() => readAllowed(text), text);
  }
});

const MANIFESTS: Readonly<Record<string, string>> = {
  json: '{"manifest_version": 3, "permissions": ["tabs", "*://*.a.example/*"], "tasks": {"a": "deno run -A x"}, "resources": {"a": {"builtin": {"fs": true}}}, "contributes": {"debuggers": []}}',
  xml: '<plist><dict><key>NSPrivacyTrackingDomains</key><array><string>a</string></array><key>NSPrivacyCollectedDataTypes</key><array><dict><key>NSPrivacyCollectedDataType</key><string>Name</string></dict></array></dict></plist>',
  toml: '[pkg.a]\nallow_apis = ["net"]\nbuild.allow_apis = ["fs"]\n',
};

for (const form of FORM_NAMES) {
  test(`${form}: a manifest changed anywhere is read or refused`, () => {
    const text = MANIFESTS[form === 'apple' ? 'xml' : form === 'cackle' ? 'toml' : 'json']!;
    for (let seed = 0; seed < 2_000; seed += 1) {
      const changed = mutated(text, seed);
      isReadOrRefused(() => importDeclaration(form, changed), changed);
    }
  });
}
