import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DAY } from '@avow/docket';
import { approveCommand, proposeCommand } from './commands.ts';
import { exportCommand } from './export.ts';
import { publishCaseCommand } from './publish.ts';
import { packed, SENDS, STEALS } from './testdata/products.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-alarm-'));
after(() => rmSync(root, { recursive: true }));
const docket = join(root, 'docket');
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');

function avow(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { cwd: root, encoding: 'utf8' });
}

function json(...args: readonly string[]) {
  const { stdout, stderr } = avow(...args, '--docket', docket, '--json');
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

test('one release with two contents: a case of its own, run over both, decided, published, exported', async () => {
  const one = packed(root, 'agent', '1.0.0', { 'lib/send.js': SENDS });
  const other = packed(root, 'agent', '1.0.0', { 'lib/send.js': STEALS });
  const place = 'pkg:npm/agent@1.0.0#lib/send.js @line:3\nfeature: net.http';
  assert.equal(json('claim', 'new', one, '--text', place).state, 'valid');
  const second = json('claim', 'new', other, '--text', place);
  assert.deepEqual(
    second.lacks.map(({ reason }: { reason: string }) => reason),
    ['two-contents'],
  );
  // The same alarm again is no second one.
  json('claim', 'new', other, '--text', place);
  const { rows } = json('case', 'list');
  assert.equal(rows.length, 1);
  assert.equal(rows[0].said, 'two-contents');
  // The guard says which of the two is meant, and the claim goes on.
  const guarded = second.lacks[0].candidates[0].replace(/^sha256:[0-9a-f]+: /, '');
  const completed = json(
    'claim',
    'new',
    '--complete',
    second.claim.id,
    '--text',
    `${guarded}\nfeature: net.http`,
  );
  assert.equal(completed.state, 'valid', JSON.stringify(completed.lacks));

  for (const who of ['investigator:ana', 'investigator:ben']) {
    const { receipt } = json('case', 'run', 'case-1', '--as', who);
    assert.equal(receipt.recheck.outcome, 'reproduced');
    const differences = receipt.recheck.differences.join('\n');
    assert.match(differences, /lib\/send\.js: sha256:[0-9a-f]{64} in one, sha256:/);
    assert.match(differences, /only in sha256:[0-9a-f]{64}: cred\.ssh-pgp at /);
  }
  let time = Date.now();
  const now = () => (time += 1_000);
  const as = (who: string) => ({ docket, as: who });
  await proposeCommand('case-1', { ...as('lead:lea'), verdict: 'contradicts', why: 'two' }, now);
  time += 8 * DAY;
  await approveCommand('case-1', as('lead:max'), now);
  const log = join(root, 'log');
  avow('log', 'init', log, '--origin', 'log.example.org/alarm');
  await publishCaseCommand(
    'case-1',
    {
      ...as('publisher:pia'),
      output: join(root, 'csaf'),
      name: 'Example Docket',
      namespace: 'https://docket.example',
      base: 'https://docket.example/csaf',
      prefix: 'avow',
      cache: false,
      log,
    },
    now,
  );
  const path = join(
    root,
    'csaf/white',
    `${new Date().getFullYear()}/avow-${new Date().getFullYear()}-0001.json`,
  );
  const document = JSON.parse(readFileSync(path, 'utf8'));
  assert.match(document.document.title, /one number, two contents/);

  await exportCommand('case-1', { docket, output: join(root, 'export'), product: true });
  const page = readFileSync(join(root, 'export/index.html'), 'utf8');
  const args = /avow (claim verify [^<]+)/.exec(page)![1]!.split(' ');
  assert.equal(args.length, 5, 'both contents are handed over');
  const verified = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: join(root, 'export'),
    encoding: 'utf8',
  });
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
});
