import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectStoreContract } from '../../contract/object-store.ts';
import { S3Double, type S3Fault, TEST_CREDENTIALS } from '../../contract/s3-double.ts';
import { openObjects } from '../open.ts';
import type { ObjectStore } from '../store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function bucket(fault: S3Double['fault']) {
  return async () => {
    const double = await S3Double.start();
    double.fault = fault;
    return {
      open: () => openObjects(double.url(), { credentials: TEST_CREDENTIALS }),
      remove: () => double.stop(),
    };
  };
}

objectStoreContract(
  'bucket',
  bucket(() => undefined),
);

const FAULTS: readonly S3Fault[] = ['before', 'after', 'cut'];

/** One request in ten, each fault in turn. */
objectStoreContract(
  'bucket that fails one request in ten',
  bucket((number) => (number % 10 === 7 ? FAULTS[Math.floor(number / 10) % 3] : undefined)),
);

async function withBucket(
  work: (store: ObjectStore, double: S3Double) => Promise<void>,
): Promise<void> {
  const double = await S3Double.start();
  try {
    await work(await openObjects(double.url(), { credentials: TEST_CREDENTIALS }), double);
  } finally {
    await double.stop();
  }
}

for (const fault of FAULTS) {
  test(`a put whose answer is lost (${fault}) is told to have happened, once`, () =>
    withBucket(async (store, double) => {
      const first = double.requests;
      double.fault = (number) => (number === first ? fault : undefined);
      assert.equal(await store.put('a', bytes('mine')), true);
      double.fault = () => undefined;
      assert.equal(await store.put('a', bytes('other')), false);
      const second = double.requests + 1;
      double.fault = (number) => (number === second ? fault : undefined);
      assert.equal(await store.replace('a', bytes('mine'), bytes('next')), true);
      assert.deepEqual(await store.get('a'), bytes('next'));
    }));
}

test('a service that stays away is said to be unreachable', { timeout: 60_000 }, () =>
  withBucket(async (store, double) => {
    double.fault = (number) => FAULTS[number % 3];
    await assert.rejects(store.get('a'), { code: 'objects.unreachable' });
  }),
);

test('a full service is said to be full', () =>
  withBucket(async (store, double) => {
    double.isFull = true;
    await assert.rejects(store.put('a', bytes('1')), { code: 'storage.full' });
  }));

test('a key that is not let in is told so, and its secret is not', async () => {
  const double = await S3Double.start();
  const credentials = { ...TEST_CREDENTIALS, secretAccessKey: 'wrong-secret' };
  await assert.rejects(openObjects(double.url(), { credentials }), (error: Error) => {
    assert.equal((error as Error & { code: string }).code, 'objects.denied');
    assert.match(error.message, /SignatureDoesNotMatch/);
    assert.doesNotMatch(error.message, /wrong-secret/);
    return true;
  });
  await double.stop();
});

test('a service that writes over what is there, in spite of the condition, is not used', async () => {
  const double = await S3Double.start();
  double.isHeedless = true;
  await assert.rejects(openObjects(double.url(), { credentials: TEST_CREDENTIALS }), {
    code: 'objects.unconditional',
  });
  await double.stop();
});

test('keys may stand in the address, as a password does', async () => {
  const double = await S3Double.start();
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  const keys = `${accessKeyId}:${encodeURIComponent(secretAccessKey)}@`;
  const store = await openObjects(double.url().replace('s3://', `s3://${keys}`));
  assert.equal(await store.put('a', bytes('1')), true);
  await double.stop();
});

test('an address that is none is refused', async () => {
  for (const url of ['objects', 'ftp://x', 's3://', 's3://bucket?endpoint=ftp://x']) {
    const opened = openObjects(url, { credentials: TEST_CREDENTIALS });
    await assert.rejects(opened, { code: 'objects.url' }, url);
  }
  for (const url of ['s3://bucket', 's3://key@bucket', 's3://:secret@bucket']) {
    await assert.rejects(openObjects(url), { code: 'objects.url' }, url);
  }
});
