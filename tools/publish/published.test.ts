import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownPackages, PACKAGES } from './packages.ts';
import { stage } from './stage.ts';

/** What users get: every package packed, and all installed where there is no checkout. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORK = mkdtempSync(join(tmpdir(), 'avow-published-'));
const HOME = join(WORK, 'home');
const ENV = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  AVOW_CACHE: join(WORK, 'cache'),
  npm_config_update_notifier: 'false',
};
after(() => rmSync(WORK, { recursive: true, force: true }));

function run(command: string, ...args: readonly string[]) {
  const limits = { timeout: 180_000, encoding: 'utf8' } as const;
  return spawnSync(command, args, { cwd: HOME, env: ENV, ...limits });
}

function avow(...args: readonly string[]) {
  return run(process.execPath, join(HOME, 'node_modules/@avow/cli/bin/avow.js'), ...args);
}

/** Why nothing is installed, where the registry cannot be had. */
let missing: string | undefined;

before(() => {
  mkdirSync(HOME);
  writeFileSync(join(HOME, 'package.json'), '{"private": true}');
  const folders = ownPackages().map((name) => {
    const folder = join(WORK, 'dist', name);
    stage(join(PACKAGES, name), folder, join(ROOT, '.build', name));
    return folder;
  });
  // Packed by npm as for publishing, then installed from that.
  const options = ['--install-links', '--prefer-offline', '--no-audit', '--no-fund'];
  const { status, stderr, error } = run(
    'npm',
    'install',
    '--ignore-scripts',
    ...options,
    ...folders,
  );
  if (status === 0) return;
  missing = `the registry cannot be had: ${error?.message ?? stderr.trim().split('\n')[0]}`;
  assert.match(stderr + (error?.message ?? ''), /ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|ENOTCACHED/);
});

/** Skips, saying so, where nothing could be installed. */
function installed(t: TestContext): boolean {
  if (missing !== undefined) t.skip(missing);
  return missing === undefined;
}

test('avow examines a package, from JavaScript alone', (t) => {
  if (!installed(t)) return;
  const { status, stdout, stderr } = avow('examine', join(WORK, 'dist/log'), '-q');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /pkg:npm\/%40avow\/log@/);
});

test('a refusal leads to a page that is there', (t) => {
  if (!installed(t)) return;
  const { stderr } = avow('examine', 'gone.zip');
  const [, code = ''] = /Next: avow code (\S+)\n/.exec(stderr) ?? assert.fail(stderr);
  assert.match(avow('code', code).stdout, /^# product\.missing\n[\s\S]*What to do/);
});

test('every entry of every package is imported, and has types', (t) => {
  if (!installed(t)) return;
  const entries = ownPackages().flatMap((name) => {
    const path = join(HOME, 'node_modules/@avow', name, 'package.json');
    const { exports } = JSON.parse(readFileSync(path, 'utf8'));
    return Object.keys(exports).map((entry) => `@avow/${name}${entry.slice(1)}`);
  });
  const imports = entries.map((entry, at) => `import * as m${at} from '${entry}';`).join('\n');
  const uses = `console.log(${entries.map((_, at) => `typeof m${at}`).join(', ')});\n`;
  writeFileSync(join(HOME, 'all.mjs'), `${imports}\n${uses}`);
  const ran = run(process.execPath, 'all.mjs');
  assert.equal(ran.status, 0, ran.stderr);
  writeFileSync(join(HOME, 'all.mts'), `${imports}\n${uses}`);
  assert.equal(checked('all.mts', 'node').stdout, '');
});

test('@avow/log needs no types but the language’s', (t) => {
  if (!installed(t)) return;
  const text = `import { leafHash, parseProofFile, verifyProofFile } from '@avow/log';
    export const hash: Uint8Array = leafHash(new Uint8Array(1));
    export const all = [parseProofFile, verifyProofFile];
    // @ts-expect-error: types are told, so a wrong one is seen
    export const wrong: number = leafHash(new Uint8Array(1));\n`;
  writeFileSync(join(HOME, 'log.mts'), text);
  assert.equal(checked('log.mts', '').stdout, '');
});

/** What tsc says of a file, which looks into the types of the packages too. */
function checked(file: string, types: string) {
  const options = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true };
  const roots = {
    types: types === '' ? [] : [types],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const config = { compilerOptions: { ...options, ...roots }, files: [file] };
  writeFileSync(join(HOME, 'tsconfig.json'), JSON.stringify(config));
  return run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', HOME);
}

test('the service answers with pages, styles, scripts, words and pages of codes', async (t) => {
  if (!installed(t)) return;
  const bin = join(HOME, 'node_modules/@avow/cli/bin/avow.js');
  const args = [bin, 'serve', '--data', join(WORK, 'data')];
  const child = spawn(process.execPath, args, { cwd: HOME, env: { ...ENV, AVOW_PORT: '0' } });
  try {
    const url = await urlOf(child.stdout, child.stderr);
    const page = await (await fetch(url, { headers: { 'accept-language': 'ru' } })).text();
    assert.match(page, /lang="ru"/);
    const assets = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    assert.ok(
      assets.some((path) => path.endsWith('.css')) && assets.some((path) => path.endsWith('.js')),
    );
    for (const path of [...assets, '/codes/zip.no-end']) {
      const response = await fetch(new URL(path, url));
      assert.equal(response.status, 200, path);
      assert.notEqual((await response.text()).length, 0, path);
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

/** The address that a service says it listens at. */
async function urlOf(...streams: readonly NodeJS.ReadableStream[]): Promise<string> {
  return Promise.any(
    streams.map(async (stream) => {
      for await (const line of createInterface({ input: stream })) {
        const [url] = /http:\/\/127\.0\.0\.1:\d+\/?/.exec(line) ?? [];
        if (url !== undefined) return url;
      }
      throw new Error('the service ended before it listened');
    }),
  );
}
