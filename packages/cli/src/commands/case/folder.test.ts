import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packed, SENDS, STEALS } from './testdata/products.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-folder-'));
after(() => rmSync(root, { recursive: true }));
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');

function avow(args: readonly string[], cwd = root) {
  return spawnSync(process.execPath, [MAIN, ...args], { cwd, encoding: 'utf8' });
}

function json(...args: readonly string[]) {
  const { stdout, stderr } = avow([...args, '--json']);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

/** As it was installed: no package says what it is, and its name has a blank. */
function installed(name: string, text: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'lib/steal.js'), text);
  writeFileSync(join(folder, 'lib/again.js'), text);
  writeFileSync(join(folder, 'empty'), '');
  return folder;
}

test('a folder on one’s own machine: claimed, deleted, run from what was kept, exported, run again by a stranger', () => {
  const folder = installed('My Agent', STEALS);
  const first = json('claim', 'new', folder, '--yes', '--text', 'it steals keys');
  assert.equal(first.state, 'returned');
  rmSync(folder, { recursive: true });
  // Whoever goes on with the claim goes on with the folder that it was made on.
  const text = 'lib/steal.js:4\nfeature: cred.ssh-pgp';
  const more = ['--complete', first.claim.id, '--yes', '--text', text];
  const { claim, state, receipt } = json('claim', 'new', ...more);
  assert.equal(state, 'valid');
  assert.equal(json('case', 'take', claim.id, '--as', 'lead:lea').case ?? 'case-1', 'case-1');
  const run = json('case', 'run', 'case-1', '--as', 'investigator:ana');
  assert.equal(run.receipt.result, receipt.result, 'the same for whoever runs it');
  assert.equal(run.receipt.recheck.outcome, 'reproduced');
  json('case', 'export', 'case-1', '-o', 'export');
  rmSync(join(root, 'docket'), { recursive: true });

  const elsewhere = mkdtempSync(join(tmpdir(), 'avow-stranger-'));
  cpSync(join(root, 'export'), elsewhere, { recursive: true });
  const [digest = ''] = readdirSync(join(elsewhere, 'product'));
  const files = readdirSync(join(elsewhere, 'product', digest));
  assert.equal(files.length, 3, 'the list, one file for two of the same content, the empty one');
  const list = `list:product/${digest}/${files.find((one) => one.endsWith('.list'))}`;
  assert.equal(list.endsWith('/My%20Agent.list'), true);
  const verified = avow(['claim', 'verify', 'receipt-1.json', list], elsewhere);
  assert.match(verified.stdout, /^equal: reproduced/, verified.stderr);
  // Without one of its files it is not the same.
  const gone = files.find((one) => !one.endsWith('.list') && !one.startsWith('e3b0c442'))!;
  rmSync(join(elsewhere, 'product', digest, gone));
  const { status } = avow(['claim', 'verify', 'receipt-1.json', list], elsewhere);
  assert.notEqual(status, 0);
  rmSync(elsewhere, { recursive: true });
});

test('a folder of a release that is kept too is no second content of it', () => {
  const archive = packed(root, 'agent', '1.0.0', { 'lib/send.js': SENDS });
  const docket = ['--docket', join(root, 'two')];
  const text = ['--yes', '--text', 'lib/send.js:3\nfeature: net.http'];
  assert.equal(json('claim', 'new', archive, ...text, ...docket).state, 'valid');
  writeFileSync(join(archive, '../package/lib/more.js'), SENDS);
  const own = json('claim', 'new', join(archive, '../package'), ...text, ...docket);
  assert.equal(own.state, 'valid', JSON.stringify(own.lacks));
  assert.deepEqual(json('case', 'list', ...docket).rows, [], 'no alarm');
  // By its name alone, the release is meant.
  const named = ['--text', 'pkg:npm/agent@1.0.0#lib/send.js @line:3\nfeature: net.http'];
  const third = json('claim', 'new', ...named, ...docket);
  assert.equal(third.state, 'valid', JSON.stringify(third.lacks));
  assert.notEqual(third.receipt.product.digest, own.receipt.product.digest);
});
