import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { walkChain } from '@avow/docket';
import { type TestService, testService } from '../testdata/service.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

/** The service while its machine's clock is set forwards and back: no day is lost by it, and nobody is shut out. */
let service: TestService;
let cookie = '';
before(async () => {
  mock.timers.enable({ apis: ['Date'], now: NOON });
  service = await testService({}, {}, { hasWorkers: true, isRealIdentity: true });
  const body = { name: 'Ada', password: 'correct horse battery' };
  const made = await service.ask('POST', 'accounts', { body });
  cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
});
after(async () => {
  mock.timers.reset();
  await service.close();
});

const own = (method: string, path: string, body?: object) =>
  service.json(method, path, { headers: { cookie }, ...(body && { body }) });

async function answered(claim: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await own('GET', `claims/${claim}`);
    if (body.state !== 'received') return body.state;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${claim} is answered by nobody`);
}

let draft = { id: '', changed: '' };

for (const [title, step] of [
  ['as it is', 0],
  ['an hour forwards', HOUR],
  ['three hours back', -3 * HOUR],
  ['a minute back', -60_000],
  ['five hours forwards', 5 * HOUR],
] as const) {
  test(`the clock ${title}: who is signed in stays so, a claim is answered, a draft is written on`, async () => {
    mock.timers.setTime(Date.now() + step);
    assert.equal((await own('GET', 'account')).status, 200);
    const claim = await own('POST', 'claims', { text: `It does something (${title}).` });
    assert.equal(claim.status, 201, JSON.stringify(claim.body));
    assert.equal(await answered(claim.body.claim.id), 'returned');
    const text = `a draft, ${title}`;
    const path = draft.id === '' ? 'drafts' : `drafts/${draft.id}`;
    const seen = draft.id === '' ? {} : { seen: draft.changed };
    const written = await own(draft.id === '' ? 'POST' : 'PUT', path, { text, ...seen });
    assert.equal(written.body.text, text, JSON.stringify(written.body));
    draft = written.body;
    const signedIn = await service.json('POST', 'session', {
      body: { name: 'Ada', password: 'correct horse battery' },
    });
    assert.equal(signedIn.status, 201, JSON.stringify(signedIn.body));
  });
}

test('the docket is one chain, and no event of a claim is before the one that it follows', async () => {
  const chain = walkChain();
  const last = new Map<string, string>();
  for await (const event of service.stores.store.events()) {
    chain.next(event);
    assert.ok(event.at >= (last.get(event.subject) ?? ''), `${event.subject} went back`);
    last.set(event.subject, event.at);
  }
  assert.equal(last.size, 5);
});

test('nothing of that is thrown away or told anew by what time brings', async () => {
  mock.timers.setTime(NOON - 30 * 24 * HOUR);
  assert.deepEqual(await service.stores.docket.tick(), []);
  const { body } = await own('GET', 'claims');
  assert.equal(body.items.length, 5);
});
