/**
 * How fast pages are in a real Chromium: the front page's largest content at a
 * quarter of the processor's speed, the first lines of a script of 9 MB, the
 * bytes of a binary of 100 MB, a search among a million records.
 *
 *   node bench/portal.ts [RECORDS]
 */
import { chromium, type Page } from 'playwright-core';
import {
  findBrowser,
  NO_BROWSER,
  startSite,
  type TestSite,
} from '../packages/portal/src/testkit/site.ts';

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const MB = 1e6;
const AT = '2026-11-23T12:00:00.000Z';
const TARGET = 'pkg:npm/large@1.0.0';

const LINE = "  const request = https.request({ host: 'collect.example', method: 'POST' });\n";
const STATEMENT = 'a.b(c,d);function e(f){return f+1}';

const path = findBrowser();
if (path === undefined) throw new Error(NO_BROWSER);
const site = await startSite();
try {
  const update = await seed(site);
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  try {
    const page = await (await browser.newContext()).newPage();
    tell(
      'front page, largest content, 4x slower processor',
      await times(() => largestContent(page)),
      1000,
    );
    for (const [what, file, place] of [
      ['9 MB script, its lines', 'lines.js', '@line:60000'],
      ['9 MB script in one line', 'min.js', '@line:1:8000000'],
      ['100 MB binary, its bytes', 'large.bin', '@off:0x5000000'],
    ] as const) {
      const at = encodeURIComponent(`${TARGET}#${file} ${place}`);
      tell(what, await times(() => firstRow(page, `/places?at=${at}`)), 1500);
    }
    for (const q of ['Trojan.Agent-765432', 'needle', 'no-such-word']) {
      tell(
        `search for ${q} among ${RECORDS} records`,
        await times(() => answered(`/updates/${update}?q=${q}`)),
        300,
      );
    }
  } finally {
    await browser.close();
  }
} finally {
  await site.stop();
}

/** A release with large files, and a database of that many records; their examination is left out. */
async function seed({ running: { stores } }: TestSite): Promise<number> {
  const { catalogue, objects } = stores;
  const text = (one: string) => new TextEncoder().encode(one);
  const files = {
    'lines.js': text(LINE.repeat(Math.ceil((9 * MB) / LINE.length))),
    'min.js': text(STATEMENT.repeat(Math.ceil((9 * MB) / STATEMENT.length))),
    'large.bin': new Uint8Array(100 * MB).fill(0x5a),
  };
  const document = await objects.keep(text('{}'));
  const release = await catalogue.addRelease({
    ...{ name: 'npm/large', target: TARGET, version: '1.0.0', digest: document, size: 118 * MB },
    ...{ isPublic: true, at: AT },
  });
  const examination = await catalogue.beginExamination({
    ...{ release, document, answer: 'none-found', coverage: '{}', at: AT },
    engine: { version: '1', digest: document },
    rules: { update: 1, digest: document },
    counts: { modules: 2, features: 0, flows: 0, findings: 0, unknowns: 0 },
  });
  const members = Object.entries(files).map(async ([name, bytes]) => ({
    path: name,
    digest: await objects.keep(bytes),
    size: bytes.length,
  }));
  await catalogue.putMembers(release, await Promise.all(members));
  const update = await catalogue.addUpdate(examination, {
    ...{ path: 'daily.ndb', format: 'clamav', update_number: '1', digest: document },
    ...{ records: RECORDS, understood: RECORDS },
  });
  const STEP = 50_000;
  for (let from = 0; from < RECORDS; from += STEP) {
    const count = Math.min(STEP, RECORDS - from);
    const records = Array.from({ length: count }, (_, index) => {
      const number = from + index;
      return {
        id: `Trojan.Agent-${number}`,
        member: 'daily.ndb',
        line: number + 1,
        digest: document,
        text: `Trojan.Agent-${number}:0:*:${number.toString(16).padStart(16, 'a')}${number % 250_000 === 7 ? ' needle' : ''}`,
      };
    });
    await catalogue.putRecords(update, records);
  }
  await catalogue.finish(release, examination);
  return update;
}

async function times(measure: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await measure());
  return all.sort((a, b) => a - b);
}

async function largestContent(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(site.url, { waitUntil: 'load' });
  const time = await page.evaluate<number>(
    `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))`,
  );
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.detach();
  return time;
}

/** From the request to the row of the place, painted. */
async function firstRow(page: Page, at: string): Promise<number> {
  const start = performance.now();
  await page.goto(site.url + at, { waitUntil: 'commit' });
  await page.locator('.code tr.here').first().waitFor();
  return performance.now() - start;
}

async function answered(at: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(site.url + at);
  if (!response.ok) throw new Error(`${at}: ${response.status}`);
  await response.text();
  return performance.now() - start;
}

function tell(what: string, all: readonly number[], most: number): void {
  const middle = all[all.length >> 1]!;
  const worst = all.at(-1)!;
  const isMet = worst < most ? 'met' : 'missed';
  console.log(
    `${what}: ${middle.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${all.length}; wanted ${most} ms: ${isMet}`,
  );
}
