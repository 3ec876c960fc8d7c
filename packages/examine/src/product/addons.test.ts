import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import type { Member } from '@avow/formats';
import { readScript } from '@avow/formats/script';
import { examineProduct } from '../examine.ts';
import { observeNative } from '../native/index.ts';
import { isNativeTask } from '../native/reading.ts';
import { addonOf } from '../native/testdata/addon.ts';
import { observeModule } from '../observe/module.ts';
import type { ModuleReading } from '../observe/reading.ts';
import { readRules } from '../rules/compile.ts';

const rules = readRules(
  readFileSync(new URL('../../../../rules/update.json', import.meta.url), 'utf8'),
);

function memberOf(path: string, bytes: Uint8Array): Member {
  return { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
}

/** Lines that reach the environment through `native` in a product of these scripts. */
async function reachesOf(
  native: string,
  scripts: Readonly<Record<string, string>>,
): Promise<string[]> {
  const members = Object.entries({ 'package.json': '{"name":"a"}', ...scripts })
    .map(([path, text]) => memberOf(path, Buffer.from(text)))
    .concat(memberOf(native, addonOf()));
  const { features } = await examineProduct({
    product: {
      target: 'pkg:npm/a@1.0.0',
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
      for await (const task of tasks) {
        const reading = observeModule(task, readScript, rules);
        readings.push(
          isNativeTask(task)
            ? { ...reading, ...observeNative(task.bytes, task.language, rules) }
            : reading,
        );
      }
      return readings;
    },
  });
  const found = features.filter(({ locator }) => locator.includes('.node'));
  assert.deepEqual(
    found.map(({ feature, recipient }) => [feature, recipient]),
    [['env.named', 'HOME']],
  );
  return (found[0]!.reachedBy ?? []).map(
    ({ export: name, locator }) => `${name} ${locator.split('#')[1]}`,
  );
}

const ROWS: readonly [says: string, native: string, script: string, reaches: readonly string[]][] =
  [
    [
      'a path',
      'build/Release/a.node',
      "const a = require('./build/Release/a.node');\na.readHome();",
      ['readHome index.js @line:2:1'],
    ],
    [
      'another function of the same module',
      'a.node',
      "const a = require('./a.node');\na.readNothing();",
      [],
    ],
    [
      'bindings, by name',
      'build/Release/a.node',
      "const { readHome } = require('bindings')('a');\nreadHome();",
      ['readHome index.js @line:2:1'],
    ],
    [
      'bindings, by the name of another module',
      'build/Release/a.node',
      "require('bindings')('other').readHome();",
      [],
    ],
    [
      'node-gyp-build',
      'prebuilds/linux-x64/a.glibc.node',
      "const native = require('node-gyp-build')(__dirname);\nmodule.exports = () => native.readHome();",
      ['readHome index.js @line:2:24'],
    ],
    [
      'a path that is put together',
      'prebuilds/linux-x64/a.node',
      `const a = require('./prebuilds/' + process.platform + '-' + process.arch + '/a.node');\na.readHome();`,
      ['readHome index.js @line:2:1'],
    ],
    [
      'a package for a platform',
      'node_modules/@s/a-linux-x64-gnu/a.linux-x64-gnu.node',
      "const a = require('@s/a-linux-x64-gnu/a.linux-x64-gnu.node');\na.readHome();",
      ['readHome index.js @line:2:1'],
    ],
    [
      'the module is given on as a whole',
      'a.node',
      "module.exports = require('./a.node');",
      ['readHome index.js @line:1:18'],
    ],
    [
      'a function that was taken is given to another',
      'a.node',
      "const a = require('./a.node');\nsetTimeout(a.readHome, 1);",
      ['readHome index.js @line:2:12'],
    ],
  ];

for (const [says, native, script, reaches] of ROWS) {
  test(`native code is reached by ${says}: ${reaches.length} lines`, async () => {
    assert.deepEqual(await reachesOf(native, { 'index.js': script }), reaches);
  });
}

test('a line in another file is told, through what a loader gives', async () => {
  const scripts = {
    'load.js': "exports.loadNative = (name) => ({ module: require('./' + name + '.node') });",
    'index.js': "const native = require('./load').loadNative('a').module;\nnative.readHome();",
  };
  assert.deepEqual(await reachesOf('a.node', scripts), ['readHome index.js @line:2:1']);
});

test('a variable that is named as native code is stands for that of the package', async () => {
  const scripts = { 'wrap.js': 'exports.wrap = (binding) => binding.readHome();' };
  assert.deepEqual(await reachesOf('a.node', scripts), ['readHome wrap.js @line:1:29']);
});
