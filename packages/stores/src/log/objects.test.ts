import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fsckLog, type LogStore, openCheckpoint, openLog } from '@avow/log';
import { logStoreContract } from '../contract/log-store.ts';
import { S3Double, TEST_CREDENTIALS } from '../contract/s3-double.ts';
import {
  memoryWitnessStore,
  TEST_ORIGIN,
  testSettings,
  testWitnessKey,
} from '../contract/test-log.ts';
import { type ObjectStore, openObjects } from '../objects/index.ts';
import { journalName, journalOf } from './object-journal.ts';
import { openLogObjects } from './objects.ts';

logStoreContract('objects of a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-log-'));
  return {
    open: async () => openLogObjects(await openObjects(`file:${folder}`), 'log'),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

for (const every of [0, 10]) {
  const title = every === 0 ? 'bucket' : `bucket that fails one request in ${every}`;
  logStoreContract(title, async () => {
    const double = await S3Double.start();
    const faults = ['before', 'after', 'cut'] as const;
    double.fault = (number) => (every > 0 && number % every === 4 ? faults[number % 3] : undefined);
    return {
      open: async () => openLogObjects(await bucketOf(double), 'log'),
      remove: () => double.stop(),
    };
  });
}

function bucketOf(double: S3Double): Promise<ObjectStore> {
  return openObjects(double.url(), { credentials: TEST_CREDENTIALS });
}

function entry(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function entriesOf(store: LogStore): Promise<string[]> {
  const checkpoint = openCheckpoint(
    (await store.readPublished())!,
    TEST_ORIGIN,
    testSettings(store).ownKeys,
  ).checkpoint;
  const entries: string[] = [];
  const report = await fsckLog(store, checkpoint, undefined, (_, bytes) => {
    entries.push(new TextDecoder().decode(bytes));
  });
  assert.deepEqual(report.faults, []);
  return entries;
}

test('a log in a bucket that fails one request in ten, reopened, has every acknowledged entry', async () => {
  const double = await S3Double.start();
  const faults = ['before', 'after', 'cut'] as const;
  double.fault = (number) => (number % 10 === 3 ? faults[number % 3] : undefined);
  const witnesses = [{ key: testWitnessKey(0), store: memoryWitnessStore() }];
  const acknowledged: string[] = [];
  for (let run = 0; run < 3; run++) {
    const store = await openLogObjects(await bucketOf(double), 'log');
    const writer = await openLog(testSettings(store, witnesses));
    const texts = Array.from({ length: 150 }, (_, index) => `${run} ${index}`);
    await Promise.all(texts.map((text) => writer.append(entry(text))));
    acknowledged.push(...texts);
    await writer.whenPublished(BigInt(acknowledged.length));
    await writer.close();
  }
  const store = await openLogObjects(await bucketOf(double), 'log');
  assert.deepEqual(await entriesOf(store), acknowledged);
  await store.close();
  assert.deepEqual(
    double.keys.filter((key) => key.includes('/journal/')),
    [],
  );
  await double.stop();
});

test('a writer that was stopped past its lease acknowledges nothing more, and forks nothing', async () => {
  const double = await S3Double.start();
  let now = 1_000_000;
  const open = async () => openLogObjects(await bucketOf(double), 'log', () => now);
  const stopped = await openLog(testSettings(await open()));
  await stopped.append(entry('kept 0'));
  await stopped.whenPublished(1n);
  await assert.rejects(open(), { code: 'log.locked' });
  now += 31_000;
  const store = await open();
  const next = await openLog(testSettings(store));
  await assert.rejects(stopped.append(entry('lost')), { code: 'log.locked' });
  assert.equal(await next.append(entry('kept 1')), 1n);
  await next.whenPublished(2n);
  await stopped.close();
  assert.deepEqual(await entriesOf(store), ['kept 0', 'kept 1']);
  await next.close();
  const last = await open();
  const writer = await openLog(testSettings(last));
  assert.equal(writer.size, 2n, 'the batch of the stopped one is not taken up');
  await writer.close();
  await double.stop();
});

test('of overlapping batches the later writer counts', () => {
  const name = (first: bigint, end: bigint, epoch: number) => journalName({ first, end, epoch });
  const cases: readonly [string[], { epoch: number; first: bigint } | undefined, string[]][] = [
    [[name(0n, 2n, 1), name(2n, 5n, 1)], undefined, ['0-2', '2-5']],
    [[name(0n, 4n, 1), name(2n, 3n, 2)], undefined, ['0-2', '2-3']],
    [[name(0n, 2n, 1), name(2n, 9n, 1), name(2n, 3n, 2)], undefined, ['0-2', '2-3']],
    [[name(2n, 9n, 1)], { epoch: 2, first: 2n }, []],
    [[name(0n, 9n, 1)], { epoch: 2, first: 2n }, ['0-2']],
    [[name(2n, 9n, 2)], { epoch: 2, first: 2n }, ['2-9']],
    [['journal/x', 'other'], undefined, []],
  ];
  for (const [names, last, expected] of cases) {
    const found = journalOf(names, last).map(({ first, counted }) => `${first}-${counted}`);
    assert.deepEqual(found, expected, names.join(' '));
  }
});
