import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isRecordIncluded, originPath } from '@avow/log';

const AVOW = join(import.meta.dirname, '..', '..', '..', 'bin', 'avow.js');
const FOLDER = mkdtempSync(join(tmpdir(), 'avow-cli-log-'));
const PRODUCT = join(FOLDER, 'product');
const ENVIRONMENT = { ...process.env, XDG_STATE_HOME: join(FOLDER, 'state') };

after(() => rmSync(FOLDER, { recursive: true }));

function avow(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AVOW, ...args], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    cwd: FOLDER,
  });
  return { status, stdout, stderr };
}

/** Starts a serving command; gives its URL and a way to end it. */
async function serving(...args: readonly string[]) {
  const child = spawn(process.execPath, [AVOW, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (data: Buffer) => {
      output += data;
      const match = /at (http:\S+)\n/.exec(output);
      if (match !== null) resolve(match[1]!);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', () => reject(new Error(output)));
  });
  const end = () =>
    new Promise<void>((resolve) => {
      child.removeAllListeners('exit');
      child.on('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { url, end, output: () => output };
}

function product(version: string): string {
  mkdirSync(PRODUCT, { recursive: true });
  const manifest = { name: 'thing', version, main: 'index.js' };
  writeFileSync(join(PRODUCT, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(PRODUCT, 'index.js'), `module.exports = '${version}';\n`);
  return PRODUCT;
}

function policyFile(key: string, ...witnesses: readonly string[]): string {
  const path = join(FOLDER, 'policy.json');
  const trust = [`log ${key}`, ...(witnesses.length > 0 ? witnesses : ['quorum none'])];
  const policy = { schema: 'avow.policy/1', product: 'pkg:npm/thing', channel: 'stable', trust };
  writeFileSync(path, JSON.stringify(policy));
  return path;
}

test('a release is published, checked online and offline, and an altered file is named', () => {
  const log = join(FOLDER, 'log');
  const made = avow('log', 'init', log, '--origin', 'log.example/one');
  assert.equal(made.status, 0, made.stderr);
  const policy = policyFile(made.stdout.trim());
  const proof = join(FOLDER, 'one.tlog-proof');
  for (const version of ['1.0.0', '1.0.1']) {
    const published = avow('publish', product(version), '--log', log, '--maker', 'm', '-o', proof);
    assert.equal(published.status, 0, published.stderr);
  }
  assert.equal(avow('log', 'fsck', log).status, 0);
  const online = avow('check', PRODUCT, '--policy', policy, '--log', log);
  assert.equal(online.status, 0, online.stdout);
  const offline = avow('check', PRODUCT, '--policy', policy, '--proof', proof);
  assert.equal(offline.status, 0, offline.stdout);
  writeFileSync(join(PRODUCT, 'index.js'), 'evil()');
  const altered = avow('check', PRODUCT, '--policy', policy, '--proof', proof, '-f', 'json');
  assert.equal(altered.status, 14, altered.stdout);
  assert.equal(JSON.parse(altered.stdout).faults[0].where, 'index.js');
  const old = avow('check', product('1.0.0'), '--policy', policy, '--log', log);
  assert.equal(old.status, 12, old.stdout);
  const monitored = avow('log', 'monitor', log);
  assert.match(monitored.stdout, /release 1 \(1\.0\.0\)[\s\S]*release 2 \(1\.0\.1\)/);
  assert.equal(avow('log', 'monitor', log).stdout, '');
});

test('a log whose key others can read does not start, and says nothing of the key', () => {
  const log = join(FOLDER, 'exposed');
  avow('log', 'init', log, '--origin', 'log.example/exposed');
  const path = join(log, 'log.key');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  chmodSync(path, 0o640);
  const { status, stdout, stderr } = avow('log', 'serve', log, '--listen', '0');
  assert.equal(status, 4);
  assert.match(stderr, /key\.exposed/);
  const secret = readFileSync(path, 'utf8').split('+').at(-1)!.trim();
  assert.ok(!`${stdout}${stderr}`.includes(secret));
});

test('after its key was changed a log goes on, and a check needs the new key too', () => {
  const [log, other] = [join(FOLDER, 'rotated'), join(FOLDER, 'rotated-key')];
  const [old, next] = [log, other].map((folder) =>
    avow('log', 'init', folder, '--origin', 'log.example/rotated').stdout.trim(),
  ) as [string, string];
  const proof = join(FOLDER, 'rotated.tlog-proof');
  const publish = (version: string) =>
    avow('publish', product(version), '--log', log, '--maker', 'm', '-o', proof);
  assert.equal(publish('1.0.0').status, 0);
  cpSync(join(other, 'log.key'), join(log, 'log.key'));
  writeFileSync(join(log, 'log.pub'), `${next}\n${old}\n`);
  const published = publish('1.0.1');
  assert.equal(published.status, 0, published.stderr);
  assert.equal(avow('log', 'fsck', log).status, 0);
  const check = (...more: readonly string[]) =>
    avow('check', PRODUCT, '--policy', policyFile(old, ...more), '--proof', proof).status;
  assert.equal(check(), 10);
  assert.equal(check(`log ${next}`, 'quorum none'), 0);
});

test('a duplicate number is turned away by the server, bytes that are no entry too', async () => {
  const log = join(FOLDER, 'served');
  const key = avow('log', 'init', log, '--origin', 'log.example/served').stdout.trim();
  const site = await serving('log', 'serve', log, '--listen', '0');
  const proof = join(FOLDER, 'served.tlog-proof');
  const publish = (...more: readonly string[]) =>
    avow(
      'publish',
      product('1.0.0'),
      '--log',
      site.url,
      '--key',
      key,
      '--maker',
      'm',
      '-o',
      proof,
      ...more,
    );
  try {
    assert.equal(publish().status, 0);
    const twice = publish('--number', '1');
    assert.equal(twice.status, 2);
    assert.match(twice.stderr, /409/);
    const junk = await fetch(`${site.url}add`, { method: 'POST', body: 'junk' });
    assert.equal(junk.status, 400);
    const tooLarge = await fetch(`${site.url}add`, { method: 'POST', body: 'x'.repeat(65_536) });
    assert.equal(tooLarge.status, 413);
    const tile = await fetch(`${site.url}tile/0/000.p/1`);
    assert.equal(tile.headers.get('cache-control'), 'max-age=31536000, immutable');
    assert.equal((await tile.arrayBuffer()).byteLength, 32);
    const checkpoint = await fetch(`${site.url}checkpoint`);
    assert.equal(checkpoint.headers.get('cache-control'), 'no-cache');
    assert.equal(checkpoint.headers.get('content-type'), 'text/plain; charset=utf-8');
    const climbing = await fetch(`${site.url}tile/0/%2e%2e/%2e%2e/log.key`);
    assert.equal(climbing.status, 404);
    const answer = await fetch(`${site.url}latest/pkg%3Anpm%2Fthing/stable`);
    const [latest] = (await answer.json()) as [{ entry: { number: number } }];
    assert.equal(latest.entry.number, 1);
    assert.equal(avow('log', 'fsck', site.url, '--key', key).status, 0);
  } finally {
    await site.end();
  }
});

test('two witnesses cosign a release; the check wants both, and one alone is not enough', async () => {
  const log = join(FOLDER, 'witnessed');
  const key = avow('log', 'init', log, '--origin', 'log.example/witnessed').stdout.trim();
  const witnesses = await Promise.all(
    ['w1', 'w2'].map((name) =>
      serving(
        'witness',
        join(FOLDER, name),
        '--name',
        `${name}.example`,
        '--log',
        key,
        '--listen',
        '0',
      ),
    ),
  );
  const lines = witnesses.map(({ output, url }, index) => {
    const vkey = /^(w\d\.example\+\S+)$/m.exec(output())![1];
    return `witness w${index} ${vkey} ${url}`;
  });
  const quorum = [...lines, 'group both all w0 w1', 'quorum both'];
  writeFileSync(join(log, 'policy'), `log ${key}\n${quorum.join('\n')}\n`);
  const proof = join(FOLDER, 'witnessed.tlog-proof');
  try {
    const published = avow('publish', product('2.0.0'), '--log', log, '--maker', 'm', '-o', proof);
    assert.equal(published.status, 0, published.stderr);
    const policy = policyFile(key, ...quorum);
    const checked = avow('check', PRODUCT, '--policy', policy, '--proof', proof, '-f', 'json');
    assert.equal(checked.status, 0, checked.stdout);
    assert.deepEqual(JSON.parse(checked.stdout).witnesses.sort(), ['w0', 'w1']);
    const mirror = join(FOLDER, 'mirror');
    cpSync(join(log, 'public'), join(mirror, originPath('log.example/witnessed')), {
      recursive: true,
    });
    const held = lines.map((line) => line.split(' ')[2]!);
    const derived = avow('log', 'fsck', mirror, '--key', key, '--mirror', held[0]!);
    assert.equal(derived.status, 0, derived.stderr);
    const alone = readFileSync(proof, 'utf8').replace(/^— w2\.example .*\n/m, '');
    writeFileSync(proof, alone);
    assert.equal(avow('check', PRODUCT, '--policy', policy, '--proof', proof).status, 10);
  } finally {
    for (const witness of witnesses) await witness.end();
  }
});

test('an altered record of an update is named, online and offline', () => {
  const log = join(FOLDER, 'updates');
  const key = avow('log', 'init', log, '--origin', 'log.example/updates').stdout.trim();
  const database = join(FOLDER, 'database');
  mkdirSync(database);
  const file = join(database, '72_active.cf');
  writeFileSync(
    file,
    'body A_RULE /secret/\nscore A_RULE 2.0\nbody B_RULE /other/\nscore B_RULE 1.0\n',
  );
  const proof = join(FOLDER, 'update.tlog-proof');
  const more = ['--update', '--product', 'rules', '--maker', 'm', '-o', proof];
  const published = avow('publish', database, '--log', log, ...more);
  assert.equal(published.status, 0, published.stderr);
  const policy = join(FOLDER, 'rules.json');
  const trust = [`log ${key}`, 'quorum none'];
  const content = { schema: 'avow.policy/1', product: 'rules', channel: 'stable', trust };
  writeFileSync(policy, JSON.stringify(content));
  const sources = [
    ['--log', log],
    ['--proof', proof],
  ];
  for (const source of sources) {
    assert.equal(avow('check', database, '--update', '--policy', policy, ...source).status, 0);
  }
  const proven = JSON.parse(avow('log', 'prove', log, '0', '--record', 'B_RULE').stdout);
  const path = proven.path.map((hash: string) => new Uint8Array(Buffer.from(hash, 'base64')));
  const recordProof = { index: BigInt(proven.index), count: BigInt(proven.count), path };
  const root = new Uint8Array(Buffer.from(proven.root.slice('sha256:'.length), 'hex'));
  assert.ok(isRecordIncluded(proven, recordProof, root));
  assert.ok(!isRecordIncluded({ ...proven, id: 'A_RULE' }, recordProof, root));
  writeFileSync(file, readFileSync(file, 'utf8').replace('/other/', '/evil/'));
  for (const source of sources) {
    const { status, stdout } = avow('check', database, '--update', '--policy', policy, ...source);
    assert.equal(status, 14, stdout);
    assert.match(stdout, /B_RULE/);
    assert.doesNotMatch(stdout, /A_RULE/);
  }
});

test('a product that does more than its declaration is not published, and an installed one is told', () => {
  const log = join(FOLDER, 'declared');
  const key = avow('log', 'init', log, '--origin', 'log.example/declared').stdout.trim();
  const declaration = join(FOLDER, 'declaration.yaml');
  writeFileSync(declaration, avow('declare', product('3.0.0')).stdout);
  const proof = join(FOLDER, 'declared.tlog-proof');
  const publish = () =>
    avow(
      'publish',
      PRODUCT,
      '--log',
      log,
      '--maker',
      'm',
      '--declaration',
      declaration,
      '-o',
      proof,
    );
  const published = publish();
  assert.equal(published.status, 0, published.stderr);
  writeFileSync(join(PRODUCT, 'index.js'), "require('node:child_process').exec('id');\n");
  assert.equal(publish().status, 1);
  const policy = policyFile(key);
  const { stdout } = avow('check', PRODUCT, '--policy', policy, '--log', log, '-f', 'json');
  const kinds = JSON.parse(stdout).faults.map(({ kind }: { kind: string }) => kind);
  assert.deepEqual([...new Set(kinds)].sort(), ['altered', 'undeclared']);
});

test('a log that shows two histories is found out, and the evidence is kept', () => {
  const [one, other] = [join(FOLDER, 'history'), join(FOLDER, 'other-history')];
  const key = avow('log', 'init', one, '--origin', 'log.example/fork').stdout.trim();
  cpSync(one, other, { recursive: true });
  const proof = join(FOLDER, 'fork.tlog-proof');
  const publish = (log: string, version: string) =>
    avow('publish', product(version), '--log', log, '--maker', 'm', '-o', proof);
  publish(other, '0.9.0');
  publish(other, '1.0.0');
  assert.equal(publish(one, '1.0.0').status, 0);
  const policy = policyFile(key);
  assert.equal(avow('check', PRODUCT, '--policy', policy, '--log', one).status, 0);
  const evidence = join(FOLDER, 'evidence.json');
  const forked = avow('check', PRODUCT, '--policy', policy, '--log', other, '--evidence', evidence);
  assert.equal(forked.status, 11, forked.stdout);
  const { notes, proof: failing } = JSON.parse(readFileSync(evidence, 'utf8'));
  assert.equal(notes.length, 2);
  assert.ok(failing.length > 0);
  // What was seen first stays what counts.
  assert.equal(avow('check', PRODUCT, '--policy', policy, '--log', one).status, 0);
});
