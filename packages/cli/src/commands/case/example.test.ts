import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Refused } from '@avow/bytes';
import { openProduct } from '@avow/products';

const ROOT = new URL('../../../../../', import.meta.url);
const PAGE = readFileSync(new URL('docs/claims.md', ROOT), 'utf8');
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');
const SHOWN = [...PAGE.matchAll(/```text\n\$ avow ([^\n]+)\n([\s\S]*?)```/g)];

const folder = mkdtempSync(join(tmpdir(), 'avow-example-'));
after(() => rmSync(folder, { recursive: true }));

const skip = await openProduct('npm:@scarf/scarf@1.4.0').then(
  () => false,
  (error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    console.log(`skipped: the package cannot be fetched: ${error.message}`);
    return 'the package cannot be fetched';
  },
);

test('docs/claims.md shows what its commands print, one after another', { skip }, () => {
  assert.ok(SHOWN.length > 12);
  for (const [, command, output] of SHOWN) {
    const args = [...command!.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare!,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    assert.match(stdout, patternOf(output!), `${command}\n${stdout}${stderr}`);
  }
});

/** `…` stands for the rest of a word, or on a line of its own for any lines; years pass. */
function patternOf(output: string): RegExp {
  const lines = output.split('\n').map((line) => {
    if (line === '…') return '[\\s\\S]*';
    return line
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('sha256:…', 'sha256:[0-9a-f]{64}')
      .replaceAll(/avow-\d{4}-/g, 'avow-\\d{4}-');
  });
  return new RegExp(`^${lines.join('\n').replaceAll('\n[\\s\\S]*\n', '\n[\\s\\S]*')}$`);
}
