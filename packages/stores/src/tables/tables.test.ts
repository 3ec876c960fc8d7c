import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTableFile, writeTableFile } from './file.ts';
import { TableFolder } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-tables-'));
after(() => rmSync(root, { recursive: true }));

const TABLES = {
  about: { kind: 'elf', name: 'имя' },
  columns: {
    text: Uint8Array.of(1, 2, 3),
    ends: Uint32Array.of(1, 3),
    symbol: Int32Array.of(-1, 7),
    start: Float64Array.of(2 ** 40, 0),
    none: new Float64Array(0),
  },
};

test('what is written is read, each column in its type', () => {
  const path = join(root, 'a.tables');
  writeTableFile(path, TABLES);
  assert.deepEqual(readTableFile(path), TABLES);
});

test('a file that is cut off anywhere, damaged or not there is none', () => {
  const path = join(root, 'b.tables');
  writeTableFile(path, TABLES);
  const whole = readFileSync(path);
  for (let size = 0; size < whole.length - 8; size += 5) {
    writeFileSync(path, whole.subarray(0, size));
    assert.equal(readTableFile(path), undefined, `${size} bytes`);
  }
  writeFileSync(path, whole.fill(0x22, 12, 20));
  assert.equal(readTableFile(path), undefined);
  assert.equal(readTableFile(join(root, 'none')), undefined);
});

test('above its limit, the tables unused for longest go first, and what was left half made', async () => {
  const now = Date.now();
  const folder = await TableFolder.open(join(root, 'folder'), 1_000);
  for (const name of ['a', 'b', 'c']) writeFileSync(folder.path(name), Buffer.alloc(400));
  writeFileSync(folder.source('left'), 'half');
  assert.ok(await folder.has('b', now - 3_000));
  assert.ok(await folder.has('a', now - 2_000));
  assert.ok(await folder.has('c', now));
  await folder.trim(now);
  const left = async (name: string) => folder.has(name, now);
  assert.deepEqual([await left('a'), await left('b'), await left('c')], [false, false, true]);
  assert.equal(readFileSync(folder.source('left'), 'utf8'), 'half', 'it may be under way');
  await folder.trim(now + 7_200_000);
  assert.throws(() => readFileSync(folder.source('left')));
});
