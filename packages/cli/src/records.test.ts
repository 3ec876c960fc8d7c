import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
