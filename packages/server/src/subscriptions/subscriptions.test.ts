import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import type { EgressPort, Sending } from '../egress/send.ts';
import { tellAll } from '../notices/publish.ts';
import { tagsOf } from '../notices/tags.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { deliveryHandler } from '../webhooks/job.ts';

const account = (id: string): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [],
  secondFactor: true,
});

/** Two products of two makers; one of them speaks to a host. */
const NOTICES = [
  {
    data: { release: 1, target: 'pkg:npm/quiet@1.0.0' },
    tags: tagsOf({ product: 1, maker: 'acme' }, { features: ['file.write'], recipients: [] }),
  },
  {
    data: { release: 2, target: 'pkg:npm/loud@1.0.0' },
    tags: tagsOf(
      { product: 2, maker: null },
      { features: ['net.http'], recipients: ['https://u@API.Collect.Example.org:8443/v1?a=b'] },
    ),
  },
];

let service: TestService;
before(async () => {
  service = await testService({ ann: account('ann'), otto: account('otto') });
  for (const { data, tags } of NOTICES) {
    await tellAll(service.stores, 'release.examined', data, tags);
  }
});
after(() => service.close());

async function titles(query: string): Promise<string[]> {
  const { body } = await service.json('GET', `/feeds/notices.json${query}`);
  return body.items.map(({ title }: { title: string }) => title);
}

const QUIET = 'examined: pkg:npm/quiet@1.0.0';
const LOUD = 'examined: pkg:npm/loud@1.0.0';

for (const [query, wanted] of [
  ['', [LOUD, QUIET]],
  ['?product=1', [QUIET]],
  ['?maker=acme', [QUIET]],
  ['?host=api.collect.example.org', [LOUD]],
  ['?host=Example.org.', [LOUD]],
  ['?host=org', undefined],
  ['?host=ollect.example.org', []],
  ['?feature=net.http', [LOUD]],
  ['?feature=net.*', [LOUD]],
  ['?feature=net', []],
  ['?product=1&feature=net.http', []],
  ['?product=2&feature=net.http&host=example.org', [LOUD]],
  ['?kinds=advisory.published', []],
  ['?kinds=advisory.published,release.examined', [LOUD, QUIET]],
  ['?product=0', undefined],
  ['?kind=release.examined', undefined],
] as const) {
  test(`the feed of "${query}" has ${wanted?.length ?? 'a refusal, and says what is wrong'}`, async () => {
    if (wanted !== undefined) return assert.deepEqual(await titles(query), wanted);
    const { status, body } = await service.json('GET', `/feeds/notices.json${query}`);
    assert.deepEqual([status, body.code], [400, 'request.invalid']);
    assert.ok(body.faults.length > 0);
  });
}

test('the same is told once, however often a job comes to it', async () => {
  const { data, tags } = NOTICES[0]!;
  await tellAll(service.stores, 'release.examined', data, tags);
  assert.deepEqual(await titles(''), [LOUD, QUIET]);
});

/** What a webhook is sent. */
async function sent(): Promise<unknown[]> {
  const bodies: unknown[] = [];
  const egress: EgressPort = {
    send: async ({ body }: Sending) => {
      bodies.push(JSON.parse(body).data.target);
      return { status: 200 };
    },
  };
  const handler = deliveryHandler({ ...service.stores, egress });
  const context = { signal: new AbortController().signal, progress: async () => {} };
  for (const job of await service.stores.jobs.claim(['deliver'], 20)) {
    await service.stores.jobs.complete(job, (await handler(job, context)).result);
  }
  return bodies;
}

test('a webhook is told of what its subscriptions name, once, and of nothing else', async () => {
  const made = await service.json('POST', 'webhooks', {
    as: 'ann',
    body: { url: 'https://hooks.example.com/a', kinds: [] },
  });
  const webhook = made.body.webhook.id;
  const subscribe = (wanted: object) =>
    service.json('POST', 'subscriptions', {
      as: 'ann',
      body: { kinds: ['release.examined'], wanted, webhook },
    });
  const first = await subscribe({ host: 'Evil.example' });
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.deepEqual(first.body.wanted, { host: 'evil.example' });
  await subscribe({ feature: 'net.*', product: 7 });
  const about = { features: ['net.http'], recipients: ['evil.example'] };
  const release = (target: string) => ({ release: 9, target });
  await tellAll(
    service.stores,
    'release.examined',
    release('pkg:npm/b@1'),
    tagsOf({ product: 7, maker: null }, about),
  );
  await tellAll(
    service.stores,
    'release.examined',
    release('pkg:npm/c@1'),
    tagsOf({ product: 8, maker: null }, { features: ['net.http'], recipients: [] }),
  );
  await tellAll(
    service.stores,
    'declaration.published',
    { product: 7 },
    tagsOf({ product: 7, maker: null }, about),
  );
  assert.deepEqual(await sent(), ['pkg:npm/b@1']);
  await service.json('DELETE', `webhooks/${webhook}`, { as: 'ann' });
  const { body } = await service.json('GET', 'subscriptions', { as: 'ann' });
  assert.deepEqual(body.items, [], 'what was for the webhook alone is gone with it');
});

test('a subscription has feeds with the same question, and is its owner’s alone', async () => {
  const made = await service.json('POST', 'subscriptions', {
    as: 'ann',
    body: {
      kinds: ['advisory.published', 'advisory.changed'],
      wanted: { product: 2, host: 'example.org' },
    },
  });
  const { id, feeds } = made.body;
  const query = 'product=2&host=example.org&kinds=advisory.published%2Cadvisory.changed';
  assert.equal(feeds.atom, `http://service.test/feeds/notices.atom?${query}`);
  assert.equal(
    (await service.ask('GET', new URL(feeds.json).pathname + new URL(feeds.json).search)).status,
    200,
  );
  assert.equal((await service.ask('GET', `subscriptions/${id}`, { as: 'otto' })).status, 404);
  assert.equal((await service.ask('DELETE', `subscriptions/${id}`, { as: 'ann' })).status, 204);
  assert.equal((await service.ask('GET', `subscriptions/${id}`, { as: 'ann' })).status, 404);
});

test('what names nothing, another’s webhook, or mail where there is none is refused', async () => {
  const make = (body: object) => service.json('POST', 'subscriptions', { as: 'otto', body });
  const kinds = ['release.examined'];
  assert.equal((await make({ kinds, wanted: {} })).body.code, 'request.invalid');
  assert.equal((await make({ kinds: [], wanted: { product: 1 } })).body.code, 'request.invalid');
  assert.equal((await make({ kinds, wanted: { product: 1 }, mail: true })).body.code, 'mail.none');
  const { body } = await service.json('POST', 'webhooks', {
    as: 'ann',
    body: { url: 'https://hooks.example.com/a', kinds },
  });
  const others = await make({ kinds, wanted: { product: 1 }, webhook: body.webhook.id });
  assert.equal(others.body.code, 'request.absent');
});

const HOSTILE = 'pkg:npm/x<script>alert(1)</script>\u202e\u0000"&\'@1';

test('what a product’s maker wrote is text in a feed, whatever it is', async () => {
  await tellAll(
    service.stores,
    'release.examined',
    { release: 3, target: HOSTILE.replaceAll('\u0000', '\u0001') },
    ['product:77'],
  );
  const text = await (await service.ask('GET', '/feeds/notices.atom?product=77')).text();
  assert.doesNotMatch(text, /<script|\u202e|\u0001/);
  assert.match(text, /&lt;script&gt;/);
});
