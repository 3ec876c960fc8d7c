import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeclaration } from '../declaration/read.ts';
import { draftDeclaration } from './draft.ts';

const UNSEEN = /[\p{Cf}\p{Zl}\u0080-\u009f\u0000-\u0009\u000b-\u001f]/u;

test('hostile names are seen as they are in a draft, and read back as they were', () => {
  const path = 'lib/\u202egnp\u009b2J\u200b\u2028\u{e0041}.js';
  const locator = `pkg:npm/small@1.0.0#${encodeURIComponent(path).replaceAll('%2F', '/')} @line:1:1`;
  const feature = { id: 'net.http:1', feature: 'net.http', locator, when: 'call' } as const;
  const draft = draftDeclaration(
    {
      features: [feature],
      flows: [],
      unknowns: [],
      modules: [{ path, digest: 'sha256:0', state: 'read' }],
    },
    { maker: 'M\u202e', product: 'pkg:npm/small', version: '1.0.0', date: '2026-11-24' },
  );
  assert.doesNotMatch(draft, UNSEEN);
  const { maker, entries } = readDeclaration(draft);
  assert.equal(maker, 'M\u202e');
  assert.deepEqual(entries[0]!.by, [path]);
});
