import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { claimOf } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { packed, SENDS } from './testdata/products.ts';

/** At a real terminal: util-linux's `script` gives the command one of its own. */
const root = mkdtempSync(join(tmpdir(), 'avow-terminal-'));
after(() => rmSync(root, { recursive: true }));
const MAIN = join(import.meta.dirname, '../../../bin/avow.js');
const skip =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') !==
    true && 'there is no script of util-linux to make a terminal with';

/** Types each answer when its question has come; gives what the terminal showed. */
async function typed(
  args: readonly string[],
  answers: readonly (readonly [question: RegExp, answer: string])[],
): Promise<{ shown: string; status: number | null }> {
  const command = [process.execPath, MAIN, ...args].map((one) => `'${one}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', TERM: 'dumb', COLUMNS: '200' },
  });
  let shown = '';
  let next = 0;
  const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000);
  child.stdout.on('data', (data) => {
    shown += data;
    const step = answers[next];
    if (step?.[0].test(shown.slice(shown.lastIndexOf('\u0000') + 1)) !== true) return;
    next++;
    // What was asked before is not asked again.
    shown += '\u0000';
    child.stdin.write(step[1]);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(deadline);
  return { shown: shown.replaceAll('\u0000', ''), status };
}

const QUESTIONS = [
  [/Which product and version/, '\n'],
  [/Where in it/, 'send.js:3\n'],
  [/What is there/, 'net.http\n'],
  [/What did you see/, 'a request to collect.example.org\n'],
] as const;

test('a person is asked, sees what the place reads as, and confirms it', { skip }, async () => {
  const product = packed(root, 'agent', '1.0.0', { 'lib/send.js': SENDS });
  const docket = join(root, 'docket');
  const { shown, status } = await typed(
    ['claim', 'new', product, '--by', 'cleo', '--docket', docket],
    [...QUESTIONS, [/Is that the place that you mean\? \[y\/N\]/, 'y\n']],
  );
  assert.match(shown, /net\.http at pkg:npm\/agent@1\.0\.0#lib\/send\.js @line:3/);
  assert.match(shown, /claim-1 names pkg:npm\/agent@1\.0\.0#lib\/send\.js @line:3/);
  assert.match(shown, /re-checked: reproduced/);
  assert.equal(status, 0, shown);
});

test('who does not confirm has a draft; who closes the window midway has what was typed', {
  skip,
}, async () => {
  const product = packed(root, 'agent', '1.0.0', { 'lib/send.js': SENDS });
  const docket = join(root, 'docket-2');
  const no = await typed(
    ['claim', 'new', product, '--docket', docket],
    [...QUESTIONS, [/Is that the place/, 'n\n']],
  );
  assert.match(no.shown, /claim-1 is kept as you typed it, and not handed in yet/);
  assert.equal(no.status, 1);
  await typed(
    ['claim', 'new', product, '--docket', docket],
    // Control-D at the third question.
    [...QUESTIONS.slice(0, 2), [/What is there/, '\u0004']],
  );
  const { kept, store, close } = openDocketFolder(docket);
  const claim = claimOf(await store.eventsOf('claim-2'));
  assert.equal(claim.state, 'draft');
  const last = await kept.read(claim.texts.at(-1)!);
  assert.equal(new TextDecoder().decode(last), 'send.js:3');
  close();
});
