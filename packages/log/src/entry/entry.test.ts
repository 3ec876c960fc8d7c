import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  ChainHeads,
  canonicalJson,
  entryBytes,
  entryDigest,
  entryFaults,
  entryIn,
  hashDigest,
  isRecordIncluded,
  type Json,
  manifestBytes,
  parseEntry,
  parseManifest,
  parseRecordList,
  RecordTree,
  type ReleaseEntry,
  recordListBytes,
} from '../index.ts';

const DIGEST = digestOf('artifact');
const RELEASE: ReleaseEntry = {
  type: 'release',
  maker: 'maker.example',
  product: 'pkg:npm/thing',
  channel: 'stable',
  number: 1,
  digest: DIGEST,
  size: 12,
  manifest: DIGEST,
};

test('canonical JSON has the order, numbers and escapes of RFC 8785', () => {
  // The names of RFC 8785, 3.2.3, in the order of their UTF-16 code units.
  const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
  const value = Object.fromEntries(names.map((name) => [name, 1]));
  assert.deepEqual(Object.keys(JSON.parse(canonicalJson(value))), ['1', ...sorted.toSpliced(1, 1)]);
  assert.equal(
    canonicalJson({ b: [56.0, 1e30, 4.5, 2e-3, 1e-27], a: '\u20ac$\u000f\nA\'B"\\"/' }),
    '{"a":"€$\\u000f\\nA\'B\\"\\\\\\"/","b":[56,1e+30,4.5,0.002,1e-27]}',
  );
  assert.throws(() => canonicalJson('\ud800'), { code: 'canonical.value' });
  assert.throws(() => canonicalJson(Number.NaN), { code: 'canonical.value' });
  let deep: Json = 1;
  for (let depth = 0; depth < 40; depth++) deep = [deep];
  assert.throws(() => canonicalJson(deep), { code: 'canonical.value' });
});

test('an entry comes back from its bytes, and from no other spelling of them', () => {
  const bytes = entryBytes(RELEASE);
  assert.deepEqual(parseEntry(bytes), RELEASE);
  const text = utf8Text(bytes)!;
  for (const other of [` ${text}`, text.replace('"size":12', '"size":12.0'), `${text}\n`]) {
    assert.throws(() => parseEntry(utf8Bytes(other)), { code: 'entry.malformed' });
    assert.equal(entryIn(utf8Bytes(other)), undefined);
  }
});

test('every fault of an entry is told at once', () => {
  const faults = entryFaults({ type: 'release', maker: '', number: 0, digest: 'x', extra: 1 });
  assert.deepEqual(
    faults.map((fault) => fault.split(' ')[0]).sort(),
    ['"extra"', 'channel', 'digest', 'maker', 'manifest', 'number', 'product', 'size'].sort(),
  );
});

test('a number beyond 2^53, which JSON readers would round, is refused', () => {
  const text = JSON.stringify(RELEASE).replace('"number":1', '"number":9007199254740993');
  assert.throws(() => parseEntry(utf8Bytes(text)), /number is not a whole number/);
});

test('an entry above 4,096 bytes, or with text that hides, is refused', () => {
  assert.throws(() => parseEntry(new Uint8Array(4097)), { code: 'entry.malformed' });
  const hidden = { ...RELEASE, product: 'a\u202eb' };
  assert.throws(() => entryBytes(hidden), { code: 'entry.malformed' });
});

test('a chain tells duplicates, gaps and wrong previous entries, and keeps what came first', () => {
  const heads = new ChainHeads();
  const first = entryBytes(RELEASE);
  const prev = entryDigest(first);
  const kindsOf = (entry: ReleaseEntry) => heads.follow(entryBytes(entry)).map(({ kind }) => kind);
  assert.deepEqual(kindsOf(RELEASE), []);
  assert.deepEqual(kindsOf({ ...RELEASE, digest: digestOf('other') }), ['duplicate', 'prev']);
  assert.equal(heads.headOf(RELEASE)?.entry.digest, DIGEST);
  assert.deepEqual(kindsOf({ ...RELEASE, number: 2, prev: DIGEST }), ['prev']);
  assert.deepEqual(kindsOf({ ...RELEASE, channel: 'beta', number: 7 }), []);
  const second = heads.headOf(RELEASE)!;
  assert.deepEqual(kindsOf({ ...RELEASE, number: 5, prev: second.digest }), ['gap']);
  assert.equal(prev.length, 71);
  assert.equal(heads.size, 5n);
});

test('a record is proven to be in an update, whatever the order of the file', () => {
  const records = Array.from({ length: 37 }, (_, number) => ({
    id: `RULE_${(number * 7) % 37}`,
    digest: digestOf(`body ${number}`),
  }));
  const tree = new RecordTree(records);
  assert.deepEqual(new RecordTree(records.toReversed()).root, tree.root);
  for (const { id, digest } of records) {
    const [found] = tree.proofsOf(id);
    assert.equal(found?.record.digest, digest);
    assert.ok(isRecordIncluded(found!.record, found!.proof, tree.root));
    const other = { id, digest: digestOf('another body') };
    assert.ok(!isRecordIncluded(other, found!.proof, tree.root));
  }
  assert.deepEqual(tree.proofsOf('RULE_99'), []);
});

test('one record more is another root, and an id that stands twice is two records', () => {
  const one = { id: 'A', digest: digestOf('a') };
  const two = { id: 'A', digest: digestOf('b') };
  assert.notDeepEqual(new RecordTree([one]).root, new RecordTree([one, two]).root);
  assert.equal(new RecordTree([two, one]).proofsOf('A').length, 2);
});

test('a list of records is what was published only when it has the logged root', () => {
  const records = ['a "quoted" id', 'b\n', ''].map((id) => ({ id, digest: digestOf(id) }));
  const tree = new RecordTree(records);
  const list = recordListBytes(tree);
  const root = hashDigest(tree.root);
  assert.deepEqual(parseRecordList(list, root), tree.records);
  assert.equal(parseRecordList(list, DIGEST), undefined);
  assert.equal(parseRecordList(list.subarray(0, list.length - 30), root), undefined);
  assert.equal(parseRecordList(utf8Bytes('junk\n'), root), undefined);
});

test('a manifest lists each path once, in order, or is refused with its faults', () => {
  const member = { path: 'b.js', digest: DIGEST, size: 1 };
  const good = manifestBytes({
    schema: 'avow.release/1',
    members: [{ ...member, path: 'a.js' }, member],
  });
  assert.equal(parseManifest(good).schema, 'avow.release/1');
  for (const members of [[member, { ...member, path: 'a.js' }], [member, member], [{} as never]]) {
    assert.throws(() => manifestBytes({ schema: 'avow.release/1', members }), {
      code: 'manifest.malformed',
    });
  }
  assert.throws(() => parseManifest(utf8Bytes('{}')), { code: 'manifest.malformed' });
});
