import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '../result.ts';
import { flowChanges } from './flows.ts';

function flow(id: string, recipient: string, line: number, source = 'env.named'): Flow {
  const hop = (role: 'source' | 'destination', at: number) => ({
    role,
    locator: `pkg:npm/x@1.0.0#a.js @line:${at}:1`,
    evidence: '',
  });
  const hops = [hop('source', line), hop('destination', line + 1)];
  return { id, source, destination: 'net.http', recipient, transforms: [], hops } as Flow;
}

test('a flow that only moved in its file is the same', () => {
  const { gained, lost, redirected } = flowChanges([flow('a', 'x', 1)], [flow('a', 'x', 9)]);
  assert.deepEqual([gained, lost, redirected], [[], [], []]);
});

test('another recipient of the same data is one change, not a loss and a gain', () => {
  const [old, now] = [flow('a', 'x.example', 1), flow('b', 'evil.example', 1)];
  const changes = flowChanges([old], [now]);
  assert.deepEqual(changes, { gained: [], lost: [], redirected: [{ old, new: now }] });
});

test('other data that goes the same way is new', () => {
  const [old, now] = [flow('a', 'x', 1), flow('b', 'x', 1, 'cred.ssh-pgp')];
  const { gained, lost } = flowChanges([old], [now]);
  assert.deepEqual([gained, lost], [[now], [old]]);
});
