import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const AVOW = fileURLToPath(new URL('packages/cli/bin/avow.js', ROOT));
const REFUSED = 4;

/** Blocks that show a command after `$` and what it prints. */
const SHOWN = [...README.matchAll(/```text\n\$ npx avow ([^\n]+)\n([\s\S]*?)```/g)];

test('the README shows real output', () => assert.ok(SHOWN.length > 0));

for (const [, command, output] of SHOWN) {
  test(`the README is right about what avow ${command} prints`, (t) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [AVOW, ...command!.split(' ')], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, COLUMNS: '80' },
    });
    if (status === REFUSED) return t.skip(`the registry cannot be had: ${stderr.split('\n')[0]}`);
    assert.equal(withoutEngine(stdout), withoutEngine(output!));
  });
}

test('the README opens with the two commands: one that runs, one that tests', () => {
  assert.match(README, /npm ci && npx avow examine npm:@scarf\/scarf@1\.4\.0/);
  assert.match(README, /npm cit/);
});

/** Versions of our own change with every commit of rules. */
function withoutEngine(text: string): string {
  return text.replace(/^avow .*rules.*$/m, 'avow').trim();
}
