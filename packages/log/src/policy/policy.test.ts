import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import {
  isQuorumMet,
  type KeyType,
  parsePolicy,
  printVerifierKey,
  quorumText,
  verifierKeyOf,
} from '../index.ts';

function vkey(fill: number, type: KeyType = 'cosignature', name = `w${fill}.example`): string {
  return printVerifierKey(verifierKeyOf({ name, type, seed: new Uint8Array(32).fill(fill) }));
}

const LOG = `log ${vkey(1, 'ed25519', 'log.example')} https://log.example/`;
const WITNESSES = [2, 3, 4, 5].map((fill) => `witness w${fill} ${vkey(fill)}`);

function policy(...lines: readonly string[]) {
  return parsePolicy(utf8Bytes(`${lines.join('\n')}\n`));
}

test('a threshold counts witnesses, through groups of groups', () => {
  const nested = policy(
    LOG,
    ...WITNESSES,
    'group one 2 w2 w3 w4',
    'group both all one\tw5',
    '# a comment',
    'quorum both',
  );
  assert.equal(isQuorumMet(nested, new Set(['w2', 'w3', 'w5'])), true);
  assert.equal(isQuorumMet(nested, new Set(['w2', 'w3', 'w4'])), false);
  assert.equal(isQuorumMet(nested, new Set(['w2', 'w5'])), false);
  assert.equal(isQuorumMet(nested, new Set(['one', 'w5'])), false);
  assert.equal(quorumText(nested), '2 of one, w5');
});

test('without a quorum nothing is asked for', () => {
  assert.equal(isQuorumMet(policy(LOG, 'quorum none'), new Set()), true);
});

const BAD: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['without a quorum line', [LOG], /no quorum line/],
  ['with two quorums', [LOG, 'quorum none', 'quorum none'], /a second quorum/],
  ['with a name before its line', ['quorum w2', ...WITNESSES], /no witness or group w2/],
  ['with a key under two names', [...WITNESSES, `witness x ${vkey(2)}`, 'quorum x'], /twice/],
  [
    'with one public key of two types',
    [`log ${vkey(2, 'ed25519', 'log.example')}`, WITNESSES[0]!, 'quorum w2'],
    /twice/,
  ],
  [
    'with a member twice',
    [...WITNESSES, 'group a any w2', 'group b any w2', 'quorum b'],
    /member already/,
  ],
  [
    'with a threshold above its members',
    [...WITNESSES, 'group a 3 w2 w3', 'quorum a'],
    /threshold/,
  ],
  ['with a threshold of 0', [...WITNESSES, 'group a 0 w2', 'quorum a'], /threshold/],
  ['with a log key as witness', [`witness w ${vkey(2, 'ed25519')}`, 'quorum w'], /type ed25519/],
  ['with a control character', ['quorum none\u0007'], /control character/],
  ['with an unknown word', ['weight 3', 'quorum none'], /unknown word/],
  ['with a witness named none', [`witness none ${vkey(2)}`, 'quorum none'], /taken/],
];
for (const [what, lines, found] of BAD) {
  test(`a policy ${what} is refused`, () => {
    assert.throws(() => policy(...lines), found);
  });
}

test('all faults of a policy are told at once', () => {
  assert.throws(
    () => policy('log x', 'witness y', 'group z'),
    /line 1.*line 2.*line 3.*no quorum/s,
  );
});
