import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const AVOW = fileURLToPath(new URL('../bin/avow.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'avow-records-'));
after(() => rmSync(folder, { recursive: true }));

function made(path: string, content: string | Uint8Array): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

function avow(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [AVOW, ...args], {
    encoding: 'utf8',
    env: { ...process.env, AVOW_CACHE: join(folder, 'cache'), NO_COLOR: '1' },
    cwd: folder,
  });
  return { stdout, stderr, status };
}

const CODE = "chrome.scripting.executeScript({ target: { tabId: 1 }, files: ['x.js'] });\n";
const LIST = '[Adblock Plus 2.0]\n! Version: 7\nexample.org##+js(aopr, foo)\n';

test('a list given beside an extension is carried out by its code, and names its own file', () => {
  const manifest = { name: 'b', version: '1', manifest_version: 3, permissions: ['scripting'] };
  made('blocker/manifest.json', JSON.stringify(manifest));
  made('blocker/bg.js', CODE);
  made('lists/list.txt', LIST);
  const { stdout } = avow('examine', 'blocker', '--with', 'lists/list.txt', '--format', 'json');
  const { databases, features, coverage } = JSON.parse(stdout);
  const [database] = databases;
  assert.deepEqual(
    [database.path, database.update, database.records, database.beside.name],
    ['list.txt', '7', 1, 'list.txt'],
  );
  assert.match(database.beside.digest, /^sha256:/);
  assert.equal(coverage.records, 1);
  const record = features.find((one: { when: string }) => one.when === 'record');
  assert.ok(record.locator.startsWith(database.beside.target));
  assert.equal(record.record.consumer.from, 'examined');
  assert.match(record.record.consumer.places[0], /bg\.js/);
  assert.match(avow('examine', 'blocker', '--with', 'lists').stdout, /given as lists, sha256:/);
});

test('what is given beside a product and holds no database is refused, not left out', () => {
  made('nothing.txt', 'no list\n');
  const { stderr, status } = avow('examine', 'blocker', '--with', 'nothing.txt');
  assert.equal(status, 4);
  assert.match(stderr, /nothing\.txt holds no database[\s\S]*examine\.no-database/);
});

const REAL = `${process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus'}/records/git/clamav/unit_tests/input`;
const isThere = existsSync(REAL);
const real = (name: string) => readFileSync(join(REAL, 'freshclam_testfiles', name));

test('of a signed database each signature is told with what came of it', (t) => {
  if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  for (const name of ['test-2.cvd', 'test-2.cvd.sign', 'test-2.cdiff', 'test-2.cdiff.sign'])
    made(`clam/${name}`, real(name));
  const { stdout } = avow('examine', 'clam', '--format', 'json');
  const { databases, unknowns } = JSON.parse(stdout);
  const states = ({ path, checks }: { path: string; checks: { what: string; state: string }[] }) =>
    `${path}: ${checks.map(({ what, state }) => `${what} ${state}`).join(', ')}`;
  assert.deepEqual(databases.map(states), [
    'test-2.cdiff: signature good, external unknown-key',
    'test-2.cvd: md5 good, signature good, info good, members good, header good, external unknown-key',
  ]);
  // The line for engines whose life is over is no signature; no check made a fault.
  const codes = unknowns.map(({ why }: { why: { code: string } }) => why.code);
  assert.deepEqual(codes, ['clamav.line']);
  const text = avow('examine', 'clam').stdout;
  assert.match(text, /checked: digest good, signature good, .*\.sign file of an unknown key/);
});

test('a file by itself is held against the .sign beside it, and a root that is given', (t) => {
  if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  const file = made('one/test-3.cvd', real('test-3.cvd'));
  const ca = join(REAL, 'signing/verify/clamav-test.crt');
  const external = () => {
    const run = avow('examine', file, '--format', 'json', '--ca', ca);
    const { databases, unknowns } = JSON.parse(run.stdout);
    const { state } = databases[0].checks.find(({ what }: { what: string }) => what === 'external');
    return [state, unknowns.map(({ why }: { why: { code: string } }) => why.code)];
  };
  assert.deepEqual(external(), ['absent', ['clamav.line']]);
  made('one/test-3.cvd.sign', real('test-3.cvd.sign'));
  assert.deepEqual(external(), ['good', ['clamav.line']]);
  made('one/test-3.cvd.sign', real('test-2.cvd.sign'));
  assert.deepEqual(external(), ['bad', ['clamav.external-signature', 'clamav.line']]);
});

test("the maker's own diff is second evidence: it leads there, or it is an alarm", (t) => {
  if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  for (const name of ['test-2.cvd', 'test-4.cvd', 'test-3.cdiff']) made(`way/${name}`, real(name));
  const way = () => {
    const { stdout, status } = avow('diff', 'way/test-2.cvd', 'way/test-4.cvd', '--format', 'json');
    const { databases, alarms } = JSON.parse(stdout).records;
    return { ...databases[0].script, alarms: alarms.length, isAlarm: status === 5 };
  };
  assert.equal(way().state, 'missing');
  made('way/test-4.cdiff', real('test-4.cdiff'));
  const { state, files, isAlarm } = way();
  assert.deepEqual([state, files, isAlarm], ['leads', ['test-3.cdiff', 'test-4.cdiff'], false]);
  assert.match(
    avow('diff', 'way/test-2.cvd', 'way/test-4.cvd').stdout,
    /the maker's own diff leads/,
  );
  const other = Buffer.from(real('test-3.cvd'));
  other.write(':4:', other.indexOf(':3:'), 'latin1');
  made('way/test-4.cvd', other);
  const wrong = way();
  assert.deepEqual([wrong.state, wrong.alarms, wrong.isAlarm], ['differs', 1, true]);
});

test('locate shows the commands of a .cdiff', (t) => {
  if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  const file = made('script/test-3.cdiff', real('test-3.cdiff'));
  const { databases, product } = JSON.parse(avow('examine', file, '--format', 'json').stdout);
  const { stdout, status } = avow('locate', `${product.target} @all`, file);
  assert.equal(status, 0);
  assert.match(stdout, /1 {2}OPEN test\.\w+/);
  assert.equal((stdout.match(/^ +\d+ {2}/gm) ?? []).length, databases[0].records);
});

test('keys of another maker are used as given, and a file of none is told', (t) => {
  if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
  const file = made('keys/test-2.cvd', real('test-2.cvd'));
  const key = { n: '3233', e: '17' };
  const keys = made('keys/keys.json', JSON.stringify({ cvd: key, info: key, cdiff: key }));
  const { unknowns } = JSON.parse(avow('examine', file, '--keys', keys, '--format', 'json').stdout);
  const codes = unknowns.map(({ why }: { why: { code: string } }) => why.code);
  assert.deepEqual(codes, ['clamav.signature', 'clamav.signature', 'clamav.line']);
  assert.equal(avow('examine', file, '--keys', made('keys/none.json', '{}')).status, 2);
});

const CHANGES: readonly (readonly [string, (bytes: Buffer) => void, RegExp])[] = [
  ['a byte of the archive', (bytes) => bytes.writeUInt8(bytes[516]! ^ 1, 516), /clamav\.md5/],
  ['the count of signatures', (bytes) => bytes.write('9', 37, 'latin1'), /clamav\.count/],
  ['the update number', (bytes) => bytes.write('9', 35, 'latin1'), /clamav\.header-info/],
  ['the end', (bytes) => bytes.fill(0, bytes.length - 200), /clamav\./],
];

for (const [what, change, code] of CHANGES) {
  test(`a signed database with ${what} changed is never called clean, and says why`, (t) => {
    if (!isThere) return t.skip(`no ${REAL}: run tools/records/fetch.ts`);
    const bytes = Buffer.from(real('test-1.cvd'));
    change(bytes);
    const file = made(`bad/${what}/test-1.cvd`, bytes);
    const { stdout, status } = avow('examine', file, '--format', 'json');
    const { unknowns, answer } = JSON.parse(stdout);
    assert.match(unknowns.map(({ why }: { why: { code: string } }) => why.code).join(), code);
    assert.deepEqual([status, answer], [3, 'incomplete']);
  });
}

test('a database of a known format that is not read is counted and never clean', () => {
  const file = made('stix/s.json', '{"type":"bundle","id":"bundle--1","objects":[]}');
  const { stdout, status } = avow('examine', file, '--format', 'json');
  const { databases, features, unknowns, coverage } = JSON.parse(stdout);
  assert.deepEqual([databases.length, features.length, unknowns.length, status], [1, 0, 1, 3]);
  assert.deepEqual([coverage.records, coverage.recordsUnderstood], [1, 0]);
  assert.match(unknowns[0].why.message, /bytes of stix, whose records are not read/);
});

test('two contents under one update number are an alarm with a status of its own', () => {
  const [a, b] = ['a', 'b'].map((name) => made(`${name}/list.txt`, `${LIST}||${name}.example^\n`));
  const { stdout, status } = avow('diff', a!, b!);
  assert.equal(status, 5);
  assert.match(stdout, /ALARM: .*update 7 stands for/);
});
