import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import { readWithOxc } from '@avow/formats/oxc';
import { readScript } from '@avow/formats/script';
import { compileRules } from '../rules/compile.ts';
import type { Rule } from '../rules/rule.ts';
import { observeModule } from './module.ts';
import type { ScriptGoal, ScriptLanguage } from './reading.ts';

/** Rules of the cases alone: a change of the rule database is no reason for one to fail. */
const RULES: readonly Rule[] = [
  {
    id: 'exec',
    feature: 'exec.spawn',
    call: ['node:child_process.exec'],
    recipient: { kind: 'command', from: ['0'] },
  },
  {
    id: 'spawn',
    feature: 'exec.spawn',
    call: ['node:child_process.spawn'],
    recipient: { kind: 'command', from: ['0'], with: ['1'] },
  },
  {
    id: 'fetch',
    feature: 'net.http',
    call: ['global:fetch'],
    recipient: { kind: 'url', from: ['0'] },
  },
  {
    id: 'read',
    feature: 'file.any',
    call: ['node:fs.readFile', 'node:fs.readFileSync'],
    recipient: { kind: 'path', from: ['0'] },
  },
  {
    id: 'env',
    feature: 'env.named',
    read: ['global:process.env.*'],
    recipient: { kind: 'env', from: ['name'] },
  },
  { id: 'env-all', feature: 'env.bulk', read: ['global:process.env'] },
  { id: 'vm', feature: 'code.eval', call: ['node:vm.runInThisContext'] },
];

const rules = compileRules({
  schema: 'avow.rules/1',
  update: 1,
  date: '2026-11-23',
  digest: digestOf(''),
  builtins: ['child_process', 'fs', 'module', 'os', 'path', 'process', 'util', 'vm'],
  rules: RULES,
  tables: [],
});

const LANGUAGES: Readonly<Record<string, readonly [ScriptLanguage, ScriptGoal]>> = {
  js: ['js', 'unknown'],
  mjs: ['js', 'module'],
  ts: ['ts', 'module'],
  html: ['html', 'unknown'],
  vue: ['vue', 'unknown'],
  svelte: ['svelte', 'unknown'],
};

const folder = new URL('./testdata/', import.meta.url);

for (const name of readdirSync(folder).sort()) {
  const [head = '', ...files] = readFileSync(new URL(name, folder), 'utf8').split(/^-- /m);
  const [says, ...wanted] = head.trimEnd().split('\n');
  test(`${name}: ${says}`, () => {
    assert.deepEqual(files.flatMap(seenIn).sort(), wanted.sort());
  });
}

/** All that is seen in one file of a case, written as the case writes it. */
function seenIn(file: string): string[] {
  const lineEnd = file.indexOf(' --\n');
  const path = file.slice(0, lineEnd);
  const bytes = Buffer.from(file.slice(lineEnd + ' --\n'.length));
  const [language, goal] = LANGUAGES[path.slice(path.lastIndexOf('.') + 1)]!;
  const task = { digest: digestOf(bytes), bytes, language, goal };
  const reading = observeModule(task, readScript, rules);
  const fast = observeModule(task, (text, kind) => readScript(text, kind, readWithOxc), rules);
  assert.deepEqual(fast, reading, `both parsers give one reading of ${path}`);
  const { why, features, unknowns } = reading;
  assert.equal(why, undefined, `${path} is read`);
  return [
    ...features.map(({ feature, place, recipient = '-', when }) => {
      return `want ${feature} ${path}:${place.line}:${place.column} ${recipient} ${when}`;
    }),
    ...unknowns.map(({ place, why: { code } }) => {
      return `unknown ${code} ${path}:${place.line}:${place.column}`;
    }),
  ];
}
