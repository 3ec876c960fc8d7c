import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findPostgres, TestPostgres } from '@avow/stores/contract';
import type { AccountRole, Identity } from '../access/identity.ts';
import { LEAKS, tarball } from '../testdata/product.ts';
import { type TestService, testService } from '../testdata/service.ts';

const someone = (id: string, role?: AccountRole, maker?: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: role === undefined ? [] : [maker === undefined ? { role } : { role, maker }],
  secondFactor: true,
});

const PEOPLE = {
  ann: someone('ann'),
  otto: someone('otto'),
  mia: someone('mia', 'maker', 'acme'),
  ina: someone('ina', 'investigator'),
  ivo: someone('ivo', 'investigator'),
  lea: someone('lea', 'lead'),
  leo: someone('leo', 'lead'),
  pia: someone('pia', 'publisher'),
  ada: someone('ada', 'administrator'),
};

const PLACE = 'pkg:npm/leaks@1.0.0#index.js @line:3:19';
const BYTES = tarball(LEAKS);

/** The way of a product, a claim and a case through the service, with real examinations and runs. */
function wholeWay(open: () => Promise<Readonly<Record<string, string>>>): void {
  let service: TestService;
  before(async () => {
    service = await testService(PEOPLE, await open(), { hasWorkers: true });
  });
  after(() => service.close());

  async function jobEnded(id: string, as: string): Promise<Record<string, unknown>> {
    for (;;) {
      const { body } = await service.json('GET', `jobs/${id}`, { as });
      if (body.ended !== undefined) return body;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function patch(id: string, at: number, bytes: Uint8Array, as = 'ann') {
    return service.json('PATCH', `uploads/${id}`, {
      as,
      body: bytes,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at) },
    });
  }

  test('an artifact is handed in by parts, examined, and found', async () => {
    const begun = await service.json('POST', 'uploads', {
      as: 'ann',
      body: { file: 'leaks-1.0.0.tgz', size: BYTES.length, isPublic: true },
    });
    assert.equal(begun.status, 201);
    const { id } = begun.body;
    assert.equal((await patch(id, 0, BYTES.subarray(0, 100))).body.offset, 100);
    assert.equal((await patch(id, 0, BYTES.subarray(0, 100))).body.code, 'upload.offset');
    assert.equal(
      (await patch(id, 100, BYTES.subarray(0, BYTES.length))).body.code,
      'upload.too-large',
    );
    assert.equal((await patch(id, 100, BYTES.subarray(100), 'otto')).status, 404);
    const head = await service.ask('HEAD', `uploads/${id}`, { as: 'ann' });
    assert.equal(head.headers.get('upload-offset'), '100');
    const done = await patch(id, 100, BYTES.subarray(100));
    assert.equal(done.body.state, 'complete');
    const none = await service.json('GET', 'releases');
    assert.deepEqual(none.body.items, [], 'nothing is seen before it was examined');
    const job = await jobEnded(done.body.job, 'ann');
    assert.equal(job['state'], 'done', JSON.stringify(job));
    const features = await service.json('GET', 'features?recipient=collect.example.org');
    assert.equal(features.body.items[0].locator, PLACE);
    const found = await service.json('GET', 'find?symptom=collect.example.org');
    assert.equal(found.body.features[0].feature.locator, PLACE);
    const place = await service.json(
      'GET',
      `locate?locator=${encodeURIComponent(PLACE)}&context=0`,
    );
    assert.match(place.body.lines[0].text, /https\.request/);
  });

  test('an upload that is not what was announced is refused and examined by nobody', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const body = { file: 'a.tgz', size: 3, digest };
    const begun = await service.json('POST', 'uploads', { as: 'ann', body });
    const ended = await patch(begun.body.id, 0, Uint8Array.of(1, 2, 3));
    assert.equal(ended.body.code, 'upload.digest');
    const after = await service.json('GET', `uploads/${begun.body.id}`, { as: 'ann' });
    assert.equal(after.body.state, 'refused');
  });

  test('what cannot be opened is refused with its code, and not tried again', async () => {
    const body = { file: 'broken.tgz', size: 4 };
    const begun = await service.json('POST', 'uploads', { as: 'ann', body });
    const { body: done } = await patch(begun.body.id, 0, Uint8Array.of(0x1f, 0x8b, 0, 0));
    await jobEnded(done.job, 'ann');
    const after = await service.json('GET', `uploads/${begun.body.id}`, { as: 'ann' });
    assert.match(after.body.why ?? after.body.state, /^[a-z0-9-]+\.[a-z0-9-]+: |examined/);
  });

  test('what a claim would point to and what it lacks is said before it is handed in', async () => {
    const check = (text: string) => service.json('POST', 'claims/check', { body: { text } });
    const { body: whole } = await check(`${PLACE}\nfeature: net.http`);
    assert.deepEqual(whole, {
      locators: [PLACE],
      said: ['net.http'],
      lacks: [],
      outcome: 'reproduced',
      fetches: [],
    });
    const { body: wrong } = await check(
      `${PLACE.replace('index.js', 'indx.js')}\nfeature: net.http`,
    );
    assert.equal(wrong.lacks[0].reason, 'no-such-module');
    assert.match(wrong.lacks[0].candidates[0], /index\.js/);
    const { body: none } = await service.json('GET', 'claims');
    assert.deepEqual(none.items, [], 'nothing of it is kept');
  });

  let claim = '';
  let code = '';

  test('a claim without a place is turned back with all that it lacks, and completed', async () => {
    const made = await service.json('POST', 'claims', { as: 'ann', body: { text: 'it spies' } });
    assert.equal(made.body.claim.state, 'returned');
    assert.equal(made.body.code, undefined, 'an account needs no code');
    assert.ok(made.body.claim.lacks.length >= 4);
    claim = made.body.claim.id;
    const completed = await service.json('POST', `claims/${claim}/complete`, {
      as: 'ann',
      body: { text: `${PLACE}\nfeature: net.http` },
    });
    assert.equal(completed.body.state, 'valid', JSON.stringify(completed.body));
    assert.equal(completed.body.outcome, 'reproduced');
  });

  test('an anonymous claim is had by whoever has its code, and by nobody else', async () => {
    const text = `${PLACE}\nfeature: net.http`;
    const made = await service.json('POST', 'claims', { body: { text } });
    assert.equal(made.body.claim.state, 'valid');
    code = made.body.code;
    assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
    const { id } = made.body.claim;
    const read = await service.json('POST', 'receipts/read', {
      body: { code: code.toLowerCase() },
    });
    assert.equal(read.body.claim.id, id);
    const wrong = code.replace(/^./, (one) => (one === '0' ? '1' : '0'));
    assert.equal(
      (await service.json('POST', 'receipts/read', { body: { code: wrong } })).status,
      404,
    );
    assert.equal((await service.json('GET', `claims/${id}`, { as: 'otto' })).status, 404);
    await service.json('POST', 'receipts/messages', { body: { code, text: 'I have more' } });
    const messages = await service.json('GET', `claims/${id}/messages`, { as: 'ina' });
    assert.deepEqual(messages.body.items[0].text, 'I have more');
    assert.equal(messages.body.items[0].name, undefined);
  });

  let caseId = '';

  test('a case needs two runs of two people, two persons for its verdict, and its maker told', async () => {
    const accepted = await service.json('POST', `claims/${claim}/accept`, { as: 'lea' });
    caseId = accepted.body.case;
    assert.match(caseId, /^case-\d+$/);
    const release = (await service.json('GET', 'releases')).body.items[0];
    await service.json('PUT', 'makers/acme', { as: 'ada', body: { name: 'Acme' } });
    const assign = { as: 'ada', body: { maker: 'acme' } };
    assert.equal(
      (await service.ask('PUT', `products/${release.product}/maker`, assign)).status,
      204,
    );
    assert.equal((await service.json('GET', `cases/${caseId}`, { as: 'mia' })).status, 404);
    await service.json('POST', `cases/${caseId}/notify`, { as: 'lea' });
    assert.equal((await service.json('GET', `cases/${caseId}`, { as: 'mia' })).status, 200);
    for (const as of ['ina', 'ivo']) {
      const { body } = await service.json('POST', `cases/${caseId}/runs`, { as });
      const ended = await jobEnded(body.id, as);
      assert.equal(ended['state'], 'done', JSON.stringify(ended));
    }
    const found = await service.json('GET', `cases/${caseId}`, { as: 'ina' });
    assert.equal(found.body.state, 'reproduced', JSON.stringify(found.body.runs));
    const verdict = { outcome: 'undeclared', summary: 'It sends SECRET_KEY away.' };
    await service.json('POST', `cases/${caseId}/propose`, { as: 'lea', body: verdict });
    const own = await service.json('POST', `cases/${caseId}/approve`, { as: 'lea' });
    assert.equal(own.body.code, 'docket.needs', 'nobody approves what they proposed');
    const soon = await service.json('POST', `cases/${caseId}/approve`, { as: 'leo' });
    assert.equal(soon.body.code, 'docket.needs', 'seven days, or both agree');
    for (const as of ['ann', 'mia']) {
      const body = { text: 'I agree.', stance: 'agrees' };
      assert.equal(
        (await service.json('POST', `cases/${caseId}/statements`, { as, body })).status,
        201,
      );
    }
    assert.equal(
      (await service.json('POST', `cases/${caseId}/approve`, { as: 'leo' })).status,
      200,
    );
  });

  test('an undecided or embargoed case is in no list, count, feed, search or status of others', async () => {
    const end = new Date(Date.now() + 5 * 86_400_000).toISOString().replace('Z', '+00:00');
    const embargo = { step: 'propose', end };
    const step = (body: object) =>
      service.json('POST', `cases/${caseId}/embargo`, { as: 'lea', body });
    assert.equal((await step(embargo)).status, 200);
    assert.equal((await step({ step: 'accept' })).status, 200);
    const published = await service.json('POST', `cases/${caseId}/publish`, { as: 'pia' });
    assert.equal(published.body.code, 'docket.needs', 'an embargo is in force');
    for (const as of [undefined, 'otto']) {
      const who = as === undefined ? {} : { as };
      assert.deepEqual((await service.json('GET', 'cases', who)).body, { items: [] });
      assert.deepEqual((await service.json('GET', 'claims', who)).body, { items: [] });
      const there = await service.json('GET', `cases/${caseId}`, who);
      const nowhere = await service.json('GET', 'cases/case-999', who);
      const { request: _, ...one } = there.body;
      const { request: __, ...other } = nowhere.body;
      assert.deepEqual([there.status, one], [nowhere.status, other]);
    }
    const feeds = ['/feeds/advisories.atom', '/.well-known/csaf/white/index.txt', '/metrics'];
    for (const path of feeds) {
      assert.doesNotMatch(await (await service.ask('GET', path)).text(), /leaks@1|case-1/);
    }
    assert.deepEqual((await service.json('GET', 'advisories')).body.items, []);
    const maker = await service.json('GET', `cases/${caseId}`, { as: 'mia' });
    assert.doesNotMatch(JSON.stringify(maker.body), /"ann"/, 'the maker learns no claimant');
    assert.equal((await step({ step: 'exit' })).status, 200);
  });

  test('once published it is an advisory, in every feed, and told', async () => {
    const published = await service.json('POST', `cases/${caseId}/publish`, { as: 'pia' });
    assert.equal(published.body.state, 'published', JSON.stringify(published.body));
    const list = await service.json('GET', 'advisories');
    assert.equal(list.body.items[0].outcome, 'undeclared');
    const csaf = await service.json('GET', list.body.items[0].csaf);
    assert.equal(csaf.body.document.csaf_version, '2.0');
    const rolie = await service.json('GET', '/feeds/advisories.rolie.json');
    assert.equal(rolie.body.feed.entry.length, 1);
    const seen = await service.json('GET', `cases/${caseId}`);
    assert.equal(seen.status, 200);
    const receipt = await service.json(
      'GET',
      `cases/${caseId}/receipts/${seen.body.runs[0].receipt}`,
    );
    assert.equal(receipt.body.schema, 'avow.receipt/1');
    assert.doesNotMatch(JSON.stringify(seen.body), /"ann"|"ina"/);
    const notices = await service.stores.notices.after(0, 10);
    assert.ok(notices.some(({ kind }) => kind === 'advisory.published'));
    const own = await service.json('GET', `claims/${claim}`);
    assert.deepEqual([own.status, own.body.state, own.body.claimant], [200, 'closed', undefined]);
  });

  test('a receipt is checked anew by whoever doubts it, and a wrong one is told from a right one', async () => {
    const { runs } = (await service.json('GET', `cases/${caseId}`)).body;
    const path = `cases/${caseId}/receipts/${runs[0].receipt}`;
    const receipt = await (await service.ask('GET', path)).text();
    const recheck = async (text: string) => {
      const asked = { as: 'otto', body: { receipt: text } };
      const job = await service.json('POST', 'rechecks', asked);
      assert.equal(job.status, 202, JSON.stringify(job.body));
      return (await jobEnded(job.body.id, 'otto'))['recheck'];
    };
    assert.deepEqual(await recheck(receipt), { outcome: 'reproduced', differences: [] });
    const wrong = receipt.replace(/"result":"sha256:\w+"/, `"result":"sha256:${'0'.repeat(64)}"`);
    const told = (await recheck(wrong)) as { differences: string[] };
    assert.match(told.differences.join(), /^result: /);
  });

  test('what its maker declares, every release is held to', async () => {
    const { product } = (await service.json('GET', 'releases')).body.items[0];
    const text = [
      'avow: 1',
      'maker: Acme',
      'product: pkg:npm/leaks',
      'versions: 1.*',
      'date: "2026-11-23"',
      'entries:',
      '  - data: env.named',
      '    from: SECRET_KEY',
      '    does: net.http',
      '    to: collect.example.org',
      '',
    ].join('\n');
    const wrong = { as: 'mia', body: { text: 'avow: 2' } };
    const refused = await service.json('POST', `products/${product}/declarations`, wrong);
    assert.equal(refused.status, 422, JSON.stringify(refused.body));
    const other = { as: 'otto', body: { text } };
    assert.equal(
      (await service.ask('POST', `products/${product}/declarations`, other)).status,
      403,
    );
    const declare = { as: 'mia', body: { text } };
    const declared = await service.json('POST', `products/${product}/declarations`, declare);
    assert.equal(declared.body.releases, 1, JSON.stringify(declared.body));
    for (let wait = 0; ; wait++) {
      const { body } = await service.json('GET', 'releases');
      const { examination } = body.items[0];
      if (examination.declaration === declared.body.digest) {
        assert.equal(examination.answer, 'declared');
        break;
      }
      assert.ok(wait < 300, 'it was not examined anew');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const list = await service.json('GET', `declarations?product=${product}`);
    const answer = await service.ask('GET', `declarations/${list.body.items[0].digest}`);
    assert.equal(await answer.text(), text);
  });
}

describe('the whole way on SQLite', () => wholeWay(async () => ({})));

const found = findPostgres();
describe('the whole way on PostgreSQL', { skip: 'reason' in found ? found.reason : false }, () => {
  let postgres: TestPostgres;
  after(() => postgres?.stop());
  wholeWay(async () => {
    if ('folder' in found) postgres = await TestPostgres.start(found.folder);
    return { database: await postgres.newDatabase() };
  });
});
