import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { latin1Bytes, latin1Text, Refused } from '@avow/bytes';
import { RECORD_READERS } from '../readers.ts';
import { databasesIn } from '../recognise.ts';
import { NO_CONTEXT } from '../record.ts';
import { applyCdiff, readCdiff } from './cdiff.ts';
import { openCvd } from './cvd.ts';
import { externalState, isExternallySigned } from './external.ts';
import { checkInfo } from './info.ts';
import { Maker } from './testdata/maker.ts';

const maker = new Maker();
const FILES = { 'x.ndb': 'A:0:*:00\nB:0:*:11\nC:0:*:22\n', 'x.hdb': '' };
const CVD = maker.cvd(7, 3, FILES);

function checks(bytes: Uint8Array, keys = maker.keys): string[] {
  return openCvd(bytes, 'cvd', keys).checks.map(
    ({ what, state, why }) => `${what} ${state === 'good' ? 'holds' : why!.code}`,
  );
}

function changed(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  return latin1Bytes(change(latin1Text(bytes)));
}

test('a database as its maker signed it passes every check', () => {
  assert.deepEqual(checks(CVD), [
    'md5 holds',
    'signature holds',
    'info holds',
    'members holds',
    'header holds',
  ]);
  assert.equal(openCvd(CVD, 'cvd', maker.keys).header.version, '7');
});

test('a database signed by another maker is told as that', () => {
  assert.deepEqual(checks(CVD, new Maker().keys), [
    'md5 holds',
    'signature clamav.signature',
    'info clamav.signature',
    'members holds',
    'header holds',
  ]);
});

test('an old update passed off under a new number is found: the header is not under its own signature', () => {
  const renumbered = changed(CVD, (text) => text.replace(':7:3:90:', ':8:3:90:'));
  assert.deepEqual(checks(renumbered), [
    'md5 holds',
    'signature holds',
    'info holds',
    'members holds',
    'header clamav.header-info',
  ]);
});

test('an unsigned database is told as unsigned, and no fault is made of it', () => {
  const checks = openCvd(CVD, 'cud', maker.keys).checks;
  assert.deepEqual(
    checks.map(({ what, state, why }) => [what, state, why?.code]),
    [
      ['md5', 'good', undefined],
      ['signature', 'absent', undefined],
    ],
  );
});

test('an archive changed after signing no longer has the digest of its header', () => {
  const bytes = Uint8Array.from(CVD);
  bytes[512 + 8] = bytes[512 + 8]! ^ 0xff; // the gzip time stamp and flags: the members stay readable
  assert.deepEqual(checks(bytes).slice(0, 2), ['md5 clamav.md5', 'signature clamav.signature']);
});

test('a member exchanged under the signed list is found', () => {
  const other = maker.cvd(7, 3, { ...FILES, 'x.ndb': 'A:0:*:00\nB:0:*:11\nC:0:*:33\n' });
  const list = openCvd(CVD, 'cvd', maker.keys).members.find(({ path }) => path === 'x.info')!;
  const { members } = openCvd(other, 'cvd', maker.keys);
  assert.deepEqual(
    checkInfo(list.bytes, members, maker.keys.info).map(({ what, state }) => [what, state]),
    [
      ['info', 'good'],
      ['members', 'bad'],
    ],
  );
});

const BROKEN: readonly (readonly [string, Uint8Array, string])[] = [
  ['a header that is cut off', CVD.subarray(0, 300), 'clamav.header'],
  [
    'a header with no number',
    changed(CVD, (text) => text.replace(':7:3:', ':x:3:')),
    'clamav.header',
  ],
  ['an archive that is cut off', CVD.subarray(0, 600), 'clamav.archive'],
  ['no archive', CVD.subarray(0, 512), 'clamav.archive'],
];

for (const [name, bytes, code] of BROKEN) {
  test(`a CVD with ${name} is refused as ${code}, and as a database is listed with its fault`, () => {
    assert.throws(() => openCvd(bytes, 'cvd', maker.keys), { code });
    const [database] = databasesIn([{ path: 'x.cvd', bytes }]);
    assert.deepEqual(
      [database!.format, database!.faults.map((why) => why.code)],
      ['clamav', [code]],
    );
  });
}

test('a cdiff adds, deletes, exchanges, moves and unlinks lines as freshclam does', () => {
  const script = [
    'OPEN x.ndb',
    'DEL 1 A:0',
    'XCHG 2 B:0:*:11 B:0:*:99',
    'ADD D:0:*:44',
    'CLOSE',
    'MOVE x.ndb y.ndb 2 C:0:*:22 2 C:0:*:22',
    'UNLINK x.hdb',
    '',
  ].join('\n');
  const cdiff = readCdiff(maker.cdiff(8, script), maker.keys);
  assert.deepEqual([cdiff.version, cdiff.isSigned], ['8', true]);
  const before = new Map(Object.entries(FILES).map(([name, text]) => [name, latin1Bytes(text)]));
  const after = applyCdiff(before, cdiff);
  assert.deepEqual(
    [...after].map(([name, bytes]) => [name, latin1Text(bytes)]),
    [
      ['x.ndb', 'B:0:*:99\nD:0:*:44\n'],
      ['y.ndb', 'C:0:*:22\n'],
    ],
  );
});

test('a cdiff for other bytes is refused before anything is changed', () => {
  const cdiff = readCdiff(maker.cdiff(8, 'OPEN x.ndb\nDEL 2 Z\nCLOSE\n'), maker.keys);
  const before = new Map([['x.ndb', latin1Bytes(FILES['x.ndb'])]]);
  assert.throws(() => applyCdiff(before, cdiff), { code: 'clamav.cdiff-mismatch' });
  assert.equal(latin1Text(before.get('x.ndb')!), FILES['x.ndb']);
});

test('a cdiff that is cut off, or says what it is not, is refused; one of another maker is unsigned', () => {
  const whole = maker.cdiff(8, 'OPEN x.ndb\nADD Z:0:*:00\nCLOSE\n');
  for (const bytes of [whole.subarray(0, 20), whole.subarray(0, 40), new Uint8Array(0)])
    assert.throws(() => readCdiff(bytes, maker.keys), Refused);
  const unknown = maker.cdiff(8, 'FORMAT c:\n');
  assert.throws(() => readCdiff(unknown, maker.keys), { code: 'clamav.cdiff' });
  assert.equal(readCdiff(whole, new Maker().keys).isSigned, false);
});

test('the commands of a cdiff are records, those that put signatures in under their names', () => {
  const bytes = maker.cdiff(8, 'OPEN x.ndb\nDEL 1 A:0\nADD D:0:*:44\nADD odd\nCLOSE\n');
  const [database] = databasesIn([{ path: 'db/x-8.cdiff', bytes }], {
    keys: maker.keys,
    roots: [],
  });
  assert.deepEqual(
    [database!.update, database!.faults, database!.checks.map(({ what, state }) => [what, state])],
    [
      '8',
      [],
      [
        ['signature', 'good'],
        ['external', 'absent'],
      ],
    ],
  );
  const records = [...RECORD_READERS.clamav.read(database!.members[0]!, NO_CONTEXT)];
  assert.deepEqual(
    records.map(({ member, line, kind, id, unknown }) => [member, line, kind, id, unknown?.code]),
    [
      ['db/x-8.cdiff!/x-8.script', 1, 'cdiff open', '', undefined],
      ['db/x-8.cdiff!/x-8.script', 2, 'cdiff delete', '', undefined],
      ['db/x-8.cdiff!/x-8.script', 3, 'cdiff add', 'D', undefined],
      ['db/x-8.cdiff!/x-8.script', 4, 'cdiff add', '', 'clamav.line'],
      ['db/x-8.cdiff!/x-8.script', 5, 'cdiff close', '', undefined],
    ],
  );
});

test('a .cdiff of another maker, or with other bytes, is a database with its fault', () => {
  const bytes = maker.cdiff(8, 'UNLINK x\n');
  const codes = (file: Uint8Array) =>
    databasesIn([{ path: 'x.cdiff', bytes: file }])[0]!.faults.map(({ code }) => code);
  assert.deepEqual(codes(bytes), ['clamav.signature']);
  assert.deepEqual(codes(bytes.subarray(0, 30)), ['clamav.cdiff']);
});

test('an external signature that is none is refused, never taken', () => {
  const garbage = latin1Bytes('#clamsign-1.0\n230::pkcs7-pem:MAMCAQA=\n');
  assert.throws(() => isExternallySigned(CVD, garbage, []), { code: 'clamav.external' });
  assert.throws(() => isExternallySigned(CVD, latin1Bytes('x'), []), { code: 'clamav.external' });
});

const REAL = `${process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus'}/records/git/clamav/unit_tests/input`;

test('the databases that Cisco signed verify, and each cdiff leads to the next database, byte for byte', (t) => {
  if (!existsSync(REAL)) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  const read = (name: string) => readFileSync(`${REAL}/freshclam_testfiles/test-${name}`);
  const pem = readFileSync(`${REAL}/signing/verify/clamav-test.crt`, 'latin1');
  const root = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  let before = openCvd(read('1.cvd'), 'cvd');
  for (let version = 2; version <= 6; version++) {
    const now = openCvd(read(`${version}.cvd`), 'cvd');
    assert.ok(
      now.checks.every(({ state }) => state === 'good'),
      `test-${version}.cvd`,
    );
    const cdiff = readCdiff(read(`${version}.cdiff`));
    assert.ok(cdiff.isSigned, `test-${version}.cdiff`);
    const members = (cvd: typeof now) =>
      new Map(cvd.members.map(({ path, bytes }) => [path, bytes]));
    const after = applyCdiff(members(before), cdiff);
    for (const [path, bytes] of members(now))
      assert.equal(latin1Text(after.get(path)!), latin1Text(bytes), path);
    for (const name of [`${version}.cvd`, `${version}.cdiff`])
      assert.ok(isExternallySigned(read(name), read(`${name}.sign`), [root]), name);
    assert.equal(externalState(read('1.cvd'), read(`${version}.cvd.sign`), [root]), 'bad');
    assert.equal(
      externalState(read(`${version}.cvd`), read(`${version}.cvd.sign`), []),
      'unknown-key',
    );
    before = now;
  }
});
