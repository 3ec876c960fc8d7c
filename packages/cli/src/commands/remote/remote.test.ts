import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loggerOf, type Running, readConfig, serve } from '@avow/server';

/** The command line at a service that listens, as people use it. */
const AVOW = fileURLToPath(new URL('../../../bin/avow.js', import.meta.url));
const TOKEN = 'a-token-of-this-test';
const FOLDER = mkdtempSync(join(tmpdir(), 'avow-remote-'));
let running: Running;

before(async () => {
  const config = readConfig({
    environment: {},
    data: join(FOLDER, 'data'),
    options: { port: 0, 'limits.proofOfWork': 4 },
  });
  const sha256 = createHash('sha256').update(TOKEN).digest('hex');
  const token = { name: 'ann', sha256, grants: [], scopes: ['read' as const, 'claim' as const] };
  const log = loggerOf('silent');
  running = await serve({ config: { ...config, tokens: [token] }, log, version: '0' });
  mkdirSync(join(FOLDER, 'package'));
  writeFileSync(join(FOLDER, 'package/package.json'), '{"name": "talks", "version": "1.0.0"}');
  writeFileSync(
    join(FOLDER, 'package/index.js'),
    "require('node:https').get('https://collect.example.org/');\n",
  );
  await promisify(execFile)('tar', ['czf', 'talks.tgz', 'package'], { cwd: FOLDER });
});
after(async () => {
  await running.stop();
  rmSync(FOLDER, { recursive: true });
});

async function avow(
  args: readonly string[],
  token?: string,
): Promise<{ status: number; out: string; errors: string }> {
  const { AVOW_TOKEN: _, ...environment } = process.env;
  const env = token === undefined ? environment : { ...environment, AVOW_TOKEN: token };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [AVOW, ...args, '--server', running.url],
      { env, cwd: FOLDER },
      (error, out, errors) => {
        resolve({ status: error === null ? 0 : Number(error.code), out, errors });
      },
    );
  });
}

test('an archive is examined there and shown as if it were here; its places and causes are found', async () => {
  const examined = await avow(['examine', 'talks.tgz', '--public', '--format', 'json'], TOKEN);
  const document = JSON.parse(examined.out);
  assert.equal(document.schema, 'avow.examination/1');
  const { locator } = document.features.find(
    ({ feature }: { feature: string }) => feature === 'net.http',
  );
  assert.equal(examined.status, 1, 'features and no declaration, as here');
  const located = await avow(['locate', locator]);
  assert.match(located.out, /> 1 \| require\('node:https'\)/);
  const found = await avow(['find', 'collect.example.org']);
  assert.equal(found.status, 1);
  assert.ok(found.out.includes(locator), found.out);
});

test('a claim without an account has a receipt code, which shows it again', async () => {
  const made = await avow(['claim', 'new', '--text', 'it talks', '--json']);
  assert.equal(made.status, 1, made.errors);
  const { claim, code } = JSON.parse(made.out);
  assert.equal(claim.state, 'returned');
  const shown = promisify(execFile)('sh', [
    '-c',
    `printf %s "${code}" | "${process.execPath}" "${AVOW}" claim show - --server ${running.url} --json`,
  ]);
  const { stdout } = await shown.catch((error: { stdout: string }) => error);
  assert.equal(JSON.parse(stdout).id, claim.id);
});

test('what the service refuses is told with its code', async () => {
  const refused = await avow(['examine', 'talks.tgz']);
  assert.equal(refused.status, 4);
  assert.match(refused.errors, /access\.sign-in/);
  const wrong = await avow(['examine', 'talks.tgz'], 'a-token-that-is-not-known');
  assert.match(wrong.errors, /access\.credential/);
});
