import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Places } from './place.ts';
import { MemoryRates } from './rate.ts';

const from = (forwarded?: string) =>
  new Request('http://a.test/', {
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });

test('so many go through in a minute, each caller and price by itself, and more as time passes', async () => {
  let now = 0;
  const rates = new MemoryRates({ read: 60, write: 2, costly: 1 }, () => now);
  assert.equal(await rates.take('ann', 'write'), 0);
  assert.equal(await rates.take('ann', 'write'), 0);
  assert.equal(await rates.take('ann', 'write'), 30, 'and says when to come again');
  assert.equal(await rates.take('ben', 'write'), 0);
  assert.equal(await rates.take('ann', 'read'), 0);
  now += 30_000;
  assert.equal(await rates.take('ann', 'write'), 0);
  now -= 3_600_000;
  assert.ok((await rates.take('ann', 'write')) > 0, 'a clock that is set back gives nothing');
});

test('what a caller writes into X-Forwarded-For counts only as far as our proxies wrote it', () => {
  const none = new Places(0);
  assert.equal(none.of(from('1.2.3.4'), '9.9.9.9'), none.of(from(), '9.9.9.9'));
  const one = new Places(1);
  const real = one.of(from('5.5.5.5'), '10.0.0.1');
  assert.equal(one.of(from('6.6.6.6, 5.5.5.5'), '10.0.0.1'), real, 'what stands before is made up');
  assert.notEqual(one.of(from('5.5.5.6'), '10.0.0.1'), real);
});

test('a whole /64 of IPv6 is one caller, and an address is not kept', () => {
  const places = new Places(0);
  const place = (address: string) => places.of(from(), address);
  assert.equal(place('2001:db8:1:2::1'), place('2001:db8:1:2:ffff:ffff:ffff:ffff'));
  assert.equal(place('2001:0db8:0001:0002::'), place('2001:db8:1:2::1'));
  assert.notEqual(place('2001:db8:1:3::1'), place('2001:db8:1:2::1'));
  assert.equal(place('::ffff:1.2.3.4'), place('1.2.3.4'));
  assert.doesNotMatch(place('1.2.3.4'), /1\.2\.3\.4/);
  assert.notEqual(new Places(0).of(from(), '1.2.3.4'), place('1.2.3.4'), 'keyed for one process');
});
