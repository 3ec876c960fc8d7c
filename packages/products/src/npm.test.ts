import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../formats/src/container/testdata/archives.ts';
import { around } from './npm-versions.ts';
import { openProduct } from './open.ts';

const TARBALL = gzipSync(
  tarOf(
    { name: 'package/package.json', data: '{"name":"@s/p","version":"1.2.3"}' },
    { name: 'package/a.js', data: 'A' },
  ),
);

/** An `npm` that answers as the real one (11.19) was seen to, by the name it is asked for. */
const NPM = `#!${process.execPath}
const { copyFileSync } = require('node:fs');
const DEFAULTS = {
  'fetch-retries': 2, 'fetch-retry-mintimeout': 10000, 'fetch-retry-maxtimeout': 60000,
};
const args = process.argv.slice(2);
const spec = args.at(-1);
const fail = (code, summary) => {
  console.log(JSON.stringify({ error: { code, summary, detail: '' } }));
  process.exit(1);
};
if (args[0] === 'view') {
  console.log(JSON.stringify({ versions: ['1.0.0', '1.1.0', '2.0.0'], 'dist-tags': { latest: '2.0.0' } }));
} else if (args[0] === 'config') {
  for (const key of args.slice(2)) {
    console.log(key + '=' + (process.env['npm_config_' + key.replaceAll('-', '_')] ?? DEFAULTS[key]));
  }
} else if (spec === 'flaky' && args.some((arg) => arg.startsWith('--fetch-retry'))) fail('ECONNRESET', 'reset');
else if (!args.includes('--ignore-scripts')) fail('ESCRIPTS', 'scripts would run');
else if (spec === '@s/p@^1' || spec === 'flaky') {
  copyFileSync(__dirname + '/p.tgz', args[args.indexOf('--pack-destination') + 1] + '/s-p-1.2.3.tgz');
  console.log(JSON.stringify([{ name: '@s/p', version: '1.2.3', filename: 's-p-1.2.3.tgz' }]));
} else fail(spec.toUpperCase(), 'said ' + spec);
`;

const folder = mkdtempSync(join(tmpdir(), 'avow-npm-test-'));
const path = process.env['PATH'];

before(() => {
  writeFileSync(join(folder, 'npm'), NPM);
  chmodSync(join(folder, 'npm'), 0o755);
  writeFileSync(join(folder, 'p.tgz'), TARBALL);
  process.env['PATH'] = `${folder}${delimiter}${path}`;
});

after(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

test('a package of the registry, its range resolved, its folder taken off', async () => {
  const steps: string[] = [];
  const onProgress = (step: string) => steps.push(step);
  const product = await openProduct('npm:@s/p@^1', { folder, onProgress });
  assert.equal(product.target, 'pkg:npm/%40s/p@1.2.3');
  assert.equal(product.size, TARBALL.length);
  assert.deepEqual(Buffer.from(product.artifact?.() ?? []), TARBALL);
  const paths: string[] = [];
  for await (const member of product.members()) paths.push(member.path);
  assert.deepEqual(paths, ['package.json', 'a.js']);
  assert.deepEqual(steps, ['fetching @s/p@^1 with npm']);
});

test('nothing of a fetch stays in the folder for temporary files', async () => {
  const left = () => readdirSync(tmpdir()).filter((name) => /^avow-npm-[A-Za-z0-9]{6}$/.test(name));
  const earlier = left();
  await openProduct('npm:@s/p@^1', { folder });
  await openProduct('npm:e404', { folder }).catch(() => undefined);
  assert.deepEqual(left(), earlier);
});

const FAILURES: readonly { spec: string; code: string; found: RegExp }[] = [
  { spec: 'e404', code: 'npm.not-found', found: /no package answers to e404: said e404/ },
  { spec: 'e401', code: 'npm.auth', found: /login/ },
  { spec: 'e403', code: 'npm.auth', found: /login/ },
  { spec: 'eneedauth', code: 'npm.auth', found: /login/ },
  { spec: 'eintegrity', code: 'npm.integrity', found: /not what was published/ },
  { spec: 'enotcached', code: 'npm.offline', found: /cache/ },
  { spec: 'enotfound', code: 'npm.network', found: /not reached/ },
  { spec: 'econnrefused', code: 'npm.network', found: /not reached/ },
  { spec: 'self_signed_cert_in_chain', code: 'npm.network', found: /not reached/ },
  { spec: 'e500', code: 'npm.network', found: /not reached/ },
  { spec: 'eother', code: 'npm.failed', found: /EOTHER said eother/ },
  {
    spec: 'etarget',
    code: 'npm.no-version',
    found: /near it are 1\.0\.0, 1\.1\.0, 2\.0\.0; latest is 2\.0\.0/,
  },
];

for (const { spec, code, found } of FAILURES) {
  test(`npm fails: ${spec} is ${code}`, async () => {
    await assert.rejects(
      () => openProduct(`npm:${spec}`, { folder }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, found);
        return true;
      },
    );
  });
}

test('without network it is told soon, unless the configuration says how long to ask', async () => {
  const open = () => openProduct('npm:flaky', { folder });
  await assert.rejects(open, { code: 'npm.network' });
  process.env['npm_config_fetch_retries'] = '5';
  try {
    assert.equal((await open()).target, 'pkg:npm/%40s/p@1.2.3');
  } finally {
    delete process.env['npm_config_fetch_retries'];
  }
});

const BUILT = [
  '',
  '.',
  './x',
  '../x',
  '/x',
  'a/b',
  'git+https://h/x',
  'http://h/x.tgz',
  'a@npm:b',
  'a@file:b',
  '@s',
  '--x',
  '-g',
  'a@../b',
  'a;b',
  'a@$(x)',
  'a@.',
  'a@..',
  'a@.hidden',
  'a.tgz',
  'a@b.tgz',
  'a@b.TAR.GZ',
  'a@b.tar',
  'a@~/x',
];

for (const spec of BUILT) {
  test(`a package that npm would build or not understand is not asked for: ${spec}`, async () => {
    await assert.rejects(() => openProduct(`npm:${spec}`, { folder }), { code: 'npm.spec' });
  });
}

test('no npm on this machine', async () => {
  process.env['PATH'] = join(folder, 'nothing');
  try {
    await assert.rejects(() => openProduct('npm:a', { folder }), { code: 'npm.missing' });
    await assert.rejects(() => openProduct('deb:a', { folder }), { code: 'deb.missing' });
  } finally {
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  }
});

test('the versions shown are those about the one that is not there', () => {
  const versions = ['2.0.0', '1.0.0', '1.0.0-rc.1', '1.9.0', '1.10.0', '3.0.0', '0.1.0'];
  assert.deepEqual(around(versions, '1.9.5'), ['1.0.0', '1.9.0', '1.10.0', '2.0.0', '3.0.0']);
  assert.deepEqual(around(versions, '>=99'), ['1.0.0', '1.9.0', '1.10.0', '2.0.0', '3.0.0']);
  assert.deepEqual(around(versions, '0.0.1'), ['0.1.0', '1.0.0-rc.1', '1.0.0', '1.9.0', '1.10.0']);
  assert.deepEqual(around(['1.0.0'], 'nope'), ['1.0.0']);
});

test('a real package from the registry, its members as tar lists them', async (t) => {
  process.env['PATH'] = path;
  try {
    const product = await openProduct('npm:@scarf/scarf@1.4.0', { folder });
    const paths: string[] = [];
    for await (const member of product.members()) paths.push(member.path);
    assert.deepEqual(paths, ['LICENSE', 'report.js', 'package.json', 'README.md']);
    const digest = 'sha256:d5b13758ca8f84c0e050bbe4b4b36247cba55871d0b7ef9c8bc8c42c6b52ae14';
    assert.equal(product.digest, digest);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'npm.network' && code !== 'npm.offline') throw error;
    t.skip('the registry is not within reach');
  } finally {
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  }
});

test('a Debian package of this machine, its members as dpkg-deb lists them', async (t) => {
  process.env['PATH'] = path;
  const product = await openProduct('deb:hello', { folder }).catch((error) => {
    t.skip(`no package from apt: ${error.message}`);
    return undefined;
  });
  if (product === undefined) return;
  assert.match(product.target, /^pkg:deb\/debian\/hello@[^?]+\?arch=[a-z0-9]+$/);
  execFileSync('apt-get', ['download', '-qq', 'hello'], { cwd: folder, stdio: 'ignore' });
  const file = readdirSync(folder).find((name) => name.startsWith('hello_')) ?? '';
  const listed = execFileSync('dpkg-deb', ['-c', join(folder, file)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith('-'))
    .map((line) => line.replace(/^.* \.\//, ''));
  const paths: string[] = [];
  for await (const member of product.members()) {
    if (!member.path.startsWith('DEBIAN/') && !member.path.includes('!/')) paths.push(member.path);
  }
  assert.deepEqual(paths, listed);
});
