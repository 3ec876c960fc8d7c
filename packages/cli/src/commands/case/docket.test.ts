import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Refused } from '@avow/bytes';
import { auditChain, DAY, type DocketEvent } from '@avow/docket';
import { openProduct } from '@avow/products';
import { openDocketFolder } from '@avow/stores/docket';
import { EXIT } from '../../exit.ts';
import { approveCommand, proposeCommand, stateCommand, takeCommand } from './commands.ts';
import { exportCommand } from './export.ts';
import { publishCaseCommand } from './publish.ts';
import { runCommand } from './run.ts';

/** Real packages, fetched as a user fetches them: from the registry that npm is set up with. */
const OLD = 'npm:@scarf/scarf@1.3.0';
const PRODUCT = 'npm:@scarf/scarf@1.4.0';
const UPDATE = 'npm:@duckduckgo/autoconsent@16.23.0';
const skip = await offline();

const root = mkdtempSync(join(tmpdir(), 'avow-docket-e2e-'));
after(() => rmSync(root, { recursive: true }));
const docket = join(root, 'docket');
const log = join(root, 'log');
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');

/** Why the packages cannot be had; false where they can. Fetched once, npm has them in its cache. */
async function offline(): Promise<string | false> {
  try {
    for (const spec of [OLD, PRODUCT, UPDATE]) await openProduct(spec);
    return false;
  } catch (error) {
    const code = error instanceof Refused ? error.code : '';
    if (!/^npm\.(?:offline|network|not-found|auth|missing)$/.test(code)) throw error;
    const reason = `the packages cannot be fetched: ${(error as Refused).message}`;
    console.log(`skipped: ${reason}`);
    return reason;
  }
}

function avow(...args: readonly string[]): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  return spawnSync(process.execPath, [MAIN, ...args], { cwd: root, encoding: 'utf8' });
}

function json(...args: readonly string[]) {
  const { stdout, stderr } = avow(...args, '--docket', docket, '--json');
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

const PLACE = 'report.js:380\nfeature: host.profile -> net.named-service';
const LOCATOR = 'pkg:npm/%40scarf/scarf@1.4.0#report.js @line:380';

test('from a claim to a warning: two releases and an update, five claims, two runs, a verdict', {
  skip,
}, async () => {
  const key = avow('log', 'init', log, '--origin', 'log.example.org/e2e').stdout.trim();
  for (const [spec, more] of [
    [OLD, ['--maker', 'scarf']],
    [PRODUCT, ['--maker', 'scarf']],
    [UPDATE, ['--maker', 'duckduckgo', '--update']],
  ] as const) {
    const { status, stderr } = avow(
      'publish',
      spec,
      '--log',
      log,
      ...more,
      '-o',
      join(root, 'proof'),
    );
    assert.equal(status, 0, stderr);
  }
  const policy = join(root, 'policy.json');
  const trust = [`log ${key}`, 'quorum none'];
  const product = 'pkg:npm/%40scarf/scarf';
  writeFileSync(
    policy,
    JSON.stringify({ schema: 'avow.policy/1', product, channel: 'stable', maker: 'scarf', trust }),
  );
  const check = (name: string) =>
    avow('check', PRODUCT, '--policy', policy, '--log', log, '--state', join(root, name));
  const before = check('state-1');
  assert.equal(before.status, EXIT.ok, before.stdout + before.stderr);

  // No place: turned back with the complete list, and completed later.
  const none = json('claim', 'new', '--by', 'cleo', '--text', 'it phones home');
  assert.equal(none.state, 'returned');
  assert.deepEqual(
    none.lacks.map(({ reason }: { reason: string }) => reason),
    ['missing-product', 'missing-version', 'missing-module', 'missing-place'],
  );
  // A wrong place: the nearest are named.
  const wrong = json(
    'claim',
    'new',
    PRODUCT,
    '--by',
    'dora',
    '--text',
    PLACE.replace('380', '9380'),
    '--yes',
  );
  assert.equal(wrong.lacks[0].reason, 'outside-image');
  assert.ok(wrong.lacks[0].candidates.some((one: string) => one.includes('report.js @line:541')));
  // The right one, in words of its own: shown back first, and counted once it is confirmed.
  const draft = json('claim', 'new', PRODUCT, '--by', 'eve', '--text', PLACE);
  assert.equal(draft.state, 'draft');
  assert.deepEqual(draft.locators, [LOCATOR]);
  // The release is kept by now: the claim names it, and no file is given.
  const right = json('claim', 'new', PRODUCT, '--complete', draft.claim.id, '--yes');
  assert.equal(right.recheck.outcome, 'reproduced');
  // The first claim completed with it, in one line of prose, is the same claim, and the same thing.
  const prose = `In ${LOCATOR} it sends on what it reads (host.profile -> net.named-service).`;
  const completed = json('claim', 'new', '--complete', none.claim.id, '--text', prose);
  assert.equal(completed.state, 'valid', JSON.stringify(completed));
  assert.equal(completed.claim.id, none.claim.id);
  assert.deepEqual(completed.same, [right.claim.id]);
  // The release before has the same: once it is kept, the advisory will say so.
  json('claim', 'new', OLD, '--by', 'fay', '--text', 'it phones home');

  await investigate(right.claim.id, none.claim.id);

  const files = json('case', 'show', 'case-1');
  assert.equal(files.state, 'published');
  const out = join(root, 'csaf');
  const document = JSON.parse(readFileSync(join(out, 'white/2026/avow-2026-0001.json'), 'utf8'));
  assert.equal(document.document.tracking.id, 'avow-2026-0001');
  for (const path of ['openvex', 'osv', 'sarif'] as const) {
    const name = path === 'sarif' ? 'avow-2026-0001.sarif' : 'avow-2026-0001.json';
    assert.ok(existsSync(join(out, path, name)), `${path}/${name}`);
  }
  assert.ok(readFileSync(join(out, 'feed.atom'), 'utf8').includes('avow-2026-0001.json'));

  // Where it is installed, the check warns now.
  const warned = check('state-2');
  assert.equal(warned.status, EXIT.verdict, warned.stdout + warned.stderr);
  assert.match(warned.stdout, /undeclared/);

  const osv = JSON.parse(readFileSync(join(out, 'osv/avow-2026-0001.json'), 'utf8'));
  assert.deepEqual(osv.affected[0].versions, ['1.4.0', '1.3.0']);
  assert.deepEqual(osv.affected[0].ranges[0].events, [{ introduced: '1.3.0' }]);

  // A stranger reads the export and runs it again, with nothing but the folder.
  await exportCommand('case-1', { docket, output: join(root, 'export'), product: true });
  const page = readFileSync(join(root, 'export/index.html'), 'utf8');
  assert.ok(page.includes('&lt;b&gt;not ours&lt;/b&gt;') && !page.includes('<b>not'));
  const [command] = /avow (claim verify [^<]+)/.exec(page)!.slice(1);
  const args = command!.split('\n')[0]!.split(' ');
  const verified = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: join(root, 'export'),
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true' },
  });
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  const kept = readdirSync(join(root, 'export/product'), { recursive: true, encoding: 'utf8' });
  assert.ok(kept.some((path) => path.endsWith('.tgz')));
  const other = avow('claim', 'verify', join(root, 'export/receipt-1.json'), OLD);
  assert.notEqual(other.status, 0);
  // And sees, by the log's key alone, that nothing of it was left out.
  const [logKey = ''] = readFileSync(join(log, 'log.pub'), 'utf8').split('\n');
  const whole = avow('case', 'verify', join(root, 'export'), '--key', logKey);
  assert.equal(whole.status, 0, whole.stdout + whole.stderr);
  assert.match(whole.stdout, /the head is entry \d+ of log\.example\.org\/e2e, signed with/);

  const { store, close } = openDocketFolder(docket);
  const events: DocketEvent[] = [];
  for await (const event of store.events()) events.push(event);
  auditChain(events);
  close();
});

/** Taken, answered, run twice, proposed by one, approved by another a week later, published. */
async function investigate(first: string, second: string): Promise<void> {
  let time = Date.now() + DAY;
  const now = () => (time += 1_000);
  const signal = new AbortController().signal;
  const as = (who: string) => ({ docket, as: who });
  await takeCommand(first, as('lead:lea'), now);
  await takeCommand(second, as('lead:lea'), now);
  await stateCommand('case-1', { ...as('coordinator:coco'), move: 'notify' }, now);
  await stateCommand(
    'case-1',
    { ...as('vendor:scarf'), text: '<b>not ours</b>', stance: 'disputes' },
    now,
  );
  await runCommand('case-1', [], { ...as('investigator:ana'), cache: false }, signal, now);
  await assert.rejects(
    proposeCommand('case-1', { ...as('lead:lea'), verdict: 'undeclared', why: 'x' }, now),
    { code: 'docket.move' },
  );
  await runCommand('case-1', [PRODUCT], { ...as('investigator:ben'), cache: false }, signal, now);
  const why = 'Facts about the host are sent to a named service at installation.';
  await proposeCommand('case-1', { ...as('lead:lea'), verdict: 'undeclared', why }, now);
  time += 8 * DAY;
  await assert.rejects(approveCommand('case-1', as('lead:lea'), now), { code: 'docket.needs' });
  await approveCommand('case-1', as('lead:max'), now);
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
}
