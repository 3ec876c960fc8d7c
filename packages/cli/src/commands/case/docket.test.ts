import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { auditChain, DAY, type DocketEvent } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { EXIT } from '../../exit.ts';
import {
  approveCommand,
  exportCommand,
  proposeCommand,
  runCommand,
  stateCommand,
  takeCommand,
} from './commands.ts';
import { publishCaseCommand } from './publish.ts';

const CORPUS = process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus';
const OLD = join(CORPUS, 'scarf-scarf-1.3.0.tgz');
const PRODUCT = join(CORPUS, 'scarf-scarf-1.4.0.tgz');
const UPDATE = join(CORPUS, 'records/deb/spamassassin_4.0.1-1~deb12u1_all.deb');
const isHere = [OLD, PRODUCT, UPDATE].every((path) => existsSync(path));
const skip = !isHere && `the packages are not in ${CORPUS}`;

const root = mkdtempSync(join(tmpdir(), 'avow-docket-e2e-'));
after(() => rmSync(root, { recursive: true }));
const docket = join(root, 'docket');
const log = join(root, 'log');
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');

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

test('from a claim to a warning: two releases and an update, five claims, two runs, a verdict', {
  skip,
}, async () => {
  const key = avow('log', 'init', log, '--origin', 'log.example.org/e2e').stdout.trim();
  for (const [spec, more] of [
    [OLD, ['--maker', 'scarf']],
    [PRODUCT, ['--maker', 'scarf']],
    [UPDATE, ['--maker', 'debian', '--update']],
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
  );
  assert.equal(wrong.lacks[0].reason, 'outside-image');
  assert.ok(wrong.lacks[0].candidates.some((one: string) => one.includes('report.js @line:541')));
  // The right one; the first claim completed with it is the same claim, and the same thing.
  const right = json('claim', 'new', PRODUCT, '--by', 'eve', '--text', PLACE);
  assert.equal(right.recheck.outcome, 'reproduced');
  const completed = json('claim', 'new', PRODUCT, '--complete', none.claim.id, '--text', PLACE);
  assert.equal(completed.claim.id, none.claim.id);
  assert.deepEqual(completed.same, [right.claim.id]);

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

  // A stranger reads the export and runs it again.
  await exportCommand('case-1', { docket, output: join(root, 'export') });
  const page = readFileSync(join(root, 'export/index.html'), 'utf8');
  assert.ok(page.includes('&lt;b&gt;not ours&lt;/b&gt;') && !page.includes('<b>not'));
  const verified = avow('claim', 'verify', join(root, 'export/receipt-1.json'), PRODUCT);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  const other = avow('claim', 'verify', join(root, 'export/receipt-1.json'), OLD);
  assert.notEqual(other.status, 0);

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
  await runCommand('case-1', PRODUCT, { ...as('investigator:ana'), cache: false }, signal, now);
  await assert.rejects(
    proposeCommand('case-1', { ...as('lead:lea'), verdict: 'undeclared', why: 'x' }, now),
    { code: 'docket.move' },
  );
  await runCommand('case-1', PRODUCT, { ...as('investigator:ben'), cache: false }, signal, now);
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
      also: ['1.3.0'],
      log,
    },
    now,
  );
}
