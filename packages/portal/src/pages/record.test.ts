import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSite, type TestSite } from '../testkit/site.ts';

const AT = '2026-11-23T12:00:00.000Z';
const SECRET = 'TOP SECRET//NOFORN';
const LINES = [
  'Win.Trojan.Agent-1:1:*:4d5a900003000000',
  `Doc.Watch.Words-2:0:*:${Buffer.from(SECRET).toString('hex')}`,
];

describe('a record by itself', () => {
  let site: TestSite;
  let path = '';

  before(async () => {
    site = await startSite();
    const { catalogue, objects } = site.running.stores;
    const bytes = new TextEncoder().encode(`${LINES.join('\n')}\n`);
    const digest = await objects.keep(bytes);
    const document = await objects.keep(new TextEncoder().encode('{}'));
    const release = await catalogue.addRelease({
      ...{ name: 'npm/signatures', target: 'pkg:npm/signatures@1.0.0', version: '1.0.0' },
      ...{ digest, size: bytes.length, isPublic: true, at: AT },
    });
    const examination = await catalogue.beginExamination({
      ...{ release, document, answer: 'none-found', coverage: '{}', at: AT },
      engine: { version: '1', digest },
      rules: { update: 1, digest },
      counts: { modules: 0, features: 0, flows: 0, findings: 0, unknowns: 0 },
    });
    await catalogue.putMembers(release, [{ path: 'daily.ndb', digest, size: bytes.length }]);
    const update = await catalogue.addUpdate(examination, {
      ...{ path: 'daily.ndb', format: 'clamav', update_number: '1', digest },
      ...{ records: 2, understood: 2 },
    });
    const records = LINES.map((text, at) => ({
      ...{ id: text.slice(0, text.indexOf(':')), member: 'daily.ndb', line: at + 1, digest, text },
    }));
    await catalogue.putRecords(update, records);
    await catalogue.finish(release, examination);
    path = `/updates/${update}`;
  });
  after(() => site.stop());

  async function pageAt(at: string): Promise<string> {
    const response = await fetch(site.url + at);
    assert.equal(response.status, 200, at);
    return response.text();
  }

  test('is found among those of its update, and shows what it looks for, decoded', async () => {
    const list = await pageAt(`${path}?q=Doc.Watch.Words-2`);
    const link = new RegExp(`${path}/records/\\d+`).exec(list)?.[0];
    assert.ok(link !== undefined, 'the update leads to it');
    const page = await pageAt(link);
    assert.match(page, /TOP SECRET\/\/NOFORN/);
    assert.match(
      page,
      /words that mark text as secret or official|documents|everything that is scanned/,
    );
  });

  test('that is not there is not found', async () => {
    assert.equal((await fetch(`${site.url}${path}/records/999`)).status, 404);
  });
});
