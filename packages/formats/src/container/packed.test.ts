import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { digestOf } from '@avow/bytes';
import { concat, tarOf } from './testdata/archives.ts';
import { listingOf } from './testdata/listing.ts';

const TAR = tarOf({ name: 'a.js', data: 'A' }, { name: 'b.js', data: 'B'.repeat(100_000) });
const WANT = ['a.js "A"', `b.js "${'B'.repeat(100_000)}"`];
const GZIP = gzipSync(TAR);
const ZSTD = zstdCompressSync(TAR);
/** A skippable frame of four bytes. */
const SKIPPABLE = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
/** `printf 'hello xz\n' | xz -0` */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhAQwAAACPmEGcAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=',
  'base64',
);

function changed(bytes: Uint8Array, at: number, to: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at < 0 ? copy.length + at : at] = to;
  return copy;
}

const CASES: readonly { name: string; bytes: Uint8Array; want: readonly string[] }[] = [
  { name: 'a gzip tar', bytes: GZIP, want: WANT },
  { name: 'a Zstandard tar', bytes: ZSTD, want: WANT },
  {
    name: 'gzip members one after another are one stream',
    bytes: concat(gzipSync(TAR.subarray(0, 700)), gzipSync(TAR.subarray(700))),
    want: WANT,
  },
  {
    name: 'Zstandard frames one after another, a skippable one between',
    bytes: concat(
      zstdCompressSync(TAR.subarray(0, 700)),
      SKIPPABLE,
      zstdCompressSync(TAR.subarray(700)),
    ),
    want: WANT,
  },
  { name: 'zeros behind gzip are padding', bytes: concat(GZIP, new Uint8Array(300)), want: WANT },
  {
    name: 'data behind gzip is told',
    bytes: concat(GZIP, 'payload'),
    want: [...WANT, ' !gzip.trailing'],
  },
  {
    name: 'data behind the padding of gzip is told',
    bytes: concat(GZIP, new Uint8Array(300), 'payload'),
    want: [...WANT, ' !gzip.trailing'],
  },
  {
    name: 'data behind Zstandard is told',
    bytes: concat(ZSTD, 'payload!!'),
    want: [...WANT, ' !zstd.trailing'],
  },
  {
    name: 'gzip data with another checksum is read and told',
    bytes: changed(GZIP, -8, GZIP.at(-8)! ^ 1),
    want: [...WANT, ' !gzip.checksum'],
  },
  {
    name: 'gzip data of another size than stated',
    bytes: changed(GZIP, -4, GZIP.at(-4)! ^ 1),
    want: [...WANT, ' !gzip.size'],
  },
  {
    name: 'gzip without its trailer',
    bytes: GZIP.subarray(0, -3),
    want: [...WANT, ' !gzip.truncated'],
  },
  {
    name: 'a packed file that is no tar is one member',
    bytes: gzipSync('var x'),
    want: ['archive "var x"'],
  },
  {
    name: 'gzip says the name of its file',
    bytes: concat(
      Uint8Array.from([31, 139, 8, 8, 0, 0, 0, 0, 0, 3]),
      'n.js\0',
      gzipSync('x').subarray(10),
    ),
    want: ['n.js "x"'],
  },
  { name: 'an xz file', bytes: XZ, want: ['archive "hello xz\\n"'] },
  {
    name: 'xz streams one after another, with padding',
    bytes: concat(XZ, new Uint8Array(4), XZ, new Uint8Array(8)),
    want: ['archive "hello xz\\nhello xz\\n"'],
  },
  {
    name: 'xz within xz, which the library would wait for ever on',
    bytes: gzipSync(tarOf({ name: 'x.xz', data: XZ }, { name: 'y.xz', data: XZ })),
    want: ['x.xz xz', 'x.xz!/x "hello xz\\n"', 'y.xz xz', 'y.xz!/y "hello xz\\n"'],
  },
];

for (const { name, bytes, want } of CASES) {
  test(`packed: ${name}`, async () => {
    assert.deepEqual(await listingOf(bytes), want);
  });
}

/** Hexadecimal digests: they pack badly, so that a cut archive has some of them. */
const NOISE = Array.from({ length: 10_000 }, (_, i) => digestOf(String(i))).join('');
const LONG_TAR = tarOf({ name: 'a.js', data: 'A' }, { name: 'b.js', data: NOISE });

for (const [kind, packed, code] of [
  ['gzip', gzipSync(LONG_TAR), 'deflate.truncated'],
  ['Zstandard', zstdCompressSync(LONG_TAR), 'zstd.truncated'],
] as const) {
  test(`packed: members before the place where ${kind} was cut are read`, async () => {
    const lines = await listingOf(packed.subarray(0, packed.length / 2));
    assert.deepEqual(lines, ['a.js "A"', `b.js !${code}`, ' !tar.truncated']);
  });
}

test('packed: members and frames without number end at their limit', async () => {
  const many = (one: Uint8Array) => concat(...Array.from({ length: 10_001 }, () => one));
  assert.deepEqual(await listingOf(many(gzipSync(''))), [' !gzip.members']);
  assert.deepEqual(await listingOf(many(zstdCompressSync(''))), [' !zstd.frames']);
});

const REFUSED: readonly { code: string; bytes: Uint8Array }[] = [
  { code: 'deflate.truncated', bytes: GZIP.subarray(0, 60) },
  { code: 'deflate.malformed', bytes: changed(GZIP, 10, 7) },
  { code: 'gzip.header', bytes: changed(GZIP, 3, 0xe0) },
  { code: 'zstd.truncated', bytes: ZSTD.subarray(0, 20) },
  { code: 'zstd.malformed', bytes: changed(ZSTD, 4, 0xff) },
  { code: 'xz.footer', bytes: XZ.subarray(0, -1) },
  { code: 'xz.index', bytes: changed(XZ, 50, 9) },
  { code: 'xz.malformed', bytes: changed(XZ, 24, 3) },
  { code: 'xz.dictionary', bytes: changed(XZ, 16, 40) },
];

for (const { code, bytes } of REFUSED) {
  test(`packed: ${code}`, async () => {
    const lines = await listingOf(bytes);
    assert.ok(
      lines.some((line) => line.endsWith(`!${code}`)),
      lines.join('\n').slice(0, 300),
    );
  });
}
