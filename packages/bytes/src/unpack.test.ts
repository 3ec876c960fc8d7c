import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { inflateRaw, inflateRawParts } from './deflate.ts';
import { Refused } from './refused.ts';
import { unxzParts } from './xz.ts';
import { unzstd, unzstdParts } from './zstd.ts';

const DATA = Buffer.from('avow '.repeat(100_000));
const DEFLATED = deflateRawSync(DATA);
const BOMB = deflateRawSync(new Uint8Array(100_000_000));
const ZSTD_BOMB = zstdCompressSync(new Uint8Array(100_000_000));
/** `printf 'hello xz\n' | xz -0` */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhAQwAAACPmEGcAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=',
  'base64',
);

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const part of parts) pieces.push(part);
  return Buffer.concat(pieces);
}

function code(wanted: string): (error: unknown) => boolean {
  return (error) => error instanceof Refused && error.code === wanted;
}

test('DEFLATE: the same bytes at once and in pieces, and how many were taken', async () => {
  assert.ok(DATA.equals(inflateRaw(DEFLATED, DATA.length)));
  const parts = inflateRawParts(Buffer.concat([DEFLATED, Buffer.from('rest')]));
  const pieces: Uint8Array[] = [];
  let step = await parts.next();
  for (; step.done !== true; step = await parts.next()) pieces.push(step.value);
  assert.ok(DATA.equals(Buffer.concat(pieces)));
  assert.equal(step.value, DEFLATED.length);
});

test('a file that unpacks to more than it says stops there', () => {
  assert.throws(() => inflateRaw(BOMB, 1000), code('deflate.limit'));
  assert.throws(() => inflateRaw(BOMB, 0), code('deflate.limit'));
  assert.throws(() => unzstd(ZSTD_BOMB, 1000), code('zstd.limit'));
});

test('an empty file unpacks to nothing', () => {
  assert.equal(inflateRaw(deflateRawSync(Buffer.alloc(0)), 0).length, 0);
});

test('a bomb read in pieces may be let go of', async () => {
  const before = process.memoryUsage().arrayBuffers;
  for await (const part of inflateRawParts(BOMB)) {
    assert.ok(part.length <= 256 * 1024);
    break;
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
});

test('Zstandard: frames one after another', async () => {
  const frames = Buffer.concat([zstdCompressSync(DATA), zstdCompressSync(DATA)]);
  assert.ok(Buffer.concat([DATA, DATA]).equals(await collect(unzstdParts(frames))));
});

test('xz: what it says is more than the limit is not begun', async () => {
  assert.equal(String(await collect(unxzParts(XZ, 9))), 'hello xz\n');
  await assert.rejects(() => collect(unxzParts(XZ, 8)), code('xz.limit'));
});

test('xz: two at a time do not wait for each other', async () => {
  const outer = unxzParts(XZ, 100);
  await outer.next();
  assert.equal(String(await collect(unxzParts(XZ, 100))), 'hello xz\n');
  await outer.return(undefined);
});

test('xz: every cut and every changed byte ends in a refusal or in text, and soon', async () => {
  for (let at = 0; at < XZ.length; at++) {
    const changed = Buffer.from(XZ);
    changed[at] = (changed[at] ?? 0) ^ 0x55;
    for (const bytes of [XZ.subarray(0, at), changed]) {
      await collect(unxzParts(bytes, 1000)).catch((error) => assert.ok(error instanceof Refused));
    }
  }
});
