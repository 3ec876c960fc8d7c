import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeclarationRefused, type GateRules, gate, readAllowed } from '../index.ts';

const SAME = `sha256:${'a'.repeat(64)}`;
const FINDING = {
  id: 'undeclared:f1',
  of: 'f1',
  also: ['f2'],
  rank: 'high',
  locator: 'pkg:npm/a@1#x%20y.js @line:3',
} as const;

function accepted(
  ...entries: readonly (readonly [feature: string, digest: string, expires: string])[]
) {
  const items = entries.map(
    ([feature, digest, expires]) =>
      `  - {feature: ${feature}, digest: "${digest}", reason: r, author: a, expires: "${expires}"}`,
  );
  return readAllowed(`avow: 1\naccept:\n${items.join('\n')}\n`);
}

function stateOf(rules: Partial<GateRules>): string {
  const [gated] = gate([FINDING], {
    failOn: 'low',
    allowed: [],
    baseline: new Set(),
    digests: new Map([['x y.js', SAME]]),
    today: '2026-11-23',
    ...rules,
  });
  return `${gated?.state}${gated?.line === undefined ? '' : ` line ${gated.line}`}`;
}

const OTHER = SAME.replaceAll('a', 'b').replace('shb', 'sha');

test('a finding stops, by its rank', () => {
  assert.equal(stateOf({}), 'stops');
  assert.equal(stateOf({ failOn: 'high' }), 'stops');
  assert.equal(stateOf({ failOn: 'critical' }), 'below');
  assert.equal(stateOf({ failOn: undefined }), 'below');
});

test('an accepted finding passes while the code and the calendar stand still', () => {
  const both = accepted(['f1', SAME, '2026-11-23'], ['f2', SAME, '2027-01-01']);
  assert.equal(stateOf({ allowed: both }), 'accepted line 4');
  assert.equal(stateOf({ allowed: both, today: '2026-11-24' }), 'expired line 3');
  assert.equal(stateOf({ allowed: both, digests: new Map([['x y.js', OTHER]]) }), 'changed line 3');
});

test('a finding of two features is not let through by one of them', () => {
  assert.equal(stateOf({ allowed: accepted(['f1', SAME, '2027-01-01']) }), 'stops');
});

test('a baseline lets through what was there before', () => {
  assert.equal(stateOf({ baseline: new Set(['undeclared:f1']) }), 'known');
});

test('accepted findings without reason, author or expiry are refused at their line', () => {
  assert.throws(
    () => readAllowed('avow: 1\naccept:\n  - feature: f1\n    digest: sha256:1\n    resaon: x\n'),
    (error: unknown) => {
      assert.ok(error instanceof DeclarationRefused);
      assert.deepEqual(
        error.faults.map(({ line, code, expected }) => `${line} ${code} ${expected}`),
        [
          '5 declaration.unknown-field "reason"',
          '3 declaration.missing-field "author": who answers for it',
          '3 declaration.missing-field "expires": last day on which it holds, YYYY-MM-DD',
          '4 declaration.value "sha256:" and 64 hex digits',
        ],
      );
      return true;
    },
  );
});
