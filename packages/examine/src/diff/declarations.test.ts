import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Examination, ExaminedDeclaration } from '../result.ts';
import { declarationChange } from './declarations.ts';

function release(
  says: readonly string[],
  states: Readonly<Record<string, 'declared' | 'undeclared'>>,
): Examination {
  const entries = says.map((text, line) => ({
    name: `entry ${line}`,
    line: line + 1,
    state: 'found',
    covers: 1,
    says: text,
  }));
  const declaration = {
    state: 'held',
    digest: `sha256:${says.join()}`,
    entries,
    promises: [],
    states: Object.entries(states).map(([of, state]) => ({ of, state })),
  };
  const features = Object.keys(states).map((id) => ({
    id,
    feature: 'net.http',
    locator: `at ${id}`,
  }));
  return {
    declaration: declaration as unknown as ExaminedDeclaration,
    features,
  } as unknown as Examination;
}

test('entries that a new declaration adds or drops, and features that came out from under it', () => {
  const change = declarationChange(
    release(['a', 'b'], { kept: 'declared', out: 'declared', gone: 'declared', in: 'undeclared' }),
    release(['b', 'c'], {
      kept: 'declared',
      out: 'undeclared',
      in: 'declared',
      fresh: 'undeclared',
    }),
  );
  assert.deepEqual(change, {
    old: 'sha256:a,b',
    new: 'sha256:b,c',
    entries: { gained: ['c'], lost: ['a'] },
    promises: { gained: [], lost: [] },
    covered: {
      gained: [{ of: 'in', features: ['net.http'], locator: 'at in' }],
      lost: [{ of: 'out', features: ['net.http'], locator: 'at out' }],
    },
  });
});

test('a declaration that is gone is a change; two products without one are not', () => {
  const none = { declaration: { state: 'none' } } as Examination;
  assert.deepEqual(declarationChange(release(['a'], {}), none)?.entries.lost, ['a']);
  assert.equal(declarationChange(none, none), undefined);
});
