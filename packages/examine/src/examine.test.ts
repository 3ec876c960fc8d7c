import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import { type Member, readScript } from '@avow/formats';
import { examineProduct } from './examine.ts';
import { observeModule } from './observe/module.ts';
import type { ModuleReading } from './observe/reading.ts';
import type { Examination } from './result.ts';
import { compileRules } from './rules/compile.ts';

const rules = compileRules({
  schema: 'avow.rules/1',
  update: 1,
  date: '2026-11-23',
  digest: digestOf(''),
  builtins: ['child_process'],
  rules: [
    {
      id: 'exec',
      feature: 'exec.spawn',
      call: ['node:child_process.exec'],
      recipient: { kind: 'command', from: ['0', '0.command'] },
    },
  ],
  tables: [],
});

const TARGET = 'pkg:npm/x@1.0.0';
const folder = new URL('./product/testdata/', import.meta.url);

for (const name of readdirSync(folder).sort()) {
  const [head = '', ...files] = readFileSync(new URL(name, folder), 'utf8').split(/^-- /m);
  const [says, ...wanted] = head.trimEnd().split('\n');
  test(`${name}: ${says}`, async () => {
    assert.deepEqual(seenIn(await examined(files.map(memberOf))).sort(), wanted.sort());
  });
}

function memberOf(file: string): Member {
  const lineEnd = file.indexOf(' --\n');
  const path = file.slice(0, lineEnd);
  const text = file.slice(lineEnd + ' --\n'.length);
  // The only bytes of an image that are looked at are its first.
  const bytes = Buffer.from(path.endsWith('.node') ? `\x7f${text}\0\0\0\0` : text);
  return { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
}

function examined(members: readonly Member[]): Promise<Examination> {
  return examineProduct({
    product: {
      target: TARGET,
      digest: digestOf(''),
      size: 1,
      async *members() {
        yield* members;
      },
    },
    engine: { version: '1.0.0', digest: digestOf('') },
    rules,
    async readModules(tasks) {
      const readings: ModuleReading[] = [];
      for await (const task of tasks) readings.push(observeModule(task, readScript, rules));
      return readings;
    },
  });
}

function seenIn({ features, unknowns }: Examination): string[] {
  return [
    ...features.map(({ feature, locator, recipient = '-', when }) => {
      const [, path, line] = /#(\S+) @line:(\d+)/.exec(locator)!;
      return `want ${feature} ${path}:${line} ${recipient} ${when}`;
    }),
    ...unknowns.map(({ locator, why: { code } }) => `unknown ${code} ${locator.split('#')[1]}`),
  ];
}

const ONE = ['index.js --\nfunction f() { require("child_process").exec("id"); }\n'].map(memberOf);

test('an id stays when lines move and files get another hash, and changes with the recipient', async () => {
  const idIn = async (path: string, text: string) => {
    const bytes = Buffer.from(text);
    const member = { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
    return (await examined([member])).features[0]!.id;
  };
  const first = await idIn('chunk-0a1b2c3d.js', 'require("child_process").exec("id")');
  assert.equal(first, await idIn('chunk-99aa00bb.js', '\n\nrequire("child_process").exec("id")'));
  assert.notEqual(first, await idIn('chunk-0a1b2c3d.js', 'require("child_process").exec("ls")'));
});

test('the answer is never none-found where something was not read', async () => {
  const nothing = await examined([memberOf('a.js --\nlet a;\n')]);
  assert.equal(nothing.answer, 'none-found');
  const unread = await examined(['a.js --\nlet a;\n', 'b.js --\nlet b =;\n'].map(memberOf));
  assert.equal(unread.answer, 'incomplete');
  assert.equal(unread.coverage.modulesRead, 1);
  const native = await examined(['a.js --\nlet a;\n', 'b.node --\nELF\n'].map(memberOf));
  assert.equal(native.answer, 'incomplete');
});

test('the same product gives the same bytes', async () => {
  assert.equal(JSON.stringify(await examined(ONE)), JSON.stringify(await examined(ONE)));
});

test('what is odd about a member is told; a link within the product is read where it leads to', async () => {
  const link = (path: string, to: string): Member => ({
    ...memberOf(`${path} --\n`),
    link: to,
    oddities: [{ code: 'container.link', message: `a link to ${to}` }],
  });
  const codesIn = async (...members: Member[]) => seenIn(await examined([...ONE, ...members]));
  const call = 'want exec.spawn index.js:1 id call';
  assert.deepEqual(await codesIn(link('lib/package.json', '../index.js')), [call]);
  assert.deepEqual(await codesIn(link('a.js', '../outside.js')), [
    call,
    'unknown container.link a.js @all',
  ]);
  const within = link('current', 'lib/one');
  assert.deepEqual(await codesIn(within, memberOf('lib/one/a/b.txt --\n')), [call]);
  const duplicate = { code: 'container.duplicate', message: 'twice' };
  const twice = { ...memberOf('b.js --\nlet b;\n'), oddities: [duplicate] };
  const result = await examined([...ONE, twice]);
  assert.equal(seenIn(result)[1], 'unknown container.duplicate b.js @all');
  assert.notEqual(result.answer, 'none-found');
});

test('links beyond number to folders that are not there are told in time', async () => {
  const links = Array.from({ length: 30_000 }, (_, i) => ({
    ...memberOf(`l${i} --\n`),
    link: `none/${i}`,
    oddities: [{ code: 'container.link', message: 'a link' }],
  }));
  const files = links.map((_, i) => memberOf(`f/${i}.txt --\n`));
  const started = performance.now();
  const { unknowns } = await examined([...ONE, ...links, ...files]);
  assert.equal(unknowns.length, links.length);
  assert.ok(performance.now() - started < 10_000, 'each against each other would take minutes');
});
