import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOf } from '@avow/bytes';
import { readCrxFacts } from './crx.ts';
import { containerKind } from './kind.ts';
import {
  arMember,
  arOf,
  asarFile,
  asarOf,
  bytesOf,
  concat,
  crx2Of,
  crx3Of,
  debOf,
  tarOf,
  u32,
  zipOf,
} from './testdata/archives.ts';
import { listingOf } from './testdata/listing.ts';

const KEY = bytesOf('a public key');
const ID = [...Buffer.from(digestOf(KEY).slice(7, 39))]
  .map((digit) => String.fromCharCode(0x61 + Number.parseInt(String.fromCharCode(digit), 16)))
  .join('');
const ZIP = zipOf([{ name: 'a.js', data: 'A' }]);
const FILES = { 'a.js': asarFile(0, 'AAAAA'), d: { files: { 'b.js': asarFile(5, 'B') } } };
const CONTROL = tarOf({ name: './control', data: 'Package: p\n' });
const DATA = tarOf({ name: './usr/bin/p', data: '#!' });

const CASES: readonly { name: string; bytes: Uint8Array; want: readonly string[] }[] = [
  { name: 'crx 3', bytes: crx3Of(KEY, ZIP), want: ['a.js "A"'] },
  { name: 'crx 2', bytes: crx2Of(KEY, ZIP), want: ['a.js "A"'] },
  {
    name: 'crx with bytes between its header and its archive',
    bytes: crx3Of(KEY, concat('payload', ZIP)),
    want: ['(prefix) "payload" zip.prefix', 'a.js "A"'],
  },
  {
    name: 'asar',
    bytes: asarOf({ files: FILES }, 'AAAAAB'),
    want: ['a.js "AAAAA"', 'd/b.js "B"'],
  },
  {
    name: 'asar with another digest, and another block digest, than stated',
    bytes: asarOf(
      {
        files: {
          'a.js': asarFile(0, 'xAAAA'),
          'b.js': {
            ...asarFile(0, 'AAAAA'),
            integrity: { ...(asarFile(0, 'AAAAA')['integrity'] as object), blocks: ['0'] },
          },
        },
      },
      'AAAAA',
    ),
    want: ['a.js "AAAAA" asar.integrity', 'b.js "AAAAA" asar.integrity'],
  },
  {
    name: 'asar with a link, a file beside it, and data outside',
    bytes: asarOf({
      files: {
        l: { link: 'd/x' },
        n: { size: 3, unpacked: true },
        o: { size: 3, offset: '99' },
        m: { size: -1, offset: '0' },
        p: null,
      },
    }),
    want: [
      'l -> d/x container.link',
      'n !asar.unpacked',
      'o !asar.offset',
      'm !asar.offset',
      'p !asar.offset',
    ],
  },
  {
    name: 'asar names with separators stay in their folder',
    bytes: asarOf({ files: { '../a': asarFile(0, '') } }),
    want: ['..\u2215a ""'],
  },
  {
    name: 'asar names with half a character',
    bytes: asarOf('{"files":{"\\ud800":{"size":0,"offset":"0"}}}'),
    want: ['\ufffd "" container.name-encoding'],
  },
  {
    name: 'ar with the long names of GNU and BSD',
    bytes: arOf(
      arMember('/', 'symbols'),
      arMember('//', 'a-very-long-name.o/\n'),
      arMember('/0', 'G'),
      arMember('#1/5', 'b.o\0\0B'),
      arMember('c.o/', 'C'),
    ),
    want: ['a-very-long-name.o "G"', 'b.o "B"', 'c.o "C"'],
  },
  {
    name: 'deb: control files in DEBIAN, the others where they are installed',
    bytes: debOf(gzipSync(CONTROL), gzipSync(DATA), '.gz'),
    want: ['DEBIAN/control "Package: p\\n"', 'usr/bin/p "#!"'],
  },
  {
    name: 'deb: a part in a packing that is not read',
    bytes: debOf(CONTROL, bytesOf('BZh9xx'), '.bz2'),
    want: ['DEBIAN/control "Package: p\\n"', 'data.tar.bz2 !deb.part'],
  },
];

for (const { name, bytes, want } of CASES) {
  test(`container: ${name}`, async () => {
    assert.deepEqual(await listingOf(bytes), want);
  });
}

const REFUSED: readonly { code: string; bytes: Uint8Array }[] = [
  { code: 'crx.version', bytes: concat('Cr24', u32(4), u32(0)) },
  { code: 'crx.truncated', bytes: concat('Cr24', u32(3), u32(100), 'x') },
  { code: 'crx.header', bytes: concat('Cr24', u32(3), u32(0), ZIP) },
  { code: 'crx.header', bytes: concat('Cr24', u32(3), u32(0x7fffffff), ZIP) },
  { code: 'crx.no-key', bytes: crx3Of(KEY, ZIP, new Uint8Array(16)) },
  { code: 'zip.no-end', bytes: crx3Of(KEY, bytesOf('no archive')) },
  {
    code: 'asar.header',
    bytes: concat(u32(4), u32(30), u32(26), u32(22), '{"files":{}}').fill(0xff, 12, 14),
  },
  { code: 'asar.tree', bytes: asarOf('{"files"} not JSON ......') },
  { code: 'ar.header', bytes: arOf(bytesOf('x'.repeat(60))) },
  { code: 'ar.number', bytes: arOf(arMember('a', 'A', 'x')) },
  { code: 'ar.name', bytes: arOf(arMember('/99', 'A')) },
  { code: 'ar.truncated', bytes: arOf(arMember('a', 'A', '99')) },
];

for (const { code, bytes } of REFUSED) {
  test(`container: tells ${code}, when all is told that can be read`, async () => {
    assert.deepEqual((await listingOf(bytes)).at(-1), ` !${code}`);
  });
}

test('container: bytes that are none are refused', async () => {
  await assert.rejects(() => listingOf(bytesOf('var x = 1;')), { code: 'container.unknown' });
});

test('crx: of a header that cannot be vouched for the archive is read all the same', async () => {
  const lines = await listingOf(crx3Of(KEY, ZIP, new Uint8Array(16)));
  assert.deepEqual(lines, ['a.js "A"', ' !crx.no-key']);
});

test('deb: of a package that was cut the files before the cut are read', async () => {
  const data = tarOf({ name: './a', data: 'A' }, { name: './b', data: 'B'.repeat(2000) });
  const deb = debOf(gzipSync(CONTROL), data, '');
  assert.deepEqual(await listingOf(deb.subarray(0, deb.length - 2500)), [
    'DEBIAN/control "Package: p\\n"',
    'a "A"',
    'b !tar.truncated',
    ' !tar.truncated',
  ]);
});

test('crx: the id is that of the key, as the browser shows it', () => {
  assert.deepEqual(readCrxFacts(crx3Of(KEY, ZIP)).id, ID);
  assert.deepEqual(readCrxFacts(crx2Of(KEY, ZIP)).id, ID);
});

test('asar: folders nested without end are refused, not followed', async () => {
  const depth = 100_000;
  const json = `${'{"files":{"d":'.repeat(depth)}{}${'}}'.repeat(depth)}`;
  assert.deepEqual(await listingOf(asarOf(json)), [' !asar.tree']);
});

test('asar: a header of millions of empty objects is refused before it is parsed', async () => {
  const json = `{"files":{"a":[${'{},'.repeat(3_000_001)}0]}}`;
  assert.deepEqual(await listingOf(asarOf(json)), [' !asar.tree']);
});

const KINDS: readonly { bytes: Uint8Array; want: string | undefined }[] = [
  { bytes: ZIP, want: 'zip' },
  { bytes: concat('#!/bin/sh\n', ZIP), want: 'zip' },
  { bytes: concat('var x;', ZIP, 'x'), want: undefined },
  { bytes: bytesOf('PK\x05\x06 is how a ZIP ends'), want: 'zip' },
  { bytes: bytesOf('says PK\x05\x06 somewhere, and has more than twenty bytes'), want: undefined },
  { bytes: new Uint8Array(1024), want: undefined },
  { bytes: new Uint8Array(0), want: undefined },
  { bytes: arOf(), want: 'ar' },
  { bytes: debOf(CONTROL, DATA), want: 'deb' },
  { bytes: bytesOf('{"files":{}}'), want: undefined },
];

for (const { bytes, want } of KINDS) {
  test(`kind: ${want ?? 'none'}: ${Buffer.from(bytes.subarray(0, 12)).toString('latin1')}`, () => {
    assert.equal(containerKind(bytes), want);
  });
}
