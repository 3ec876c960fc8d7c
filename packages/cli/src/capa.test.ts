import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { peOf } from '../../formats/src/module/native/testdata/pe.ts';

const AVOW = fileURLToPath(new URL('../bin/avow.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'avow-capa-'));
after(() => rmSync(folder, { recursive: true }));

function made(path: string, content: string | Uint8Array): void {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

function avow(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [AVOW, ...args], {
    encoding: 'utf8',
    env: { ...process.env, AVOW_CACHE: join(folder, 'cache'), NO_COLOR: '1' },
    cwd: folder,
  });
  return { stdout, stderr, status };
}

function rule(name: string, namespace: string, feature: string): string {
  return `rule:
  meta:
    name: ${name}
    namespace: ${namespace}
    scopes:
      static: function
      dynamic: call
    att&ck:
      - Persistence::Somehow [T1543]
  features:
    - or:
      - ${feature}
`;
}

made('product/scan.dll', peOf());
made('rules/a/persist.yml', rule('persist somehow', 'persistence', 'api: kernel32.CreateFile'));
made('rules/a/made.yml', rule('compiled somehow', 'compiler', 'api: CreateFileW'));
made('rules/managed.yml', rule('managed', 'runtime', 'class: System.IO.File'));
made('rules/broken.yml', rule('broken', 'runtime', 'number: six'));
made('rules/.github/ci.yml', 'on: push\n');
made('rules/README.md', 'rules\n');

test('rules of a folder are tried: matches have their place, and the vocabulary where it has a word', () => {
  const { stdout } = avow('examine', 'product', '--rules', 'rules', '--format', 'json');
  const { outside, features } = JSON.parse(stdout);
  assert.deepEqual([outside.rules, outside.tried, outside.modules, outside.left], [3, 2, 1, 0]);
  const [compiled, persist] = outside.matches;
  assert.deepEqual([compiled.rule, compiled.feature], ['compiled somehow', undefined]);
  assert.match(persist.locator, /#scan\.dll @va:0x140001000$/);
  assert.deepEqual(persist.grounds, [{ what: 'api CreateFile', address: '0x14000100c' }]);
  const feature = features.find(({ id }: { id: string }) => id === persist.feature);
  assert.deepEqual([feature.feature, feature.rule], ['persist', 'capa:persist somehow']);
  assert.match(feature.evidence, /^persist somehow \[T1543\]: api CreateFile at 0x14000100c$/);
  const [managed] = outside.unsupported;
  assert.deepEqual([managed.name, managed.lacks], ['managed', ['class System.IO.File']]);
  const [fault] = outside.faults;
  assert.deepEqual([fault.file, fault.line, fault.column], ['broken.yml', 12, 17]);
});

test('a result without the rules is not taken from the cache for one with them, nor the other way', () => {
  const without = JSON.parse(avow('examine', 'product', '--format', 'json').stdout);
  assert.equal(without.outside, undefined);
  assert.ok(!without.features.some(({ rule: id }: { rule: string }) => id.startsWith('capa:')));
  const again = JSON.parse(
    avow('examine', 'product', '--rules', 'rules', '--format', 'json').stdout,
  );
  assert.equal(again.outside.matches.length, 2);
});

test('text says what matched, what was not tried, and what is no rule', () => {
  const { stdout } = avow('examine', 'product', '--rules', 'rules');
  assert.match(stdout, /2 of 3 rules tried on 1 module, 2 matched at 2 places/);
  assert.match(stdout, /persistence: persist somehow \[T1543\]\n {4}scan\.dll 0x140001000/);
  assert.match(stdout, /not tried, 1 rule that machine code cannot answer: managed/);
  assert.match(stdout, /not read: broken\.yml:12:17: not an integer: six/);
});

test('a folder without rules, or none at all, is a mistake of the call', () => {
  mkdirSync(join(folder, 'empty'));
  for (const name of ['empty', 'nowhere']) {
    const { status, stderr } = avow('examine', 'product', '--rules', name);
    assert.equal(status, 2, stderr);
  }
});
