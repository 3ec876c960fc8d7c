import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Refused } from '@avow/bytes';
import { type Accepted, accepted } from './accepted.ts';
import { examined, open } from './examined.ts';
import { type Drafted, drafted, extensionHeld, type Held, heldOf } from './goldens.ts';
import { EXTENSIONS, TEN } from './products.ts';

/** All of them are made by make.ts; here the small ones are made again. */
function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./goldens/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Runs `work`, or skips with the reason where a product cannot be had. */
async function withProduct(t: TestContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused) || !/^(?:npm|deb)\./.test(error.code)) throw error;
    t.skip(`cannot be had here: ${error.found.split('\n')[0]}`);
  }
}

test('scarf held to its own README: what is covered, what is not, and where', async (t) => {
  await withProduct(t, async () => {
    const text = readFileSync(new URL('./scarf.avow.yaml', import.meta.url), 'utf8');
    const product = await open({ spec: 'npm:@scarf/scarf@1.4.0' });
    const from = { source: 'scarf.avow.yaml', form: 'avow', text } as const;
    assert.deepEqual(heldOf(await examined(product, from)), golden<Held>('scarf'));
  });
});

test('twenty extensions and more are held to their manifests, uBlock Origin among them', () => {
  const held = golden<Record<string, Held>>('extensions');
  const withManifest = Object.values(held).filter(({ source }) => source.endsWith('manifest.json'));
  assert.ok(withManifest.length >= 20, `${withManifest.length}`);
  assert.ok(
    withManifest.some(({ entries }) => entries.some((entry) => entry.includes('not-found'))),
  );
  const blocker = held['ublock-origin-firefox']!;
  assert.match(blocker.source, /uBlock0@raymondhill\.net\/manifest\.json$/);
  assert.ok(blocker.entries.some((entry) => entry.startsWith('privacy: not-found')));
});

for (const name of ['debianbuttons', 'proxy-switcher']) {
  test(`${name} is held to its manifest as before`, async (t) => {
    await withProduct(t, async () => {
      const subject = EXTENSIONS.find((one) => one.name === name)!;
      const { source, entries, unsaid } = await extensionHeld(subject);
      const before = golden<Record<string, Held>>('extensions')[name]!;
      const names = (held: readonly string[]): string[] =>
        held.map((entry) => entry.split(': ')[0]!);
      assert.deepEqual(
        [source, names(entries), unsaid],
        [before.source, names(before.entries), before.unsaid],
      );
    });
  });
}

function assertDrafted({ findings, unused, seededAt, seededFindings }: Drafted): void {
  assert.deepEqual([findings, unused], [0, 0]);
  assert.equal(seededFindings.length, 1, seededFindings.join('\n'));
  const [found] = seededFindings;
  assert.ok(found?.includes(`net.http → seeded.example at ${seededAt}:`), found);
}

test('drafts of the ten packages leave nothing open, and one feature more is one finding', () => {
  const ten = golden<Record<string, Drafted>>('ten');
  assert.deepEqual(Object.keys(ten).sort(), TEN.map(({ name }) => name).sort());
  for (const each of Object.values(ten)) assertDrafted(each);
});

for (const name of ['lodash', 'express']) {
  test(`a draft of ${name}, and one feature more`, async (t) => {
    await withProduct(t, async () =>
      assertDrafted(await drafted(TEN.find((one) => one.name === name)!)),
    );
  });
}

/** Drafted, checked, examined, gated: 0; with one feature more the gate ends with 1. */
function assertAccepted(each: Accepted): void {
  const statuses = [each.draft, each.check, each.examine, each.gate, each.seededGate];
  assert.deepEqual(statuses, [0, 0, 0, 0, 1], each.seededAt);
  assert.deepEqual(each.seededFindings, [`${each.seededAt} seeded.example`]);
}

test('drafts of the ten packages, accepted by the command: status 0, and one line more is one finding there', () => {
  const ten = golden<Record<string, Accepted>>('accepted');
  assert.deepEqual(Object.keys(ten).sort(), TEN.map(({ name }) => name).sort());
  for (const each of Object.values(ten)) assertAccepted(each);
});

for (const name of ['lodash', 'express']) {
  test(`the draft of ${name} accepted by the command`, async (t) => {
    await withProduct(t, async () =>
      assertAccepted(accepted(TEN.find((one) => one.name === name)!)),
    );
  });
}
