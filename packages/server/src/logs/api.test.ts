import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bytesOfBase64, digestOf, utf8Bytes } from '@avow/bytes';
import {
  entryBytes,
  isConsistent,
  isIncluded,
  leafHash,
  noteVerifier,
  openCheckpoint,
  openLog,
  parseProofFile,
  verifierKeyOf,
  verifyProofFile,
} from '@avow/log';
import { openLogFolder } from '@avow/stores';
import { TEST_LOG_KEY, TEST_ORIGIN, testSettings } from '@avow/stores/contract';
import { type TestService, testService } from '../testdata/service.ts';

/** More than two bundles, so that proofs go over tiles. */
const COUNT = 600;
const KEYS = [noteVerifier(verifierKeyOf(TEST_LOG_KEY))];
const claimEntry = (number: number) =>
  entryBytes({ type: 'claim', digest: digestOf(`claim ${number}`) });

const folder = mkdtempSync(join(tmpdir(), 'avow-public-log-'));
let service: TestService;

before(async () => {
  const writer = await openLog(testSettings(await openLogFolder(folder)));
  const numbers = await Promise.all(
    Array.from({ length: COUNT }, (_, number) =>
      writer.append(number === 7 ? utf8Bytes('none of ours') : claimEntry(number)),
    ),
  );
  await writer.whenPublished(BigInt(numbers.length));
  await writer.close();
  service = await testService({}, { log: folder });
});
after(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string) => service.json('GET', `log/${path}`);
const hashes = (all: readonly string[]) => all.map((one) => bytesOfBase64(one)!);

/** As a client has to: by the log's key, which it has from elsewhere. */
function opened(checkpoint: { note: string; size: string; root: string }) {
  const signed = openCheckpoint(utf8Bytes(checkpoint.note), TEST_ORIGIN, KEYS).checkpoint;
  assert.equal(`${signed.size}`, checkpoint.size);
  assert.deepEqual(signed.root, bytesOfBase64(checkpoint.root));
  return signed;
}

test('the checkpoint is the signed one, and any page may read it', async () => {
  const response = await service.ask('GET', 'log/checkpoint');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal(opened((await response.json()) as never).size, BigInt(COUNT));
});

test('the latest entries come first, page by page, each once, back to the first', async () => {
  const seen: string[] = [];
  let path = 'entries?limit=200';
  for (;;) {
    const { body } = await get(path);
    assert.equal(body.size, `${COUNT}`);
    seen.push(...body.items.map(({ index }: { index: string }) => index));
    if (body.next === undefined) break;
    path = `entries?limit=200&before=${body.next}`;
  }
  const wanted = Array.from({ length: COUNT }, (_, at) => `${COUNT - 1 - at}`);
  assert.deepEqual(seen, wanted);
  const { body } = await get('entries?before=8&limit=2');
  assert.equal(body.items[0].entry, undefined, 'what is no entry of ours is given as bytes');
  assert.deepEqual(body.items[1].entry.digest, digestOf('claim 6'));
});

for (const index of [0, 7, 255, 256, 511, COUNT - 1]) {
  test(`entry ${index} is proven to whoever has the log's key, as JSON and as a file`, async () => {
    const { body } = await get(`entries/${index}`);
    const { size, root } = opened(body.checkpoint);
    const leaf = leafHash(bytesOfBase64(body.bytes)!);
    assert.deepEqual(leaf, bytesOfBase64(body.leaf));
    assert.ok(isIncluded(BigInt(index), leaf, size, root, hashes(body.proof)));
    assert.ok(!isIncluded(BigInt(index) ^ 1n, leaf, size, root, hashes(body.proof)));
    const file = await (await service.ask('GET', `log/entries/${index}/proof`)).text();
    const proof = parseProofFile(utf8Bytes(file));
    verifyProofFile(proof, leafHash(proof.extra!), TEST_ORIGIN, KEYS);
  });
}

for (const [from, to] of [
  [1, COUNT],
  [255, 257],
  [256, 512],
  [300, 300],
  [0, 10],
  [511, 599],
] as const) {
  test(`the log of ${to} entries continues the log of ${from}`, async () => {
    const { body } = await get(`consistency?from=${from}&to=${to}`);
    const head = (one: { size: string; root: string }) => ({
      size: BigInt(one.size),
      root: bytesOfBase64(one.root)!,
    });
    assert.ok(isConsistent(head(body.from), head(body.to), hashes(body.proof)));
    if (to === COUNT) assert.deepEqual(opened(body.checkpoint).root, head(body.to).root);
    if (from === 0 || from === to) return;
    const other = { ...head(body.from), root: leafHash(utf8Bytes('another log')) };
    assert.ok(!isConsistent(other, head(body.to), hashes(body.proof)));
  });
}

test('what is not there is told: an entry to come, a size to come, sizes the wrong way round', async () => {
  assert.equal((await get(`entries/${COUNT}`)).status, 404);
  assert.equal((await get(`consistency?from=1&to=${COUNT + 1}`)).body.code, 'log.size');
  assert.equal((await get('consistency?from=5&to=4')).body.code, 'log.size');
  assert.equal((await get('entries/-1')).status, 400);
  assert.equal((await get('consistency?from=1e3')).status, 400);
});

test('a service without a log says so', async () => {
  const none = await testService();
  try {
    const { status, body } = await none.json('GET', 'log/entries');
    assert.deepEqual([status, body.code], [404, 'log.none']);
  } finally {
    await none.close();
  }
});
