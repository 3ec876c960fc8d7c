import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nonceFor } from '../contract/work.ts';
import { testService } from '../testdata/service.ts';
import { hashOfCode, newCode } from './code.ts';
import { Works } from './work.ts';

test('a receipt code has 130 bits, reads in groups, and is kept as a hash', () => {
  const codes = Array.from({ length: 200 }, newCode);
  assert.equal(new Set(codes).size, codes.length);
  for (const code of codes) assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
  const letters = codes.join('').replaceAll('-', '');
  // 5,200 draws of 32: each about 162 times; a letter that never comes would be a fault.
  assert.equal(new Set(letters).size, 32);
  assert.equal(hashOfCode(codes[0]!), hashOfCode(codes[0]!.replaceAll('-', '')));
  assert.doesNotMatch(hashOfCode(codes[0]!), new RegExp(codes[0]!.slice(0, 5), 'i'));
});

test('work is taken once, in time, for a challenge of ours, and no less than was asked', async () => {
  const used = new Set<string>();
  let now = 1_000_000;
  const port = {
    takeWork: async (challenge: string) =>
      !used.has(challenge) && used.add(challenge) !== undefined,
  };
  const works = new Works(16, new Uint8Array(32), port, () => now);
  const refused = (work: { challenge: string; nonce: string } | undefined) =>
    assert.rejects(works.take(work), { code: 'work.missing' });
  const { challenge, bits } = works.challenge();
  const nonce = nonceFor(challenge, bits);
  await refused(undefined);
  await refused({ challenge, nonce: `${nonce}x` });
  await refused({ challenge: challenge.replace(/\.16\./, '.0.'), nonce: '0' });
  await refused({
    challenge: new Works(16, new Uint8Array(31), port, () => now).challenge().challenge,
    nonce,
  });
  await works.take({ challenge, nonce });
  await refused({ challenge, nonce });
  const late = works.challenge();
  now += 601_000;
  await refused({ challenge: late.challenge, nonce: nonceFor(late.challenge, 16) });
});

test('codes are guessed as often as costly requests may be made, wherever they are sent and however they are written', async () => {
  const service = await testService({}, { 'limits.costly': 4 });
  try {
    const paths = ['read', 'withdraw', 'messages', 'complete'];
    const ask = (index: number) =>
      service.json('POST', `receipts/${paths[index % paths.length]}`, {
        body: { code: newCode().toLowerCase(), ...(index % 4 > 1 ? { text: 'a' } : {}) },
      });
    const found = [];
    for (let index = 0; index < 6; index++) found.push(await ask(index));
    assert.deepEqual(
      found.map(({ body }) => body.code),
      [...Array(4).fill('receipt.wrong'), 'request.too-many', 'request.too-many'],
    );
    const [one, other] = found.map(({ body: { request: _, ...says } }) => JSON.stringify(says));
    assert.equal(one, other, 'a wrong code is told the same, whatever it was for');
  } finally {
    await service.close();
  }
});
