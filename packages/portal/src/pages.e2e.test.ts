import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OBJECTS } from '@avow/server/testdata';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { makeLog } from './testdata/log.ts';
import { type PeopledSite, startPeopled } from './testkit/people.ts';
import { findBrowser, NO_BROWSER } from './testkit/site.ts';

const browserPath = findBrowser();
/** Where screenshots go, to be looked at; none are made where nobody asks for them. */
const SHOTS = process.env['AVOW_SCREENSHOTS'];
const AT = '2026-11-23T12:00:00.000Z';
const HOSTILE = '<img src=x onerror=alert(1)>"\u202e';

/** A database of `[id, text]` records, in a release of its own. */
async function update(
  { running: { stores } }: PeopledSite,
  version: string,
  records: readonly (readonly [id: string, text: string])[],
): Promise<number> {
  const { catalogue, objects } = stores;
  const text = new TextEncoder().encode(records.map((one) => one.join(' ')).join('\n'));
  const digest = await objects.keep(text);
  const path = '72_active.cf';
  const does = [
    {
      ...{ target: 'message', action: 'send', visibility: 'silent', destination: 'third-party' },
      ...{ reach: 'all', rank: 'high', count: records.length, recipient: 'collect.example' },
      first: `pkg:npm/rules@${version}#${path} @line:1`,
    },
  ];
  const databases = [{ path, format: 'spamassassin', update: version, does }];
  const document = await objects.keep(
    new TextEncoder().encode(JSON.stringify({ databases, unknowns: [] })),
  );
  const release = await catalogue.addRelease({
    ...{ name: 'npm/rules', target: `pkg:npm/rules@${version}`, version, digest },
    ...{ size: text.length, isPublic: true, at: AT },
  });
  const examination = await catalogue.beginExamination({
    ...{ release, document, answer: 'no-declaration', coverage: '{}', at: AT },
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    counts: { modules: 0, features: 0, flows: 0, findings: 0, unknowns: 0 },
  });
  await catalogue.putMembers(release, [{ path, digest, size: text.length }]);
  const number = await catalogue.addUpdate(examination, {
    ...{ path, format: 'spamassassin', update_number: version, digest },
    ...{ records: records.length, understood: records.length },
  });
  const rows = records.map(([id, line], at) => ({
    ...{ id, member: path, line: at + 1, text: line },
    digest: `sha256:${Buffer.from(line).toString('hex').slice(0, 64).padEnd(64, '0')}`,
  }));
  await catalogue.putRecords(number, rows);
  await catalogue.finish(release, examination);
  return number;
}

describe('every page that has its address by what is there', {
  skip: browserPath === undefined ? NO_BROWSER : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-pages-'));
  let site: PeopledSite;
  let browser: Browser;
  /** Who looks, and at what. */
  let pages: readonly (readonly [who: string, path: string])[] = [];

  before(async () => {
    await makeLog(join(folder, 'log'));
    writeFileSync(join(folder, 'server.yaml'), `log: ${join(folder, 'log')}\n`);
    site = await startPeopled(join(folder, 'server.yaml'));
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    const { stores } = site.running;
    const before = await update(site, '4.0.1', [
      ['GTUBE', 'body GTUBE /XJS/'],
      ['GONE', 'body GONE /gone/'],
      ['', `body NAMELESS /${HOSTILE}/`],
    ]);
    const now = await update(site, '4.0.2', [
      ['GTUBE', 'body GTUBE /XJS2/'],
      ['NEW_RULE', 'header NEW_RULE Subject =~ /new/'],
      [HOSTILE, 'body HOSTILE /x/'],
    ]);
    const [record] = await stores.lists.updated.recordsById(now, undefined, 1);
    const { case: found } = await OBJECTS.case!(stores, true);
    const { claim } = await OBJECTS.claim!(stores, true);
    const { job } = await OBJECTS.job!(stores, true);
    pages = [
      ['lea', '/desk'],
      ['lea', `/cases/${found}`],
      ['anonymous', `/cases/${found}`],
      ['ann', `/claims/${claim}`],
      ['ann', '/claims'],
      ['ann', '/claims/new?place=pkg:npm/x'],
      ['ann', `/jobs/${job}`],
      ['ann', '/account'],
      ['ann', '/account/webhooks?host=collect.example'],
      ['anonymous', `/updates/${now}`],
      ['anonymous', `/updates/${before}`],
      ['anonymous', `/updates/${now}?q=nothing-like-it`],
      ['anonymous', `/updates/${now}/changes/${before}`],
      ['anonymous', `/updates/${now}/changes/${before}?change=removed`],
      ['anonymous', `/updates/${now}/records/${record!.number}`],
      ['anonymous', '/log'],
      ['anonymous', '/log?before=256'],
      ['anonymous', '/entries/299'],
      ['anonymous', '/entries/300'],
      ['anonymous', '/news?host=collect.example'],
      ['anonymous', '/news?product=x'],
      ['anonymous', '/products?maker=acme'],
      ['anonymous', '/search?q=72_active.cf%3A1'],
      ['anonymous', '/search'],
      ['anonymous', '/releases/999999'],
      ['account', '/desk'],
    ];
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(context: BrowserContext, who: string): Promise<void> {
    const [name = '', value = ''] = (site.cookies.get(who) ?? '').split('=');
    if (name !== '') await context.addCookies([{ name, value, url: site.url }]);
  }

  async function shot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    const file = `${name.replaceAll(/[^\w-]+/g, '_').slice(0, 90)}.png`;
    await page.screenshot({ path: join(SHOTS, file), fullPage: true });
  }

  for (const [colorScheme, locale, width] of [
    ['light', 'en', 1440],
    ['dark', 'ru', 1440],
    ['light', 'ru', 320],
    ['dark', 'en', 320],
  ] as const) {
    test(`is read, named and reached by everyone in ${colorScheme} colours, in ${locale}, at ${width} px`, async () => {
      const faults: string[] = [];
      for (const [who, own] of Map.groupBy(pages, ([name]) => name)) {
        const viewport = { width, height: 900 };
        const context = await browser.newContext({ colorScheme, locale, viewport });
        await signIn(context, who);
        const page = await context.newPage();
        for (const [, path] of own) {
          page.once('dialog', () => faults.push(`${path}: markup of others acts`));
          const response = await page.goto(site.url + path);
          if (response!.status() >= 500) faults.push(`${path}: ${response!.status()}`);
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          if (wide > width) faults.push(`${path} is ${wide} px wide`);
          const { violations } = await new AxeBuilder({ page }).analyze();
          for (const { id, nodes } of violations) {
            const where = nodes.map(({ html }) => html.slice(0, 120)).join(' | ');
            faults.push(`${path}: ${id}: ${where}`);
          }
          await shot(page, `${width}-${colorScheme}-${locale}-${who}${path}`);
        }
        await context.close();
      }
      assert.deepEqual(faults, []);
    });
  }

  test('an update tells what changed since the one before, features first, then each record', async () => {
    const page = await browser.newPage();
    const main = page.getByRole('main');
    const path = pages.find(([, one]) => /^\/updates\/\d+$/.test(one))![1];
    await page.goto(site.url + path);
    await main.getByRole('link', { name: '2 records added' }).waitFor();
    await main.getByRole('link', { name: '1 record changed' }).click();
    await main.getByText('body GTUBE /XJS/').waitFor();
    await main.getByText('body GTUBE /XJS2/').waitFor();
    assert.equal(await main.getByText('NEW_RULE').count(), 0);
    await main.getByRole('link', { name: 'Show all changes' }).click();
    await main.getByRole('link', { name: 'NEW_RULE' }).click();
    await main.getByRole('heading', { name: 'NEW_RULE' }).waitFor();
    await page.close();
  });

  test('a draft is kept for whoever is signed in, opened again, changed and thrown away', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    await signIn(context, 'ann');
    const page = await context.newPage();
    const main = page.getByRole('main');
    await page.goto(`${site.url}/claims/new`);
    await main.getByLabel('Product and its version').fill('npm:thing@1.0.0');
    await main.getByLabel('What you saw').fill('first line\nsecond line');
    await main.getByRole('button', { name: 'Keep as a draft' }).click();
    await page.goto(`${site.url}/claims`);
    await main.getByRole('link', { name: /npm:thing@1\.0\.0/ }).click();
    assert.equal(await main.getByLabel('What you saw').inputValue(), 'first line\nsecond line');
    await main.getByLabel('Place').fill('a.js:3');
    await main.getByRole('button', { name: 'Keep as a draft' }).click();
    assert.equal(await main.getByLabel('Place').inputValue(), 'a.js:3');
    await page.goto(`${site.url}/claims`);
    await main.getByRole('button', { name: 'Throw away' }).click();
    assert.equal(await main.getByText('npm:thing@1.0.0').count(), 0);
    await context.close();
  });

  test('what one follows is made from the page of a host, shown with its feeds, and ended', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    await signIn(context, 'ann');
    const page = await context.newPage();
    const main = page.getByRole('main');
    await page.goto(`${site.url}/search?q=collect.example`);
    await main.getByRole('link', { name: 'By mail or webhook' }).click();
    assert.equal(await main.getByLabel('Recipient host').inputValue(), 'collect.example');
    await main.getByRole('button', { name: 'Follow' }).click();
    const feed = main.getByRole('link', { name: 'Atom' });
    const text = await (await fetch(site.url + (await feed.getAttribute('href'))!)).text();
    assert.match(text, /<title>[^<]*collect\.example/);
    await main.getByRole('button', { name: 'Remove' }).click();
    await main.getByText('You follow nothing yet.').waitFor();
    await context.close();
  });

  test('a statement is hidden with a reason that stands in its place, and shown again', async () => {
    const path = pages[1]![1];
    const lea = await browser.newContext();
    await signIn(lea, 'lea');
    const page = await lea.newPage();
    const main = page.getByRole('main');
    await page.goto(site.url + path);
    await main.getByLabel('Statement').fill('Words that should not be read.');
    await main.getByRole('button', { name: 'Send' }).click();
    await main.getByText('Hide this statement').first().click();
    await main.getByLabel('Reason').first().fill('names a private person');
    await main.getByRole('button', { name: 'Hide this statement' }).first().click();
    await main.getByText('Hidden by').waitFor();
    const context = await browser.newContext();
    await signIn(context, 'pat');
    const party = await context.newPage();
    await party.goto(site.url + path);
    await party.getByText('names a private person').waitFor();
    assert.equal(await party.getByText('Words that should not be read.').count(), 0);
    await main.getByText('Show it again').first().click();
    await main.getByLabel('Reason').first().fill('they agree to it');
    await main.getByRole('button', { name: 'Show it again' }).first().click();
    await main.getByText('Hide this statement').first().waitFor();
    await party.reload();
    await party.getByText('Words that should not be read.').waitFor();
    await lea.close();
    await context.close();
  });
});
