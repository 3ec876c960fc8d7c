import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  concat,
  paxRecord,
  type TarFile,
  tarHeader,
  tarMember,
  tarOf,
} from './testdata/archives.ts';
import { listingOf } from './testdata/listing.ts';

const A: TarFile = { name: 'a.js', data: 'A' };
const END = new Uint8Array(1024);

function sizeOf256(size: number): Uint8Array {
  const field = Buffer.alloc(12);
  field.writeBigUInt64BE(BigInt(size), 4);
  field[0] = 0x80;
  return field;
}

const CASES: readonly { name: string; tar: Uint8Array; want: readonly string[] }[] = [
  {
    name: 'files in archive order, folders left out',
    tar: tarOf({ name: 'd/', type: '5' }, { name: 'd/b.js', data: 'B' }, A),
    want: ['d/b.js "B"', 'a.js "A"'],
  },
  {
    name: 'the ustar prefix is a part of the name',
    tar: tarOf({ ...A, prefix: 'very/long' }),
    want: ['very/long/a.js "A"'],
  },
  {
    name: 'an old GNU header has no prefix, whatever stands there',
    tar: tarOf({ ...A, prefix: 'atime', magic: 'ustar  \0' }),
    want: ['a.js "A"'],
  },
  {
    name: 'a GNU long name',
    tar: tarOf({ name: '././@LongLink', type: 'L', data: `${'n'.repeat(200)}\0` }, A),
    want: [`${'n'.repeat(200)} "A"`],
  },
  {
    name: 'a pax path and size win over the header',
    tar: concat(
      tarMember({ name: 'x', type: 'x', data: paxRecord('path', 'ü.js') + paxRecord('size', '1') }),
      tarHeader({ ...A, sizeField: Buffer.from('00000000000\0') }),
      'A',
      new Uint8Array(511),
      END,
    ),
    want: ['ü.js "A"'],
  },
  {
    name: 'a global pax header holds for all members after it, a local one for the next',
    tar: tarOf(
      { name: 'g', type: 'g', data: paxRecord('path', 'global') },
      A,
      { name: 'x', type: 'x', data: paxRecord('path', 'local') },
      A,
      A,
    ),
    want: ['global "A"', 'local "A"', 'global "A" container.duplicate'],
  },
  {
    name: 'a base-256 size',
    tar: concat(tarHeader({ ...A, sizeField: sizeOf256(1) }), 'A', new Uint8Array(511), END),
    want: ['a.js "A"'],
  },
  {
    name: 'links are told and not followed',
    tar: tarOf({ name: 's', type: '2', link: '/etc/passwd' }, { name: 'h', type: '1', link: 'a' }),
    want: ['s -> /etc/passwd container.link', 'h -> a container.link'],
  },
  {
    name: 'a device is odd and holds nothing',
    tar: tarOf({ name: 'null', type: '3' }),
    want: ['null "" tar.device'],
  },
  {
    name: 'a sparse file is unread, and what follows is read',
    tar: tarOf({ name: 's', type: 'S', data: 'xx' }, A),
    want: ['s !tar.sparse', 'a.js "A"'],
  },
  {
    name: 'a pax sparse file is unread',
    tar: tarOf({ name: 'x', type: 'x', data: paxRecord('GNU.sparse.major', '1') }, A),
    want: ['a.js !tar.sparse'],
  },
  {
    name: 'a second archive behind the first is read, and told to be unseen by many',
    tar: concat(tarOf(A), tarOf({ name: 'hidden.js', data: 'H' })),
    want: ['a.js "A"', 'hidden.js "H" tar.after-end'],
  },
  {
    name: 'other data behind the end is told',
    tar: concat(tarOf(A), 'garbage'),
    want: ['a.js "A"', ' !tar.trailing'],
  },
  {
    name: 'an archive without end blocks is whole',
    tar: tarMember(A),
    want: ['a.js "A"'],
  },
  {
    name: 'a member cut off',
    tar: concat(tarMember(A), tarHeader({ name: 'b', data: 'x'.repeat(600) }), 'x'),
    want: ['a.js "A"', 'b !tar.truncated', ' !tar.truncated'],
  },
  {
    name: 'a damaged header costs its own member, and what follows is read',
    tar: concat(
      tarMember(A),
      tarMember({ ...A, checksum: 1 }),
      tarMember({ ...A, name: 'b' }),
      END,
    ),
    want: ['a.js "A"', ' !tar.checksum', 'b "A"'],
  },
  {
    name: 'a size that is no number',
    tar: tarOf(A, { ...A, sizeField: Buffer.from('9zzzzzzzzzz\0') }),
    want: ['a.js "A"', ' !tar.number'],
  },
  {
    name: 'a negative base-256 size',
    tar: tarOf(A, { ...A, sizeField: Buffer.alloc(12, 0xff) }),
    want: ['a.js "A"', ' !tar.number'],
  },
  {
    name: 'a link with data, on which programs disagree',
    tar: tarOf(A, { name: 'l', type: '2', link: 'a', data: 'hidden' }),
    want: ['a.js "A"', ' !tar.link-size'],
  },
  {
    name: 'a pax record with a wrong length',
    tar: tarOf(A, { name: 'x', type: 'x', data: '99 path=x\n' }, A),
    want: ['a.js "A"', ' !tar.pax', 'a.js "A" container.duplicate'],
  },
  {
    name: 'an extended header of more than a megabyte',
    tar: tarOf(A, { name: 'x', type: 'L', data: 'n'.repeat(1024 * 1024 + 1) }, A),
    want: ['a.js "A"', ' !tar.long-name', 'a.js "A" container.duplicate'],
  },
];

for (const { name, tar, want } of CASES) {
  test(`tar: ${name}`, async () => {
    assert.deepEqual(await listingOf(tar), want);
  });
}

test('tar: a first header that is cut leaves nothing to read, and is told', async () => {
  const cut = concat(tarHeader({ ...A, type: 'x', data: 'xx' }), 'x');
  assert.deepEqual(await listingOf(cut), [' !tar.truncated']);
});
