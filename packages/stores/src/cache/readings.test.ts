import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { cacheFolder } from './folder.ts';
import { ReadingCache } from './readings.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-cache-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
const freshFolder = () => join(root, String(folders++));
const keyOf = (n: number) => n.toString(16).padStart(64, '0');
const text = (reading: Uint8Array | undefined) => reading && Buffer.from(reading).toString();

test('what one run keeps, the next reads; what was not kept is not there', () => {
  const folder = freshFolder();
  const first = new ReadingCache(folder, 1);
  first.write([[keyOf(1), Buffer.from('one')]]);
  first.close();
  const second = new ReadingCache(folder, 1);
  const found = second.read([keyOf(1), keyOf(2)]);
  assert.deepEqual(
    [...found].map(([key, reading]) => [key, text(reading)]),
    [[keyOf(1), 'one']],
  );
  second.clear();
  assert.equal(second.read([keyOf(1)]).size, 0);
  second.close();
});

test('a damaged reading is not given out, and is replaced by the next write', () => {
  const folder = freshFolder();
  const cache = new ReadingCache(folder, 1);
  cache.write([[keyOf(1), Buffer.from('right')]]);
  const other = new DatabaseSync(cache.path);
  other.exec("UPDATE readings SET reading = CAST('wrong' AS BLOB)");
  other.close();
  assert.equal(cache.read([keyOf(1)]).size, 0);
  cache.write([[keyOf(1), Buffer.from('right')]]);
  assert.equal(text(cache.read([keyOf(1)]).get(keyOf(1))), 'right');
  cache.close();
});

const DAMAGES = {
  'is no database': (bytes: Buffer) => bytes.fill('x', 0, 100),
  'is damaged inside': (bytes: Buffer) => bytes.fill(0xee, 4096),
  'is cut off': (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`a file that ${name} is begun anew`, () => {
    const folder = freshFolder();
    const before = new ReadingCache(folder, 1);
    before.write(Array.from({ length: 100 }, (_, n) => [keyOf(n), Buffer.alloc(2000, n)] as const));
    before.close();
    writeFileSync(before.path, damage(readFileSync(before.path)));
    const cache = new ReadingCache(folder, 1);
    cache.read([keyOf(1)]);
    cache.write([[keyOf(1), Buffer.from('new')]]);
    cache.write([[keyOf(1), Buffer.from('new')]]);
    assert.equal(text(cache.read([keyOf(1)]).get(keyOf(1))), 'new');
    cache.close();
  });
}

test('above its limit, the readings unused for longest go first', () => {
  const folder = freshFolder();
  const fill = (cache: ReadingCache, from: number) =>
    cache.write(
      Array.from({ length: 50 }, (_, n) => [keyOf(from + n), Buffer.alloc(5000, n)] as const),
    );
  const onDay1 = new ReadingCache(folder, 1, 500_000);
  fill(onDay1, 0);
  onDay1.close();
  const onDay2 = new ReadingCache(folder, 2, 500_000);
  assert.equal(onDay2.read([keyOf(0)]).size, 1);
  fill(onDay2, 100);
  assert.equal(onDay2.read([keyOf(0)]).size, 1, 'used on the second day');
  assert.equal(onDay2.read([keyOf(1)]).size, 0, 'not used since the first');
  assert.equal(onDay2.read([keyOf(149)]).size, 1, 'the newest');
  assert.ok(onDay2.info().bytes <= 500_000);
  onDay2.close();
});

test('two processes that write at the same time both keep their readings', async () => {
  const folder = freshFolder();
  const children = [0, 1000].map((from) =>
    fork(new URL('./testdata/writer.ts', import.meta.url), [folder, String(from)], {
      silent: true,
    }),
  );
  const statuses = await Promise.all(children.map((child) => once(child, 'exit')));
  assert.deepEqual(statuses, [
    [0, null],
    [0, null],
  ]);
  const cache = new ReadingCache(folder, 1);
  assert.equal(cache.info().readings, 400);
  cache.close();
});

const PLACES = [
  ['linux', {}, '/home/u/.cache/avow'],
  ['linux', { XDG_CACHE_HOME: '/var/c' }, '/var/c/avow'],
  ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/u/.cache/avow'],
  ['linux', { AVOW_CACHE: '/mine', XDG_CACHE_HOME: '/var/c' }, '/mine'],
  ['darwin', {}, '/home/u/Library/Caches/avow'],
] as const;

for (const [platform, environment, folder] of PLACES) {
  test(`on ${platform} with ${JSON.stringify(environment)} the cache is ${folder}`, () => {
    assert.equal(cacheFolder(environment, platform, '/home/u'), folder);
  });
}
