import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Docket } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { stateCommand } from './commands.ts';
import { exportCommand } from './export.ts';
import { DIGEST, runOnce } from './testdata/decided.ts';
import { verifyDocket, verifyFolder } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-verify-'));
after(() => rmSync(root, { recursive: true }));
const docket = join(root, 'docket');
const whole = join(root, 'whole');

/** A case among claims of others, whose events stand between its own. */
before(async () => {
  await runOnce(docket);
  await stateCommand('case-1', { docket, as: 'vendor:v', text: 'No.', stance: 'disputes' });
  await exportCommand('case-1', { docket, output: whole, product: true });
});

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

test('an export as it was written proves its events, and says what is left to compare', async () => {
  const { value, lines } = verifyFolder(whole, {});
  assert.ok(value.isWhole, lines.join('\n'));
  assert.match(lines.join('\n'), /case-1: 3 events, all that it had at event \d+/);
  assert.match(lines.join('\n'), /claim-1: 4 events/);
  assert.match(lines.join('\n'), /Next: ask whoever keeps the docket/);
  // Whoever has the docket says the same of the same event, also after others.
  const { store, kept, close } = openDocketFolder(docket);
  await new Docket(store, kept, () => Date.now()).write('hal', 'later');
  close();
  const own = await verifyDocket({ docket, head: `head-${value.number}` });
  assert.equal(own.value.head, value.head);
  assert.ok(verifyFolder(whole, { head: value.head }).value.isWhole);
  assert.equal(verifyFolder(whole, { head: DIGEST }).value.isWhole, false);
  const now = await verifyDocket({ docket });
  assert.deepEqual([now.value.isWhole, now.value.number], [true, value.number + 1]);
  assert.equal((await verifyDocket({ docket, head: value.head })).value.isWhole, false);
});

const EVENTS = 'events.jsonl';
/** What somebody might do to an export, and what is then said. */
const TAMPERED: Readonly<Record<string, readonly [(folder: string) => void, RegExp]>> = {
  'the vendor’s statement left out': [
    (folder) => {
      const lines = linesOf(join(folder, EVENTS)).filter((line) => !line.includes('"disputes"'));
      writeFileSync(join(folder, EVENTS), `${lines.join('\n')}\n`);
    },
    /! case-1: its 2 events are not those that the head knows/,
  ],
  'the last event cut off': [
    (folder) => {
      const lines = linesOf(join(folder, EVENTS)).slice(0, -1);
      writeFileSync(join(folder, EVENTS), `${lines.join('\n')}\n`);
    },
    /! case-1: its 2 events are not those/,
  ],
  'a word changed in an event': [
    (folder) => {
      const text = readFileSync(join(folder, EVENTS), 'utf8');
      writeFileSync(join(folder, EVENTS), text.replace('"disputes"', '"confirms"'));
    },
    /! case-1: its 3 events are not those/,
  ],
  'a claim’s events left out': [
    (folder) => {
      const lines = linesOf(join(folder, EVENTS)).filter((line) => !line.includes('"claim-1","'));
      const own = lines.filter((line) => JSON.parse(line).subject !== 'claim-1');
      writeFileSync(join(folder, EVENTS), `${own.join('\n')}\n`);
    },
    /! claim-1: its 0 events are not those/,
  ],
  'case.json tells another state': [
    (folder) => {
      const text = readFileSync(join(folder, 'case.json'), 'utf8');
      writeFileSync(join(folder, 'case.json'), text.replace('"open"', '"decided"'));
    },
    /! case\.json says otherwise/,
  ],
  'a receipt altered': [
    (folder) => {
      const text = readFileSync(join(folder, 'receipt-1.json'), 'utf8');
      writeFileSync(join(folder, 'receipt-1.json'), text.replace('net.http', 'net.dns'));
    },
    /! no receipt of the run by ana/,
  ],
  'another head put in its place': [
    (folder) => {
      const head = JSON.parse(readFileSync(join(folder, 'head.json'), 'utf8'));
      head.subjects.root = DIGEST;
      writeFileSync(join(folder, 'head.json'), `${JSON.stringify(head)}\n`);
    },
    /! case-1: its 3 events are not those/,
  ],
};

for (const [name, [tamper, says]] of Object.entries(TAMPERED)) {
  test(`${name}: told`, () => {
    const folder = mkdtempSync(join(root, 'tampered-'));
    cpSync(whole, folder, { recursive: true });
    tamper(folder);
    const { value, lines } = verifyFolder(folder, {});
    assert.match(lines.join('\n'), says);
    assert.equal(value.isWhole, false);
  });
}

test('a folder that is no export is refused with what is missing', () => {
  assert.throws(() => verifyFolder(root, {}), { code: 'docket.handed' });
});
