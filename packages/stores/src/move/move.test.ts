import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as sole } from 'node:test';
import { auditChain, type DocketEvent } from '@avow/docket';
import { Catalogue } from '../catalogue/index.ts';
import { newEvent } from '../contract/docket-store.ts';
import { onEachDatabase, onPostgres, type TestPlace } from '../contract/each-database.ts';
import { S3Double, TEST_CREDENTIALS } from '../contract/s3-double.ts';
import {
  type Database,
  migrate,
  openDatabase,
  SearchIndex,
  searchStep,
} from '../database/index.ts';
import { DocketInDatabase } from '../docket/tables.ts';
import { type JobQueue, openJobs } from '../jobs/index.ts';
import { KeptObjects, type ObjectStore, openObjects } from '../objects/index.ts';
import { People } from '../people/index.ts';
import { backup, type Kept, moveTo, restore } from './backup.ts';
import type { CopyOptions } from './rows.ts';
import { RowSum } from './sum.ts';

interface Tables {
  things: { number: number; text: string; bytes: Uint8Array | null; real: number | null };
}

const OPTIONS: CopyOptions = {
  prepare: async (database) => {
    await Catalogue.open(database);
    await People.open(database);
    await DocketInDatabase.open(database);
    await migrate(database, 'test', [
      [
        `CREATE TABLE things (number {counter}, text {text} NOT NULL, bytes {bytes}, real {real}) {strict}`,
      ],
      searchStep('thing_words'),
    ]);
  },
  kinds: { examine: { retrySeconds: 1 } },
};

const THINGS = 5_000;
const AT = new Date('2026-11-23T12:00:00Z');

async function fill(database: Database): Promise<void> {
  await OPTIONS.prepare(database);
  const tables = database.tables<Tables>();
  const index = new SearchIndex('thing_words', database.dialect);
  const rows = Array.from({ length: THINGS }, (_, number) => ({
    text: `ü${number} '\\ \n`,
    bytes: number % 3 === 0 ? null : Uint8Array.of(number % 256, 0, 255),
    real: number % 2 === 0 ? null : number / 7,
  }));
  for (let from = 0; from < THINGS; from += 500) {
    await tables
      .insertInto('things')
      .values(rows.slice(from, from + 500) as never)
      .execute();
  }
  // The last number was given, and is not given again.
  await tables.deleteFrom('things').where('number', '=', THINGS).execute();
  const texts = rows.map((_, number) => ({ key: `k${number}`, text: `host${number} example org` }));
  await index.put(tables, texts);
  await index.put(tables, [
    { key: 'k7', text: 'replaced' },
    { key: 'empty', text: '' },
  ]);
  const docket = await DocketInDatabase.open(database);
  for (let number = 1; number <= 20; number++) await docket.append([newEvent(number, 1)]);
  const jobs = await openJobs(database, OPTIONS.kinds);
  await fillJobs(jobs);
  await jobs.close();
}

async function fillJobs(jobs: JobQueue): Promise<void> {
  const job = (key: string, priority: number) => ({ kind: 'examine', key, data: [key], priority });
  const keys = ['done', 'failed', 'cancelled', 'running', 'again'];
  await jobs.enqueue(keys.map((key, index) => job(key, 10 - index)));
  await jobs.enqueue([{ ...job('waiting', 0), runAt: Date.now() + 3_600_000 }]);
  const claimed = await jobs.claim(['examine'], 5);
  const of = (key: string) => claimed.find((one) => one.key === key)!;
  await jobs.complete(of('done'), { z: 1, a: 2 });
  await jobs.fail(of('failed'), 'broken', true);
  await jobs.cancel(of('cancelled').id);
  await jobs.fail(of('again'), 'once');
}

async function holdToFilled(database: Database): Promise<void> {
  const tables = database.tables<Tables>();
  const index = new SearchIndex('thing_words', database.dialect);
  const found = async (question: string) =>
    (
      await tables
        .selectFrom('thing_words' as never)
        .select('key' as never)
        .where(index.matches('key', question))
        .execute()
    ).map((row) => (row as { key: string }).key);
  assert.deepEqual(await found('host4321 exam'), ['k4321']);
  assert.deepEqual(await found('replaced'), ['k7']);
  assert.ok(!(await found('host7')).includes('k7'));
  const next = await tables
    .insertInto('things')
    .values({ text: 'next' } as never)
    .returning('number')
    .executeTakeFirstOrThrow();
  assert.equal(next.number, THINGS + 1);
  const events: DocketEvent[] = [];
  for await (const event of (await DocketInDatabase.open(database)).events()) events.push(event);
  assert.equal(auditChain(events).number, 20);
  const jobs = await openJobs(database, OPTIONS.kinds);
  const states = (await jobs.list({ limit: 99 })).jobs.map(
    ({ key, state, attempt }) => `${key} ${state} ${attempt}`,
  );
  assert.deepEqual(states.sort(), [
    'again waiting 1',
    'cancelled cancelled 1',
    'done done 1',
    'failed failed 1',
    'running waiting 1',
    'waiting waiting 0',
  ]);
  const [running] = await jobs.claim(['examine'], 1);
  assert.deepEqual([running?.key, running?.attempt], ['running', 2]);
  assert.equal(await jobs.complete(running!, 'now'), true);
  await jobs.close();
}

async function kept(place: TestPlace, name: string): Promise<Kept> {
  return {
    database: await place.open(),
    objects: await openObjects(`file:${join(place.folder, name)}`),
  };
}

async function fillObjects(objects: ObjectStore): Promise<void> {
  const own = new KeptObjects(objects);
  for (let number = 0; number < 30; number++) await own.keep(Buffer.from(`object ${number}`));
  await own.keep(new Uint8Array(5_000_000).fill(7));
  await objects.put('log/public/checkpoint', Buffer.from('a log'));
}

onEachDatabase('a backup', (test) => {
  test('is restored into SQLite, with every row, object and number', async (place) => {
    const source = await kept(place, 'objects');
    await fill(source.database);
    await fillObjects(source.objects);
    const folder = join(place.folder, 'backup');
    const copied = await backup(source, folder, AT, OPTIONS);
    assert.equal(copied.objects.objects, 32);
    assert.equal(copied.tables.find(({ name }) => name === 'things')?.rows, THINGS - 1);
    assert.equal(copied.tables.find(({ name }) => name === 'jobs')?.rows, 6);
    const database = await openDatabase(`sqlite:${join(place.folder, 'restored.sqlite')}`);
    const objects = await openObjects(`file:${join(place.folder, 'restored')}`);
    assert.deepEqual(await restore(folder, { database, objects }, OPTIONS), copied);
    await holdToFilled(database);
    await assert.rejects(restore(folder, { database, objects }, OPTIONS), {
      code: 'move.not-empty',
    });
    await database.close();
  });

  test('made again into the same folder has what is new, and not what was erased', async (place) => {
    const source = await kept(place, 'objects');
    await fill(source.database);
    const own = new KeptObjects(source.objects);
    const [old] = [await own.keep(Buffer.from('erased later'))];
    const folder = join(place.folder, 'backup');
    await backup(source, folder, AT, OPTIONS);
    const [name] = await source.objects.list({ prefix: '', limit: 1 });
    await source.objects.remove(name!);
    const fresh = await own.keep(Buffer.from('new'));
    await backup(source, folder, AT, OPTIONS);
    const objects = await openObjects(`file:${join(place.folder, 'restored')}`);
    const database = await openDatabase(`sqlite:${join(place.folder, 'restored.sqlite')}`);
    await restore(folder, { database, objects }, OPTIONS);
    assert.equal(await new KeptObjects(objects).read(old!), undefined);
    assert.ok(await new KeptObjects(objects).read(fresh));
    await database.close();
  });
});

onPostgres('moving from one machine to many', (test) => {
  test('everything is there: rows in PostgreSQL, objects in a bucket that fails one request in ten', async (place) => {
    const double = await S3Double.start();
    const faults = ['before', 'after', 'cut'] as const;
    double.fault = (number) => (number % 10 === 5 ? faults[number % 3] : undefined);
    const from: Kept = {
      database: await openDatabase(`sqlite:${join(place.folder, 'one.sqlite')}`),
      objects: await openObjects(`file:${join(place.folder, 'one')}`),
    };
    await fill(from.database);
    await fillObjects(from.objects);
    const to: Kept = {
      database: await place.open(),
      objects: await openObjects(double.url(), { credentials: TEST_CREDENTIALS }),
    };
    const copied = await moveTo(from, to, OPTIONS);
    assert.equal(copied.objects.objects, 32);
    await holdToFilled(to.database);
    assert.deepEqual(
      await to.objects.get('log/public/checkpoint'),
      new Uint8Array(Buffer.from('a log')),
    );
    await from.database.close();
    await double.stop();
  });

  test('a table that the target does not know is told, and nothing is written', async (place) => {
    const from = await openDatabase(`sqlite:${join(place.folder, 'one.sqlite')}`);
    await fill(from);
    await migrate(from, 'later', [['CREATE TABLE later (x {integer}) {strict}']]);
    const objects = await openObjects(`file:${join(place.folder, 'one')}`);
    const to = { database: await place.open(), objects };
    await assert.rejects(moveTo({ database: from, objects }, to, OPTIONS), { code: 'move.tables' });
    const things = await to.database.tables<Tables>().selectFrom('things').selectAll().execute();
    assert.deepEqual(things, []);
    await from.close();
  });
});

onEachDatabase('a damaged backup', (test) => {
  test('is told to be damaged, and is not restored', async (place) => {
    const source = await kept(place, 'objects');
    await fill(source.database);
    await fillObjects(source.objects);
    const folder = join(place.folder, 'backup');
    await backup(source, folder, AT, OPTIONS);
    const into = async (name: string): Promise<Kept> => ({
      database: await openDatabase(`sqlite:${join(place.folder, `${name}.sqlite`)}`),
      objects: await openObjects(`file:${join(place.folder, name)}`),
    });
    const backed = await openObjects(`file:${join(folder, 'objects')}`);
    const [name] = await backed.list({ prefix: 'sha256/', limit: 1 });
    const path = join(folder, 'objects', name!);
    const whole = readFileSync(path);
    writeFileSync(path, 'another');
    await assert.rejects(restore(folder, await into('a'), OPTIONS), { code: 'move.differs' });
    writeFileSync(path, whole);
    await backed.remove(name!);
    await assert.rejects(restore(folder, await into('b'), OPTIONS), { code: 'move.differs' });
    mkdirSync(join(place.folder, 'empty'));
    await assert.rejects(restore(join(place.folder, 'empty'), await into('c'), OPTIONS), {
      code: 'move.backup',
    });
  });
});

sole('a row sum tells rows apart, however they are ordered', () => {
  const sumOf = (rows: readonly Record<string, unknown>[]) => {
    const sum = new RowSum();
    for (const row of rows) sum.add(row, ['a', 'b']);
    return `${sum.rows} ${sum.digest}`;
  };
  const [one, two] = [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ];
  assert.equal(sumOf([one, two]), sumOf([two, one]));
  const others = [
    [one],
    [one, one],
    [one, one, two],
    [
      { a: 1, b: null },
      { a: 2, b: 'x' },
    ],
  ];
  for (const rows of others) assert.notEqual(sumOf(rows), sumOf([one, two]));
  assert.notEqual(sumOf([{ a: Uint8Array.of(1) }]), sumOf([{ a: Uint8Array.of(2) }]));
});
