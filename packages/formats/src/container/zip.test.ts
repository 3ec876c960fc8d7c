import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { concat, u16, u32, u64, type ZipFile, type ZipShape, zipOf } from './testdata/archives.ts';
import { listingOf } from './testdata/listing.ts';

const A: ZipFile = { name: 'a.js', data: 'A' };
const B: ZipFile = { name: 'b.js', data: 'B'.repeat(50), method: 8 };
const B_LINE = `b.js "${'B'.repeat(50)}"`;

interface Case {
  readonly name: string;
  readonly files: readonly ZipFile[];
  readonly shape?: ZipShape;
  readonly want: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'stored and deflated files', files: [A, B], want: ['a.js "A"', B_LINE] },
  {
    name: 'Zstandard',
    files: [{ ...B, method: 93, packed: zstdCompressSync('B'.repeat(50)) }],
    want: [B_LINE],
  },
  { name: 'folders are left out', files: [{ name: 'd/' }, A], want: ['a.js "A"'] },
  { name: 'a comment', files: [A], shape: { comment: 'c'.repeat(500) }, want: ['a.js "A"'] },
  { name: 'ZIP64 end records', files: [A], shape: { isZip64: true }, want: ['a.js "A"'] },
  {
    name: 'ZIP64 sizes and place',
    files: [
      {
        ...A,
        headerAt: 0xffffffff,
        extra: concat(u16(0x7777), u16(1), 'x', u16(1), u16(8), u64(0)),
      },
    ],
    want: ['a.js "A"'],
  },
  {
    name: 'bytes before the archive, counted in its offsets',
    files: [A],
    shape: { prefix: Buffer.from('#!/bin/sh\n') },
    want: ['(prefix) "#!/bin/sh\\n" zip.prefix', 'a.js "A"'],
  },
  {
    name: 'bytes before the archive, not counted',
    files: [A],
    shape: { prefix: Buffer.from('#!/bin/sh\n'), isPrefixUncounted: true },
    want: ['(prefix) "#!/bin/sh\\n" zip.prefix', 'a.js "A"'],
  },
  {
    name: 'an encrypted member is unread, the others are read',
    files: [{ ...A, flags: 1 }, B],
    want: ['a.js !zip.encrypted', B_LINE],
  },
  {
    name: 'a method that is not read',
    files: [{ ...A, method: 14, packed: Buffer.from('x') }, B],
    want: ['a.js !zip.method', B_LINE],
  },
  {
    name: 'another CRC-32 than stated is odd',
    files: [{ ...A, checksum: 1 }],
    want: ['a.js "A" zip.checksum'],
  },
  {
    name: 'more bytes than stated',
    files: [{ ...B, size: 49, local: { size: 49 } }],
    want: ['b.js !deflate.limit'],
  },
  { name: 'fewer bytes than stated', files: [{ ...B, size: 51 }], want: ['b.js !zip.size'] },
  {
    name: 'stored with two sizes',
    files: [{ ...A, size: 9 }],
    want: ['a.js !zip.size'],
  },
  {
    name: 'a bomb that says it is small stops at what it says',
    files: [{ ...A, method: 8, packed: deflateRawSync(new Uint8Array(10_000_000)), size: 10 }],
    want: ['a.js !deflate.limit'],
  },
  {
    name: 'damaged data',
    files: [{ ...B, packed: Uint8Array.from([7, 7, 7]) }],
    want: ['b.js !deflate.malformed'],
  },
  {
    name: 'the directory decides on the name, the other one is told',
    files: [{ ...A, local: { name: 'evil.js' } }],
    want: ['a.js "A" zip.local-name'],
  },
  {
    name: 'the directory decides on the method',
    files: [{ ...A, local: { method: 8 } }],
    want: ['a.js "A" zip.local-header'],
  },
  {
    name: 'no local header where the directory says',
    files: [{ ...A, local: { signature: 0x04034b51 } }, B],
    want: ['a.js !zip.header-signature', B_LINE],
  },
  {
    name: 'two entries for the same bytes are both unread',
    files: [B, { ...B, name: 'c.js', headerAt: 0 }, A],
    want: ['b.js !zip.overlap', 'c.js !zip.overlap', 'a.js "A"'],
  },
  {
    name: 'a member that runs into the directory',
    files: [{ ...A, packedSize: 500, size: 500 }],
    want: ['a.js !zip.overlap'],
  },
  { name: 'one name twice', files: [A, A], want: ['a.js "A"', 'a.js "A" container.duplicate'] },
  {
    name: 'a symbolic link of Unix',
    files: [{ name: 'l', data: '../x', mode: 0xa1ff }],
    want: ['l -> ../x container.link'],
  },
  {
    name: 'a name in code page 437',
    files: [{ name: Uint8Array.from([0x81, 0x2e, 0x6a, 0x73]), data: 'x', flags: 0 }],
    want: ['ü.js "x" container.name-encoding'],
  },
  {
    name: 'the Unicode path field, where it belongs to the name',
    files: [
      {
        name: 'u.js',
        data: 'x',
        extra: concat(u16(0x7075), u16(11), '\x01', u32(crc32('u.js')), 'ü.js', '!'),
      },
    ],
    want: ['ü.js! "x"'],
  },
  {
    name: 'backslashes separate',
    files: [{ name: 'd\\a.js', data: 'x' }],
    want: ['d/a.js "x" container.name-backslash'],
  },
  { name: 'an archive of nothing', files: [], want: [] },
];

for (const { name, files, shape, want } of CASES) {
  test(`zip: ${name}`, async () => {
    assert.deepEqual(await listingOf(zipOf(files, shape)), want);
  });
}

/** As programs write it that do not know the sizes beforehand: they stand behind the data. */
function described(file: ZipFile): Uint8Array {
  const local = Buffer.from(zipOf([{ ...file, flags: 0x808 }]));
  local.fill(0, 14, 26);
  return local.subarray(0, local.indexOf('PK\x01\x02'));
}

const DAMAGED: readonly { name: string; zip: Uint8Array; want: readonly string[] }[] = [
  {
    name: 'cut in its end record',
    zip: zipOf([A, B]).subarray(0, -1),
    want: ['a.js "A"', B_LINE, ' !zip.no-end'],
  },
  {
    name: 'cut in its directory',
    zip: zipOf([A, B]).subarray(0, -60),
    want: ['a.js "A"', B_LINE, ' !zip.no-end'],
  },
  {
    name: 'cut in a member',
    zip: zipOf([A, B]).subarray(0, 71),
    want: ['a.js "A"', 'b.js !zip.truncated', ' !zip.no-end'],
  },
  {
    name: 'cut in the first header',
    zip: zipOf([A, B]).subarray(0, 20),
    want: [' !zip.no-end'],
  },
  {
    name: 'cut, with an encrypted member',
    zip: zipOf([{ ...A, flags: 1 }, B]).subarray(0, -1),
    want: ['a.js !zip.encrypted', B_LINE, ' !zip.no-end'],
  },
  {
    name: 'data behind the end',
    zip: concat(zipOf([A]), 'x'),
    want: ['a.js "A"', ' !zip.no-end'],
  },
  {
    name: 'an end record in the comment of another',
    zip: zipOf([A], { comment: zipOf([]) }),
    want: ['a.js "A"', ' !zip.two-ends'],
  },
  {
    name: 'a directory outside',
    zip: zipOf([A], { directoryAt: 9999 }),
    want: ['a.js "A"', ' !zip.no-end'],
  },
  {
    name: 'more entries than fit',
    zip: zipOf([A], { count: 60_000 }),
    want: ['a.js "A"', ' !zip.no-end'],
  },
  {
    name: 'an entry that lacks its place',
    zip: zipOf([{ ...A, headerAt: 0xffffffff, extra: concat(u16(1), u16(0)) }]),
    want: ['a.js "A"', ' !zip.zip64'],
  },
  {
    name: 'members of unknown size, where their data says its end',
    zip: concat(described(B), u32(0x08074b50), described({ ...A, method: 8 }), described(A)),
    want: [B_LINE, 'a.js "A"', 'a.js !zip.size', ' !zip.no-end'],
  },
  {
    name: 'a member of unknown size that is cut',
    zip: described({ ...A, data: 'A'.repeat(500), method: 8 }).subarray(0, -2),
    want: ['a.js !deflate.truncated', ' !zip.no-end'],
  },
];

for (const { name, zip, want } of DAMAGED) {
  test(`zip: what can be read without the directory: ${name}`, async () => {
    assert.deepEqual(await listingOf(zip), want);
  });
}

test('zip: a directory that goes on behind the last counted entry is told', async () => {
  const lines = await listingOf(zipOf([A, B], { count: 1 }));
  assert.deepEqual(lines, ['a.js "A"', ' !zip.count']);
});
