import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { DeclarationRefused, declarationSchema, readDeclaration, VOCABULARY } from '../index.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

test('the published schema is that of the reader', () => {
  assert.deepEqual(JSON.parse(page('schema/declaration-1.json')), declarationSchema());
});

test('docs/declaration.md names every word of the vocabulary, and its example reads', () => {
  const text = page('declaration.md');
  for (const id of Object.keys(VOCABULARY)) assert.ok(text.includes(`| \`${id}\``), id);
  const example = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;
  assert.deepEqual(
    readDeclaration(example).entries.map(({ name }) => name),
    ['updates', 'statistics'],
  );
});

const HEAD = { avow: 1, maker: 'M', product: 'pkg:npm/a', versions: '1.0.0', date: '2026-11-23' };

/** Documents that both the schema and the reader take, or both refuse. */
const DOCUMENTS: readonly (readonly [takes: boolean, document: unknown])[] = [
  [true, HEAD],
  [true, { ...HEAD, versions: ['1.0.0', '>=2.0.0 <3.0.0'] }],
  [true, { ...HEAD, entries: [{ does: 'net.http', to: ['*.example.org'], when: 'load' }] }],
  [true, { ...HEAD, entries: [{ data: ['cred.*'], gate: 'env:CI', only: ['x'], kept: 'a day' }] }],
  [true, { ...HEAD, never: [{ data: '*', does: ['net.*'], except: 'x' }] }],
  [true, { ...HEAD, databases: [{ database: '*.cf', actions: 'send', targets: ['message'] }] }],
  [false, { ...HEAD, avow: 2 }],
  [false, { ...HEAD, maker: '' }],
  [false, { ...HEAD, maker: 1 }],
  [false, { ...HEAD, product: 'pkg:npm/a@1.0.0' }],
  [false, { ...HEAD, date: '2026-13-01' }],
  [false, { ...HEAD, versions: [] }],
  [false, { ...HEAD, versions: 'banana' }],
  [false, { ...HEAD, versions: ['1.0.0', '^2.0.0'] }],
  [false, { ...HEAD, colour: 'red' }],
  [false, { maker: 'M' }],
  [false, []],
  [false, 'avow'],
  [false, null],
  [false, { ...HEAD, entries: {} }],
  [false, { ...HEAD, entries: [{}] }],
  [false, { ...HEAD, entries: ['net.http'] }],
  [false, { ...HEAD, entries: [{ does: 'net.htp' }] }],
  [false, { ...HEAD, entries: [{ does: 'screen' }] }],
  [false, { ...HEAD, entries: [{ data: 'net.http' }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', to: [] }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', to: 80 }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', gate: 'CI' }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', when: 'never' }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', except: 'x' }] }],
  [false, { ...HEAD, entries: [{ does: 'net.http', for: 'x'.repeat(1_001) }] }],
  [false, { ...HEAD, never: [{ to: 'a.example' }] }],
  [false, { ...HEAD, databases: [{ actions: 'send' }] }],
  [false, { ...HEAD, databases: [{ database: 'a', targets: 'everyone' }] }],
];

test('the schema and the reader take and refuse the same documents', () => {
  const validate = new Ajv2020({ strict: false }).compile(declarationSchema());
  for (const [takes, document] of DOCUMENTS) {
    const text = JSON.stringify(document);
    assert.equal(validate(document), takes, `schema: ${text}`);
    assert.equal(isRead(text), takes, `reader: ${text}`);
  }
});

function isRead(text: string): boolean {
  try {
    readDeclaration(text);
    return true;
  } catch (error) {
    if (error instanceof DeclarationRefused) return false;
    throw error;
  }
}
