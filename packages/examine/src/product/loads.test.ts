import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Loaded by children alone: in the process that the user waits for they are a third of its start. */
const PARSERS = ['meriyah', '@babel/parser', 'parse5', 'oxc-parser'];

const HOOK = `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});`;

test('examining a product whose modules are read elsewhere loads no parser of scripts', () => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', HOOK], {
    encoding: 'utf8',
  });
  assert.match(stdout, /product\/survey\.ts/);
  for (const parser of PARSERS) assert.ok(!stdout.includes(`/node_modules/${parser}/`), parser);
});
