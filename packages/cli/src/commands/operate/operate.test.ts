import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import { openStores, readConfig } from '@avow/server';
import { findPostgres, S3Double, TEST_CREDENTIALS, TestPostgres } from '@avow/stores/contract';
import { Bench } from '../../testdata/cli.ts';

/** A service with a claim, an account, a job that waits, and part of an upload. */
const bench = new Bench();
const data = join(bench.folder, 'data');
const CLAIM = 'It sends my address book away.';
const PART = `${'p'.repeat(22)}.part`;

before(async () => {
  const config = readConfig({ environment: {}, options: {}, data });
  const stores = await openStores(config, 'http://service.test');
  const { id } = await stores.docket.write('ann', CLAIM);
  await stores.standing.add(id, 'owner', 'ann');
  await stores.objects.keep(utf8Bytes('evidence'));
  await stores.jobs.enqueue([{ kind: 'deliver', key: 'a', data: { number: 1 } }]);
  writeFileSync(join(data, 'uploads', PART), 'half');
  await stores.close();
});
after(() => bench.clear());

/** What a place has, asked through the service's own code. */
async function heldIn(place: { data: string; options?: Record<string, string> }) {
  const config = readConfig({ environment: {}, options: place.options ?? {}, data: place.data });
  const stores = await openStores(config, 'http://service.test');
  try {
    const claim = await stores.docket.claim('claim-1');
    return {
      text: await stores.docket.textOf(claim.texts[0] as `sha256:${string}`),
      owners: (await stores.standing.of(['claim-1'])).owners,
      jobs: await stores.jobs.counts(),
    };
  } finally {
    await stores.close();
  }
}

const WHOLE = {
  text: CLAIM,
  owners: ['ann'],
  jobs: [{ kind: 'deliver', state: 'waiting', count: 1 }],
};

for (const [name, to] of [
  ['a folder', 'backup'],
  ['one file', 'backup.tar'],
] as const) {
  test(`what was backed up into ${name} is there again elsewhere, the secret and half an upload too`, async () => {
    const made = bench.avow('backup', to, '--data', data);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /docket_events: \d+/);
    const place = join(bench.folder, `restored-${to}`);
    const restored = bench.avow('restore', to, '--data', place);
    assert.equal(restored.status, 0, restored.stderr);
    assert.equal(restored.stdout, made.stdout);
    assert.deepEqual(await heldIn({ data: place }), WHOLE);
    assert.deepEqual(readFileSync(join(place, 'secret')), readFileSync(join(data, 'secret')));
    assert.equal(statSync(join(place, 'secret')).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(place, 'uploads', PART), 'utf8'), 'half');
    const again = bench.avow('restore', to, '--data', place);
    assert.deepEqual([again.status, /move\.not-empty/.test(again.stderr)], [4, true]);
  });
}

test('a backup replaces no file, and a file that is none is refused by its code', () => {
  assert.equal(bench.avow('backup', 'backup.tar', '--data', data).status, 2);
  bench.made('other.tar', 'no archive at all'.repeat(100));
  const other = bench.avow('restore', 'other.tar', '--data', join(bench.folder, 'nowhere'));
  assert.deepEqual([other.status, /move\.backup/.test(other.stderr)], [4, true], other.stderr);
});

test('a database of before is brought to this version, and then as it is', () => {
  const place = join(bench.folder, 'fresh');
  const first = bench.avow('migrate', '--data', place);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^catalogue: nothing → \d+$/m);
  const second = bench.avow('migrate', '--data', place);
  assert.deepEqual([second.status, second.stdout], [0, '']);
});

const found = findPostgres();
test('from one machine to many: PostgreSQL and a bucket have all of it', {
  skip: 'reason' in found ? found.reason : false,
}, async () => {
  const postgres = await TestPostgres.start((found as { folder: string }).folder);
  const double = await S3Double.start();
  try {
    const [database, other] = [await postgres.newDatabase(), await postgres.newDatabase()];
    const keys = [TEST_CREDENTIALS.accessKeyId, TEST_CREDENTIALS.secretAccessKey];
    const [id, secret] = keys.map(encodeURIComponent);
    const objects = double.url().replace('s3://', `s3://${id}:${secret}@`);
    const moved = await bench.ran('move', '--data', data, '--to', database, '--objects', objects);
    assert.equal(moved.status, 0, moved.stderr);
    assert.match(moved.stdout, /docket_events: \d+/);
    assert.ok(!moved.stderr.includes(secret!), 'no secret is told');
    assert.deepEqual(await heldIn({ data, options: { database, objects } }), WHOLE);
    assert.deepEqual(await heldIn({ data }), WHOLE, 'the old place is as it was');
    const twice = await bench.ran('move', '--data', data, '--to', database);
    assert.deepEqual([twice.status, /move\.not-empty/.test(twice.stderr)], [4, true]);
    // And a backup of SQLite restores into PostgreSQL.
    const file = bench.made('pg.yaml', `database: "${other}"\n`);
    const place = join(bench.folder, 'restored-pg');
    const restored = await bench.ran('restore', 'backup', '--config', file, '--data', place);
    assert.equal(restored.status, 0, restored.stderr);
    assert.deepEqual(await heldIn({ data: place, options: { database: other } }), WHOLE);
    const doctor = await bench.ran('doctor', '--config', file, '--data', place);
    assert.match(doctor.stdout, /database: PostgreSQL \d+/);
    assert.match(doctor.stdout, /bad {2}postgresql: fsync off/);
    assert.equal(doctor.status, 1);
  } finally {
    await double.stop();
    await postgres.stop();
  }
});

test('the doctor says of a sound service what there is, and of others what to do', () => {
  const sound = bench.avow('doctor', '--data', data);
  assert.equal(sound.status, 0, sound.stdout + sound.stderr);
  for (const line of [
    /^ok {3}configuration: role all/m,
    /^ok {3}database: SQLite 3\./m,
    /^ok {3}layout: that of this version/m,
    /^ok {3}objects: a write is there/m,
    /^ok {3}secret: /m,
    /^warn address: none is told\n {5}Next: set "url"/m,
  ]) {
    assert.match(sound.stdout, line);
  }
  const key = bench.made('log/log.key', 'a key');
  bench.made('log/public/checkpoint', 'log.example.org\n7\nAAAA\n');
  chmodSync(key, 0o644);
  chmodSync(join(data, 'secret'), 0o644);
  const file = bench.made(
    'broken.yaml',
    `log: ${join(bench.folder, 'log')}\nurl: http://127.0.0.1:9\n`,
  );
  const broken = bench.avow('doctor', '--data', data, '--config', file);
  chmodSync(join(data, 'secret'), 0o600);
  assert.equal(broken.status, 1);
  assert.match(broken.stdout, /^bad {2}secret: .* has mode 0644.*\n {5}Next: chmod 600 /m);
  assert.match(broken.stdout, /^ok {3}log: log\.example\.org, 7 entries/m);
  assert.match(broken.stdout, /^bad {2}log key: .*log\.key has mode 0644/m);
  assert.match(broken.stdout, /^bad {2}address: /m);
});

test('the doctor finds a database that is not there, objects that cannot be written, and each wrong key', () => {
  bench.made('file', '');
  const away = bench.made(
    'away.yaml',
    `database: sqlite:${join(bench.folder, 'file', 'a.sqlite')}\nobjects: file:${join(bench.folder, 'file')}\n`,
  );
  mkdirSync(join(bench.folder, 'other'), { mode: 0o700 });
  const { stdout, status } = bench.avow(
    'doctor',
    '--config',
    away,
    '--data',
    join(bench.folder, 'other'),
  );
  assert.equal(status, 1);
  assert.match(stdout, /^bad {2}database: /m);
  assert.match(stdout, /^bad {2}objects: /m);
  const wrong = bench.made('wrong.yaml', 'prot: 80\nlimits:\n  read: much\n');
  const json = bench.avow('doctor', '--config', wrong, '--format', 'json');
  assert.equal(json.status, 1);
  assert.deepEqual(
    JSON.parse(json.stdout).found.map((one: { next: string }) => one.next),
    [`correct it in ${wrong}:3:3`, `correct it in ${wrong}:1:1`],
  );
});
