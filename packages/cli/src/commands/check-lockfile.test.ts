import assert from 'node:assert/strict';
import { type ExecFileException, execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../../formats/src/container/testdata/archives.ts';

const AVOW = join(import.meta.dirname, '..', '..', 'bin', 'avow.js');
const FOLDER = mkdtempSync(join(tmpdir(), 'avow-cli-lock-'));
const PROJECT = join(FOLDER, 'project');
const LOG = join(FOLDER, 'log');
const POLICY = join(FOLDER, 'policy.json');

/** What the registry here has: one plain package, one with a scope. */
const PACKAGES = [
  ['thing', '1.0.0'],
  ['@s/other', '2.0.0'],
] as const;

const tarballOf = (name: string, version: string) =>
  gzipSync(
    tarOf(
      { name: 'package/package.json', data: JSON.stringify({ name, version }) },
      { name: 'package/index.js', data: 'module.exports = 1;\n' },
    ),
  );

/** A registry of our own on this machine, so that npm itself fetches and writes the lock file. */
const registry = createServer((request, response) => {
  const path = decodeURIComponent(request.url!.slice(1));
  const found = PACKAGES.find(([name]) => path === name || path === `${name}.tgz`);
  if (found === undefined) return response.writeHead(404).end('{}');
  const [name, version] = found;
  const tarball = tarballOf(name, version);
  if (path.endsWith('.tgz')) return response.end(tarball);
  const integrity = `sha512-${hash('sha512', tarball, 'base64')}`;
  const dist = { tarball: `http://${request.headers.host}/${name}.tgz`, integrity };
  const versions = { [version]: { name, version, dist } };
  return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
});

/** Runs a program beside the registry, which answers meanwhile. */
function run(program: string, ...args: readonly string[]) {
  const { port } = registry.address() as AddressInfo;
  const env = {
    ...process.env,
    PATH: `${process.env['PATH']}${delimiter}${dirname(process.execPath)}`,
    XDG_STATE_HOME: join(FOLDER, 'state'),
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(FOLDER, 'npm-cache'),
    npm_config_audit: 'false',
  };
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const ended = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    execFile(program, args, { cwd: PROJECT, env }, ended);
  });
}

const avow = (...args: readonly string[]) => run(process.execPath, AVOW, ...args);
const check = () =>
  avow('check', 'package-lock.json', '--policy', POLICY, '--log', LOG, '--format', 'json');

async function publish(spec: string): Promise<void> {
  const proof = join(FOLDER, 'one.tlog-proof');
  const { status, stderr } = await avow('publish', spec, '--log', LOG, '--maker', 'm', '-o', proof);
  assert.equal(status, 0, stderr);
}

before(async () => {
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  mkdirSync(PROJECT);
  const dependencies = Object.fromEntries(PACKAGES);
  writeFileSync(join(PROJECT, 'package.json'), JSON.stringify({ name: 'project', dependencies }));
});

after(() => {
  registry.close();
  registry.closeAllConnections();
  rmSync(FOLDER, { recursive: true });
});

test('a lock file that npm wrote is held against releases published from the registry and from files', async () => {
  const made = await avow('log', 'init', LOG, '--origin', 'log.example/lock');
  const trust = [`log ${made.stdout.trim()}`, 'quorum none'];
  const policy = { schema: 'avow.policy/1', product: 'any', channel: 'stable', trust };
  writeFileSync(POLICY, JSON.stringify(policy));
  const locked = await run('npm', 'install', '--package-lock-only', '--ignore-scripts');
  assert.equal(locked.status, 0, locked.stderr);

  await publish('npm:thing@1.0.0');
  const half = await check();
  assert.equal(half.status, 10, half.stderr);
  const [fault, ...others] = JSON.parse(half.stdout).faults;
  assert.equal(fault.where, 'pkg:npm/%40s/other@2.0.0');
  assert.deepEqual(others, []);

  const archive = join(FOLDER, 'other-2.0.0.tgz');
  writeFileSync(archive, tarballOf('@s/other', '2.0.0'));
  await publish(archive);
  const whole = await check();
  assert.equal(whole.status, 0, whole.stdout);
  assert.equal(JSON.parse(whole.stdout).members, 2);

  const path = join(PROJECT, 'package-lock.json');
  const pinned = JSON.parse(readFileSync(path, 'utf8'));
  const evil = `sha512-${hash('sha512', 'evil', 'base64')}`;
  pinned.packages['node_modules/thing'].integrity = evil;
  writeFileSync(path, JSON.stringify(pinned));
  const altered = await check();
  assert.equal(altered.status, 14, altered.stdout);
  assert.equal(JSON.parse(altered.stdout).faults[0].where, 'pkg:npm/thing@1.0.0');
});
