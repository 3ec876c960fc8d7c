import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Examination } from '@avow/examine';
import { parse } from 'yaml';

/** The workflow files of docs/ci, run as scripts on a small product. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AVOW = join(ROOT, 'packages/cli/bin/avow.js');
const WORK = mkdtempSync(join(tmpdir(), 'avow-ci-'));
after(() => rmSync(WORK, { recursive: true }));

const DECLARED = `avow: 1
maker: M
product: pkg:npm/small
versions: 1.0.0
date: "2026-11-23"
entries:
  - does: net.http
    to: declared.example
`;

interface Files {
  readonly [path: string]: string;
}

const PRODUCT: Files = {
  'package.json':
    '{"name": "small", "version": "1.0.0", "main": "index.js", "files": ["index.js"]}',
  'index.js': "require('node:https').get('https://declared.example/');\n",
  'avow.yaml': DECLARED,
};
const SEEDED: Files = {
  ...PRODUCT,
  'index.js': `${PRODUCT['index.js']}require('node:https').get('https://other.example/');\n`,
};

/** `npx avow` as a project has it that depends on Avow, and `npx --yes @avow/cli@VERSION` as any has it. */
function project(name: string, files: Files): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = join(WORK, name);
  const bin = join(WORK, `${name}.bin`);
  const packed = join(WORK, `${name}.packed`);
  for (const path of [folder, bin, packed]) mkdirSync(path, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const npx = join(bin, 'npx');
  writeFileSync(
    npx,
    `#!/bin/sh\n[ "$1" = --yes ] && shift\nshift\nexec "${process.execPath}" "${AVOW}" "$@"\n`,
  );
  chmodSync(npx, 0o755);
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    RUNNER_TEMP: packed,
    npm_config_update_notifier: 'false',
  };
  return { folder, env };
}

function runs(script: string, { folder, env }: ReturnType<typeof project>) {
  return spawnSync('bash', ['-e', '-c', script], { cwd: folder, env, encoding: 'utf8' });
}

interface GithubFile {
  readonly jobs: Record<string, { readonly steps: readonly { readonly run?: string }[] }>;
}

const github = parse(readFileSync(join(ROOT, 'docs/ci/github.yml'), 'utf8')) as GithubFile;
const gitlab = parse(readFileSync(join(ROOT, 'docs/ci/gitlab.yml'), 'utf8')) as {
  readonly avow: { readonly script: readonly string[] };
};

const SCRIPTS = {
  GitHub: github.jobs['declared']!.steps.flatMap(({ run }) => run ?? []).join('\n'),
  GitLab: gitlab.avow.script.join('\n'),
} as const;

for (const [name, script] of Object.entries(SCRIPTS)) {
  test(`${name}: a product within its declaration passes, one feature more fails`, () => {
    const kept = runs(script, project(`${name}-kept`, PRODUCT));
    assert.equal(kept.status, 0, kept.stderr);
    const more = runs(script, project(`${name}-more`, SEEDED));
    assert.equal(more.status, 1, more.stderr);
    assert.match(more.stderr, /stops: low: speaks HTTP → other\.example at \S+#index\.js @line:2:/);
  });
}

test('the workflow files take the command by its own name, in this version', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const taken = [...script.matchAll(/\bnpx .*?(?= examine)/g)].map(([text]) => text);
    assert.ok(taken.length > 0, name);
    assert.deepEqual([...new Set(taken)], [`npx --yes @avow/cli@${version}`], name);
  }
});

test('without a declaration the gate does not pass', () => {
  const { 'avow.yaml': _, ...bare } = PRODUCT;
  const here = project('bare', bare);
  const result = runs('npx avow examine . --fail-on undeclared -q', here);
  assert.equal(result.status, 1, result.stderr);
  assert.match(result.stderr, /no declaration/);
});

test('an accepted finding and a baseline let through, until the code changes', () => {
  const here = project('accepted', SEEDED);
  runs('npx avow examine . --format json --output avow-baseline.json', here);
  const result = JSON.parse(
    readFileSync(join(here.folder, 'avow-baseline.json'), 'utf8'),
  ) as Examination;
  const [finding] = result.findings;
  const digest = result.modules.find(({ path }) => path === 'index.js')!.digest;
  const accept = [finding!.of, ...(finding!.also ?? [])].map(
    (feature) =>
      `  - {feature: ${JSON.stringify(feature)}, digest: "${digest}", reason: r, author: a, expires: "2999-01-01"}`,
  );
  writeFileSync(join(here.folder, 'avow-allow.yaml'), `avow: 1\naccept:\n${accept.join('\n')}\n`);
  for (const option of ['--allow avow-allow.yaml', '--baseline avow-baseline.json']) {
    const passed = runs(`npx avow examine . -q --fail-on undeclared ${option}`, here);
    assert.equal(passed.status, 0, passed.stderr);
  }
  writeFileSync(join(here.folder, 'index.js'), `// changed\n${SEEDED['index.js']}`);
  const back = runs('npx avow examine . -q --fail-on undeclared --allow avow-allow.yaml', here);
  assert.equal(back.status, 1, back.stderr);
  assert.match(back.stderr, /accepted for other code, line 3/);
});

test('a draft is accepted as it is, and never written over', () => {
  const { 'avow.yaml': _, ...bare } = PRODUCT;
  const here = project('draft', bare);
  assert.equal(runs('npx avow declare . -q -o avow.yaml', here).status, 0);
  const before = readFileSync(join(here.folder, 'avow.yaml'), 'utf8');
  assert.equal(runs('npx avow declare . -q -o avow.yaml', here).status, 2);
  assert.equal(readFileSync(join(here.folder, 'avow.yaml'), 'utf8'), before);
  assert.equal(runs('npx avow declare . -q --check', here).status, 0);
  assert.equal(runs('npx avow examine . -q', here).status, 0);
});

test('a declaration with faults is told with line, column and the right word', () => {
  const here = project('faults', {
    ...PRODUCT,
    'avow.yaml': DECLARED.replace('net.http', 'net.htp'),
  });
  const result = runs('npx avow declare . -q --check', here);
  assert.equal(result.status, 4, result.stderr);
  assert.match(result.stdout, /avow\.yaml:7:11: found "net\.htp"; expected "net\.http"/);
});
