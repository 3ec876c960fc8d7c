import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egressUrl, isPublicAddress } from './guard.ts';
import { publicAddressOf } from './send.ts';

const REFUSED = [
  'http://example.com/',
  'ftp://example.com/',
  'https://user:secret@example.com/',
  'https://example.com:22/',
  'https://localhost/',
  'https://intranet/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0177.0.0.1/',
  'https://0x7f.0.0.1/',
  'https://2130706433/',
  'https://017700000001/',
  'https://0/',
  'https://10.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fd00::1]/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'not a url',
];

for (const text of REFUSED) {
  test(`nothing is sent to ${text}`, () => {
    assert.throws(() => egressUrl(text), { code: 'egress.address' });
  });
}

for (const text of [
  'https://hooks.example.com/x',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
]) {
  test(`${text} may be sent to`, () => {
    assert.equal(egressUrl(text).protocol, 'https:');
  });
}

test('a name with one private address among public ones is refused', async () => {
  const url = new URL('https://rebind.example.com/');
  await assert.rejects(
    publicAddressOf(url, async () => ['93.184.216.34', '127.0.0.1']),
    { code: 'egress.address' },
  );
  assert.equal(await publicAddressOf(url, async () => ['93.184.216.34']), '93.184.216.34');
});

test('a name that resolves to nothing, or to a mapped loopback, is refused', async () => {
  for (const addresses of [[], ['::ffff:10.0.0.1'], ['::1'], ['fe80::1%eth0']]) {
    await assert.rejects(
      publicAddressOf(new URL('https://a.example.com/'), async () => addresses),
      {
        code: 'egress.address',
      },
    );
  }
});

test('what is no address is no public one', () => {
  assert.equal(isPublicAddress('example.com'), false);
});
