import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Feature, Flow } from '../result.ts';
import { noFlowsOf } from './no-flows.ts';

const feature = (id: Feature['feature']): Feature => ({
  id,
  feature: id,
  locator: '',
  evidence: '',
  when: 'load',
  rule: '',
});
const features = [feature('net.http'), feature('env.named'), feature('cred.ssh-pgp')];
const flow: Flow = {
  id: '1',
  source: 'env.named',
  destination: 'net.dns',
  transforms: [],
  hops: [],
};

test('each source is said to have no path to the classes that no flow of it goes to', () => {
  assert.deepEqual(
    noFlowsOf(features, [flow], true).map(({ source, to, state }) => `${source} ${to} ${state}`),
    [
      'cred.ssh-pgp network no-path',
      'cred.ssh-pgp local no-path',
      'cred.ssh-pgp file no-path',
      'cred.ssh-pgp clipboard no-path',
      'env.named local no-path',
      'env.named file no-path',
      'env.named clipboard no-path',
    ],
  );
});

test('where something was not read or not followed, nothing is said to have no path', () => {
  assert.ok(noFlowsOf(features, [], false).every(({ state }) => state === 'not-known'));
});
