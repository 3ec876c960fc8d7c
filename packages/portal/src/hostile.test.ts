import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Digest } from '@avow/bytes';
import { OBJECTS, tarball } from '@avow/server/testdata';
import { ROUTES } from './pages/routes.ts';
import { PEOPLE, type PeopledSite, startPeopled, type Visitor } from './testkit/people.ts';

/** Acts where it is not escaped: in text, in either quotes of an attribute, as an address; hides by its direction. */
const HOSTILE = `"'><img src=x onerror=alert(1)><script>alert(2)</script>\u202e{{7*7}}`;
const ADDRESS = 'javascript:alert(3)';
const ALL: readonly Visitor[] = ['anonymous', ...(Object.keys(PEOPLE) as Visitor[])];

/** Queries of pages: one that is refused hides what the others do, so each is asked by itself too. */
const QUERIES = ['q', 'at', 'locator', 'next', 'state', 'after', 'kind', 'path'];

let site: PeopledSite;
before(async () => {
  site = await startPeopled();
});
after(() => site?.stop());

const ACTS = [/<img\b/i, /<script>/i, /<[a-z][^<>]*\son\w+\s*=/i];
const LEADS = /\s(?:href|src|action)\s*=\s*["']?\s*javascript:/i;

/** What would act in a page if it were not escaped, wherever it stands. */
function assertInert(text: string, where: string): void {
  // Attributes end at their quotes: what is left in a tag is its own.
  const bare = text.replaceAll(/="[^"]*"/g, '');
  for (const [acts, within] of [
    ...ACTS.map((one) => [one, bare] as const),
    [LEADS, text] as const,
  ]) {
    const found = acts.exec(within);
    const at = found?.index ?? 0;
    assert.ok(found === null, `${where}: ${within.slice(Math.max(0, at - 80), at + 80)}`);
  }
  // What somebody types is theirs to see in their own field.
  const told = text.replaceAll(/<input[^>]*>|<textarea[\s\S]*?<\/textarea>/g, '');
  assert.ok(!told.includes('\u202e'), `${where}: a text reads backwards`);
}

/** Hostile text wherever people and products can put any: names, paths, evidence, claims, statements, messages. */
async function filled(): Promise<Readonly<Record<string, string>>> {
  const { stores } = site.running;
  const { release } = await OBJECTS['release']!(stores, true);
  const number = Number(release);
  const { target, product, ...found } = (await stores.lists.release(number))!;
  const digest = found.digest as Digest;
  await stores.catalogue.putMembers(number, [
    { path: `${HOSTILE.replaceAll('/', '')}.js`, digest, size: 5 },
  ]);
  const examination = await stores.catalogue.beginExamination({
    release: number,
    document: digest,
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    answer: 'none-found',
    coverage: '{}',
    counts: { modules: 0, features: 1, flows: 0, findings: 0, unknowns: 0 },
    at: new Date().toISOString(),
  });
  await stores.catalogue.putFeatures(examination, [
    {
      id: 'net.http:1',
      feature: 'net.http',
      locator: `${target}#a.js @line:1:1`,
      recipient: HOSTILE,
      at_time: 'call',
      rule: HOSTILE,
      evidence: HOSTILE,
      record: null,
    },
  ]);
  await stores.catalogue.finish(number, examination);
  const { claim } = await OBJECTS['claim']!(stores, true);
  const { case: id } = await OBJECTS['case']!(stores, true);
  const sent = async (as: Visitor, path: string, form: Readonly<Record<string, string>>) => {
    const { status } = await site.ask(as, path, form);
    assert.ok(status < 500, `${as} ${path} ${status}`);
  };
  await sent('ann', `/claims/${claim}`, { act: 'write', text: HOSTILE });
  await sent('lea', `/claims/${claim}`, { act: 'write', text: HOSTILE });
  for (const as of ['lea', 'mia', 'ann'] as const) {
    await sent(as, `/cases/${id}`, { act: 'state', text: HOSTILE, locator: HOSTILE });
  }
  await sent('ann', '/claims/new', {
    step: 'send',
    product: HOSTILE,
    place: HOSTILE,
    seen: HOSTILE,
  });
  return {
    claim: claim!,
    case: id!,
    release: release!,
    product: String(product),
    update: '1',
    record: '1',
  };
}

test('hostile text in every field of every form and query comes back as text, in no page as markup', async () => {
  const values = await filled();
  const fields = [
    'text',
    'summary',
    'name',
    'email',
    'password',
    'code',
    'product',
    'module',
    'place',
  ];
  const more = [
    'feature',
    'seen',
    'spec',
    'id',
    'secret',
    'url',
    'next',
    'q',
    'at',
    'locator',
    'outcome',
  ];
  const names = [
    ...fields,
    ...more,
    'stance',
    'state',
    'after',
    'kind',
    'path',
    'as',
    'with',
    'since',
  ];
  let pages = 0;
  for (const { path, method = 'GET' } of ROUTES) {
    const at = path.replaceAll(
      /:(\w+)(?:\{(?:[^{}]|\{\d+\})*\})?/g,
      (_, name) => values[name] ?? '1',
    );
    for (const text of [HOSTILE, ADDRESS]) {
      const all = Object.fromEntries(names.map((name) => [name, text]));
      const each = text === HOSTILE ? QUERIES : [];
      const queries = [
        `?${new URLSearchParams(all)}`,
        ...each.map((name) => `?${name}=${encodeURIComponent(text)}`),
      ];
      const acts = path.includes(':')
        ? ['write', 'complete', 'state', 'propose', HOSTILE]
        : ['check'];
      const asks =
        method === 'GET'
          ? queries.map((query) => ['lea', `${at}${query}`, undefined] as const)
          : acts.map((act) => ['pia', at, { ...all, act, step: act }] as const);
      for (const [as, address, form] of asks) {
        if (address === '/sign-out' || address === '/account/leave') continue;
        const { status, headers, text: page } = await site.ask(as, address, form);
        assert.ok(status < 500, `${method} ${address}: ${page.slice(0, 500)}`);
        assertInert(page, `${method} ${address}`);
        assert.doesNotMatch(
          headers.get('location') ?? '/',
          /^(?!\/(?!\/))/,
          `${address} leads away`,
        );
        if (status === 200) {
          assert.match(headers.get('content-security-policy')!, /script-src 'self'/);
        }
        pages++;
      }
    }
  }
  for (const as of ALL) {
    for (const at of [
      `/claims/${values['claim']}`,
      `/cases/${values['case']}`,
      `/releases/${values['release']}`,
      '/desk',
      '/news',
    ]) {
      assertInert((await site.ask(as, at)).text, `${as} ${at}`);
    }
  }
  const seen = (await site.ask('lea', `/cases/${values['case']}`)).text;
  assert.match(seen, /&lt;img src=x onerror=alert\(1\)&gt;/, 'it is shown as the text that it is');
  assert.ok(pages > 200, `${pages} pages`);
});

test('what programs read is no page: types, no sniffing, no markup in feeds', async () => {
  for (const at of [
    '/feeds/advisories.atom',
    '/feeds/advisories.json',
    '/feeds/advisories.rolie.json',
    '/.well-known/csaf/provider-metadata.json',
    `/api/v1/features?q=alert`,
    `/api/v1/claims?state=${encodeURIComponent(HOSTILE)}`,
    `/api/v1/find?symptom=${encodeURIComponent(HOSTILE)}`,
  ]) {
    const { headers, text } = await site.ask('lea', at);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', at);
    assert.doesNotMatch(headers.get('content-type')!, /html/, at);
    assert.match(headers.get('content-security-policy')!, /default-src 'none'/, at);
    if (at.endsWith('.atom')) assertInert(text, at);
  }
});

test('a form that is none, too long, or without an end is refused before it is read', async () => {
  const send = (headers: Record<string, string>, body: string | ReadableStream) =>
    fetch(`${site.url}/claims/new`, {
      method: 'POST',
      headers: { origin: site.url, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
  const form = 'application/x-www-form-urlencoded';
  assert.equal((await send({ 'content-type': 'application/json' }, '{}')).status, 400);
  assert.equal((await send({ 'content-type': 'multipart/form-data' }, 'nothing')).status, 400);
  assert.equal((await send({ 'content-type': form }, 'a'.repeat(2 * 1024 ** 2))).status, 413);
  const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1024)) });
  const status = await send({ 'content-type': form }, endless).then(
    (response) => response.status,
    () => 'cut off',
  );
  assert.ok(status === 413 || status === 'cut off', String(status));
  assert.equal((await fetch(`${site.url}/healthz`)).status, 200);
});

test('a file whose name is markup or a path is examined under a name of ours', async () => {
  const form = new FormData();
  form.set('spec', '');
  form.set('file', new File([tarball({ 'package.json': '{}' }) as never], '../../<img src=x>.tgz'));
  const response = await fetch(`${site.url}/examine`, {
    method: 'POST',
    body: form,
    headers: { origin: site.url },
    redirect: 'manual',
  });
  assertInert(await response.text(), 'examine');
  assert.ok(response.status < 500);
});
