import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Docket, parseReceipt, receiptText } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { stateCommand, takeCommand } from './commands.ts';
import { exportCommand } from './export.ts';
import { verifyCaseCommand } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-verify-'));
after(() => rmSync(root, { recursive: true }));
const docket = join(root, 'docket');
const whole = join(root, 'whole');

const DIGEST = `sha256:${'ab'.repeat(32)}` as const;
const RECEIPT = parseReceipt(
  JSON.stringify({
    schema: 'avow.receipt/1',
    locator: 'pkg:npm/x@1.0.0#a.js @line:1',
    said: 'net.http',
    product: { target: 'pkg:npm/x@1.0.0', digest: DIGEST },
    module: { path: 'a.js', digest: DIGEST },
    engine: { version: '1', digest: DIGEST },
    rules: { update: 1, digest: DIGEST },
    result: DIGEST,
    recheck: {
      outcome: 'reproduced',
      matched: [],
      instead: [],
      elsewhere: [],
      unsettled: [],
      verdict: 'undeclared',
      leaves: [],
      gates: [],
      unreached: [],
    },
  }),
);

/** A case among claims of others, whose events stand between its own. */
before(async () => {
  const { store, kept, close } = openDocketFolder(docket);
  const opened = new Docket(store, kept, () => Date.now());
  const claim = await opened.write('cleo', 'it phones home');
  for (const other of ['dan', 'eve', 'fay']) await opened.write(other, `claim of ${other}`);
  const system = { name: 'avow', role: 'system' } as const;
  const text = await opened.keep(Buffer.from('it phones home'));
  await opened.act(claim.id, 'submit', { name: 'cleo', role: 'claimant' }, { text });
  await opened.act(claim.id, 'resolve', system, {
    locator: RECEIPT.locator,
    said: RECEIPT.said,
    target: 'pkg:npm/x@1.0.0',
    product: DIGEST,
    module: DIGEST,
    fingerprint: DIGEST,
    receipt: await opened.keep(Buffer.from(receiptText(RECEIPT))),
    outcome: 'reproduced',
  });
  await opened.write('gus', 'another');
  close();
  await takeCommand(claim.id, { docket, as: 'lead:lea' });
  await stateCommand('case-1', { docket, as: 'vendor:v', text: 'No.', stance: 'disputes' });
  const again = openDocketFolder(docket);
  await new Docket(again.store, again.kept, () => Date.now()).run(
    'case-1',
    { name: 'ana', role: 'investigator' },
    RECEIPT,
  );
  again.close();
  await exportCommand('case-1', { docket, output: whole, product: true });
});

/** The exit status, and what was printed. */
async function verified(
  folder: string | undefined,
  more: { head?: string } = {},
): Promise<{ readonly status: number; readonly printed: string }> {
  const { write } = process.stdout;
  let printed = '';
  process.stdout.write = ((text: string) => {
    printed += text;
    return true;
  }) as typeof write;
  try {
    return { status: await verifyCaseCommand(folder, { docket, ...more }), printed };
  } finally {
    process.stdout.write = write;
  }
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

test('an export as it was written proves its events, and says what is left to compare', async () => {
  const { status, printed } = await verified(whole);
  assert.equal(status, 0, printed);
  assert.match(printed, /case-1: 3 events, all that it had at event \d+/);
  assert.match(printed, /claim-1: 4 events/);
  assert.match(printed, /Next: compare sha256:/);
  const { number } = JSON.parse(readFileSync(join(whole, 'head.json'), 'utf8'));
  // Whoever has the docket says the same of the same event, also after others.
  const { store, kept, close } = openDocketFolder(docket);
  await new Docket(store, kept, () => Date.now()).write('hal', 'later');
  close();
  const own = await verified(undefined, { head: `head-${number}` });
  assert.equal(own.status, 0);
  const head = /sha256:[0-9a-f]{64}/.exec(own.printed)![0];
  assert.match((await verified(whole, { head })).printed, /the head is the one given/);
  assert.equal((await verified(whole, { head: DIGEST })).status, 1);
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
  test(`${name}: told, with exit status 1`, async () => {
    const folder = mkdtempSync(join(root, 'tampered-'));
    cpSync(whole, folder, { recursive: true });
    tamper(folder);
    const { status, printed } = await verified(folder);
    assert.match(printed, says);
    assert.equal(status, 1);
  });
}

test('a folder that is no export is refused with what is missing', async () => {
  await assert.rejects(verifyCaseCommand(root, { docket }), { code: 'docket.handed' });
});
