import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { printVerifierKey, verifierKeyOf } from '@avow/log';
import { PUBLIC_FOLDER } from '@avow/stores';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { digestOf, KEY, makeLog } from './testdata/log.ts';
import { findBrowser, NO_BROWSER, startSite, type TestSite } from './testkit/site.ts';

const browserPath = findBrowser();
const AT = '2026-11-23T12:00:00.000Z';
describe('what the log says, verified in a browser', {
  skip: browserPath === undefined ? NO_BROWSER : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-proof-'));
  const log = join(folder, 'log');
  let site: TestSite;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let release = 0;

  before(async () => {
    await makeLog(log);
    writeFileSync(join(folder, 'server.yaml'), `log: ${log}\n`);
    site = await startSite(join(folder, 'server.yaml'));
    const { catalogue, objects } = site.running.stores;
    const document = await objects.keep(new TextEncoder().encode('{"unknowns":[]}'));
    release = await catalogue.addRelease({
      ...{ name: 'npm/thing', target: 'pkg:npm/thing@1.0.270', version: '1.0.270' },
      ...{ digest: digestOf(270) as never, size: 1, isPublic: true, at: AT },
    });
    const examination = await catalogue.beginExamination({
      ...{ release, document, answer: 'none-found', coverage: '{}', at: AT },
      engine: { version: '1', digest: document },
      rules: { update: 1, digest: document },
      counts: { modules: 0, features: 0, flows: 0, findings: 0, unknowns: 0 },
    });
    await catalogue.finish(release, examination);
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    context = await browser.newContext();
    page = await context.newPage();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const verify = async (path: string): Promise<string> => {
    await page.goto(site.url + path);
    await page.getByRole('button', { name: 'Verify for me' }).first().click();
    const steps = page.locator('.steps li');
    await steps.first().waitFor();
    await page.getByRole('button', { name: 'Verify for me', disabled: false }).first().waitFor();
    return (await steps.allTextContents()).join('\n');
  };

  /** Another browser: tiles never change, so one that has them does not ask again. What it verified it keeps. */
  const fresh = async (): Promise<void> => {
    const storage = await context.storageState();
    await context.close();
    context = await browser.newContext({ storageState: storage });
    page = await context.newPage();
  };

  /** Serves other bytes for a file of the log while `work` runs. */
  const tampered = async (
    path: string,
    change: (bytes: Buffer) => void,
    work: () => Promise<void>,
  ) => {
    const file = join(log, PUBLIC_FOLDER, path);
    const bytes = readFileSync(file);
    const other = Buffer.from(bytes);
    change(other);
    writeFileSync(file, other);
    try {
      await fresh();
      await work();
    } finally {
      writeFileSync(file, bytes);
      await fresh();
    }
  };

  test('entries of every place of the tree lead to its root', async () => {
    for (const index of [0, 1, 255, 256, 287, 299]) {
      assert.match(await verify(`/entries/${index}`), /leads to the root of the checkpoint/);
    }
  });

  test('a release is in the log with the digest that its page shows; the proof can be saved', async () => {
    const said = await verify(`/releases/${release}`);
    assert.match(said, /of the digest that this page shows/);
    assert.match(said, /leads to the root of the checkpoint, beside \d+ hashes/);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save the proof' }).click();
    const text = readFileSync((await (await saved).path())!, 'utf8');
    assert.match(
      text,
      /^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex 270\n(?:\S{44}\n)+\nlog\.example/,
    );
  });

  test('an entry that was changed, or a hash beside its way, does not verify', async () => {
    const lastOfBundle = (bytes: Buffer) => {
      const at = bytes.lastIndexOf(digestOf(299));
      bytes.write('f', at + 10);
    };
    await tampered('tile/entries/001.p/44', lastOfBundle, async () => {
      assert.match(await verify('/entries/299'), /NOT in the log/);
    });
    const firstHash = (bytes: Buffer) => {
      bytes[0] = bytes[0]! ^ 1;
    };
    await tampered('tile/1/000.p/1', firstHash, async () => {
      assert.match(await verify('/entries/260'), /NOT in the log/);
    });
  });

  test('the whole log verifies, with its signature once its reader has the key', async () => {
    assert.match(await verify('/log'), /All 300 entries.*\n.*signature was not checked/);
    const key = printVerifierKey(verifierKeyOf(KEY));
    const other = printVerifierKey(verifierKeyOf({ ...KEY, seed: new Uint8Array(32).fill(8) }));
    const withKey = async (typed: string) => {
      await page
        .getByLabel('The log’s public key')
        .or(page.locator('#log-key'))
        .first()
        .fill(typed);
      await page.getByRole('button', { name: 'Verify for me' }).click();
      await page.locator('.steps li').nth(2).waitFor();
      return (await page.locator('.steps li').allTextContents()).join('\n');
    };
    assert.match(await withKey(other), /begins with the 300 entries.*\n.*NOT signed/);
    assert.match(await withKey('a key'), /not an Ed25519 key/);
    assert.match(await withKey(key), /signed by log\.example\/portal, with the key that you gave/);
    assert.match(await verify('/entries/5'), /signed by log\.example\/portal/);
  });

  test('a log that shows this browser another past is found out', async () => {
    const other = join(folder, 'other');
    await makeLog(other, 1000);
    rmSync(join(log, PUBLIC_FOLDER), { recursive: true });
    cpSync(join(other, PUBLIC_FOLDER), join(log, PUBLIC_FOLDER), { recursive: true });
    await fresh();
    assert.match(await verify('/log'), /NOT the log that this browser verified before/);
  });
});
