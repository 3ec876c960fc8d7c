import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOf } from '@avow/bytes';
import { CONTAINER_LIMITS } from './limits.ts';
import { openContainer, openFolder } from './open.ts';
import { asarFile, asarOf, concat, tarOf, type ZipFile, zipOf } from './testdata/archives.ts';
import { listingOf } from './testdata/listing.ts';

const A = { name: 'a.js', data: 'A' };
const ASAR = asarOf(
  { files: { 'm.js': asarFile(0, 'M'), 'n.node': { size: 1, unpacked: true } } },
  'M',
);

function limited(limits: Partial<typeof CONTAINER_LIMITS>) {
  return { limits: { ...CONTAINER_LIMITS, ...limits } };
}

test('an ASAR in a ZIP opens where it stands, by content and not by name', async () => {
  const files: ZipFile[] = [{ name: 'r/app', data: ASAR, method: 8 }, A];
  assert.deepEqual(await listingOf(zipOf(files)), [
    'r/app asar',
    'r/app!/m.js "M"',
    'a.js "A"',
    'r/app!/n.node !asar.unpacked',
  ]);
});

test('a file beside its ASAR is not missing', async () => {
  const files: ZipFile[] = [
    { name: 'app.asar', data: ASAR },
    { name: 'app.asar.unpacked/n.node', data: 'N' },
  ];
  assert.deepEqual(await listingOf(zipOf(files)), [
    'app.asar asar',
    'app.asar!/m.js "M"',
    'app.asar.unpacked/n.node "N"',
  ]);
});

test('a nested archive that cannot be read whole costs its own members only', async () => {
  const broken = zipOf([A]).subarray(0, -1);
  assert.deepEqual(await listingOf(tarOf({ name: 'b.zip', data: broken }, A)), [
    'b.zip zip',
    'b.zip!/a.js "A"',
    'b.zip !zip.no-end',
    'a.js "A"',
  ]);
});

test('members have their digest and their place in the innermost container', async () => {
  const found = [];
  for await (const member of openContainer(gzipSync(tarOf(A)), 'x.tgz')) found.push(member);
  assert.deepEqual(
    found,
    [
      {
        path: 'a.js',
        bytes: Buffer.from('A'),
        digest: digestOf('A'),
        offset: 512,
        oddities: [],
      },
    ].map((member) => ({ ...member, bytes: new Uint8Array(member.bytes) })),
  );
});

test('npm takes off the first folder, whatever its name; what lies outside is told', async () => {
  const tar = tarOf({ name: 'package/a.js', data: '1' }, { name: 'other/b.js', data: '2' }, A);
  assert.deepEqual(await listingOf(tar, { isNpmPackage: true }), [
    'a.js "1"',
    'b.js "2"',
    'a.js "A" npm.outside container.duplicate',
  ]);
});

const NAMES: readonly { stored: string; want: string }[] = [
  { stored: './a//b/./c', want: 'a/b/c "x"' },
  { stored: '/etc/x', want: 'etc/x "x" container.name-absolute' },
  { stored: 'C:/x', want: 'C:/x "x" container.name-absolute' },
  { stored: '../../x', want: '(..)/(..)/x "x" container.name-parent' },
  { stored: 'a\\b', want: 'a\\b "x"' },
  { stored: 'a\nb', want: 'a\nb "x" container.name-control' },
  { stored: 'a.zip!/b', want: 'a.zip(!)/b "x" container.name-nesting' },
  { stored: './.', want: '(nameless) "x" container.name-empty' },
];

for (const { stored, want } of NAMES) {
  test(`the name ${JSON.stringify(stored)}`, async () => {
    assert.deepEqual(await listingOf(tarOf({ name: stored, data: 'x' })), [want]);
  });
}

test('a name with NUL can be written in a locator', async () => {
  const [line] = await listingOf(zipOf([{ name: 'a\0.js', data: 'x' }]));
  assert.equal(line, 'a\u2400.js "x" container.name-control');
});

test('a member beyond its limit is unread, the next is read', async () => {
  const tar = tarOf({ name: 'big', data: 'x'.repeat(1000) }, A);
  const want = ['big !container.limit-member-bytes', 'a.js "A"'];
  assert.deepEqual(await listingOf(tar, limited({ maxMemberBytes: 999 })), want);
  assert.deepEqual(await listingOf(gzipSync(tar), limited({ maxMemberBytes: 999 })), want);
});

test('a packed file that never ends stops at the limit of a member', async () => {
  const bomb = gzipSync(new Uint8Array(50_000_000));
  const want = ['archive !container.limit-member-bytes'];
  assert.deepEqual(await listingOf(bomb, limited({ maxMemberBytes: 1_000_000 })), want);
});

test('the limit of all bytes ends the reading, in a nested archive too', async () => {
  const inner = zipOf([
    { name: 'x', data: 'x'.repeat(600) },
    { name: 'y', data: 'y'.repeat(600) },
  ]);
  const lines = await listingOf(
    zipOf([{ name: 'i.zip', data: inner, method: 8 }, A]),
    limited({ maxTotalBytes: 2300 }),
  );
  assert.deepEqual(lines.at(-1), ' !container.limit-total-bytes');
  assert.ok(!lines.some((line) => line.startsWith('a.js')));
});

test('members that are stepped over are unpacked too, and count', async () => {
  const tar = gzipSync(tarOf({ name: 'big', data: 'x'.repeat(1_000_000) }, A));
  const limits = limited({ maxMemberBytes: 10, maxTotalBytes: 600_000 });
  assert.deepEqual(await listingOf(tar, limits), [
    'big !container.limit-member-bytes',
    ' !container.limit-total-bytes',
  ]);
});

test('the limit of members ends the reading', async () => {
  const tar = tarOf(...Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, data: '' })));
  const lines = await listingOf(tar, limited({ maxMembers: 3 }));
  assert.deepEqual(lines, ['0 ""', '1 ""', '2 ""', ' !container.limit-members']);
});

test('a limit in a folder is told, not thrown', async () => {
  const read = () => new Uint8Array(10);
  const entries = ['a', 'b'].map((name) => ({
    name,
    size: 10,
    offset: undefined,
    oddities: [],
    read,
  }));
  const found: string[] = [];
  for await (const member of openFolder(entries, { ...CONTAINER_LIMITS, maxTotalBytes: 15 })) {
    found.push('why' in member ? `${member.path}!${member.why.code}` : member.path);
  }
  assert.deepEqual(found, ['a', '!container.limit-total-bytes']);
});

test('nesting ends at its depth', async () => {
  let archive = zipOf([A]);
  for (let i = 0; i < 4; i++) archive = zipOf([{ name: 'z', data: archive }]);
  assert.deepEqual(await listingOf(archive, limited({ maxDepth: 2 })), [
    'z zip',
    'z!/z zip',
    'z!/z!/z zip',
    'z!/z!/z !container.limit-depth',
  ]);
});

test('a member is a view of the archive where it is stored', async () => {
  const zip = concat(zipOf([A]));
  for await (const member of openContainer(zip, 'x.zip')) {
    assert.ok('bytes' in member && member.bytes.buffer === zip.buffer);
  }
});
