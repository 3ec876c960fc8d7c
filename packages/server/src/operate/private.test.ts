import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { pino } from 'pino';
import { readConfig } from '../config/read.ts';
import { applicationOf } from '../serve/serve.ts';
import { openStores } from '../serve/stores.ts';
import { workOn } from '../serve/work.ts';
import { stackOf } from './fault.ts';

const ORIGIN = 'http://service.test';

/** What must be nowhere in a log, by what it is. */
const PERSON = {
  name: 'Ada Lovelace-Byron',
  email: 'ada.byron@private.example',
  password: 'correct horse battery 1815',
  address: '203.0.113.77',
  claim: 'my neighbour Zebedee told me of it',
  message: 'call me at 555-0199',
  search: 'a-search-of-somebody',
};

test('nothing of a person is in the log or in the numbers: names, addresses, tokens, codes, texts, searches', async () => {
  const data = mkdtempSync(join(tmpdir(), 'avow-private-'));
  const options = { url: ORIGIN, 'limits.proofOfWork': 0, proxies: 1 };
  const config = readConfig({ environment: {}, data, options });
  let lines = '';
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines += chunk;
      done();
    },
  });
  const log = pino({ level: 'trace' }, sink);
  const stores = await openStores(config, ORIGIN);
  const { app } = applicationOf({ config, log, version: '0.0.0' }, stores, ORIGIN);
  const stop = new AbortController();
  const working = workOn(config, stores, log, stop.signal);
  const secrets: string[] = Object.values(PERSON);
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ) =>
    app.request(`${ORIGIN}/api/v1/${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': PERSON.address,
        'user-agent': PERSON.name,
        ...more,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  try {
    const { name, email, password, claim, message, search } = PERSON;
    const made = await ask('POST', 'accounts', { name, password, email });
    assert.equal(made.status, 201);
    const cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
    secrets.push(cookie.split('=')[1]!);
    const own = { cookie };
    assert.equal((await ask('POST', 'session', { name, password: `${password}!` })).status, 401);
    assert.equal((await ask('POST', 'session', { name, password })).status, 201);
    const wanted = { name: 'mine', scopes: ['claim'], days: 1 };
    const told = await ask('POST', 'tokens', wanted, own);
    assert.equal(told.status, 201, await told.clone().text());
    const { token } = (await told.json()) as { token: string };
    secrets.push(token);
    const bearer = { authorization: `Bearer ${token}` };
    assert.equal((await ask('GET', 'claims', undefined, bearer)).status, 200);
    await ask('GET', 'claims', undefined, { authorization: `Bearer ${token}x` });
    await ask('POST', 'claims', { text: claim }, own);
    const anonymous = (await (
      await ask('POST', 'claims', { text: claim, name: 'Zebedee' })
    ).json()) as { code: string };
    assert.match(anonymous.code, /^[0-9A-Z-]{20,}$/);
    secrets.push(anonymous.code, anonymous.code.toLowerCase(), 'Zebedee');
    await ask('POST', 'receipts/read', { code: anonymous.code });
    await ask('POST', 'receipts/messages', { code: anonymous.code, text: message });
    await ask('GET', `features?q=${search}`);
    await ask('GET', `${search}/${encodeURIComponent(name)}`);
    await ask('POST', 'claims', `{"text": "${claim}`);
    // Faults of ours are logged with their stack.
    const { standing } = stores;
    standing.addReceipt = async () => JSON.parse(`{"a": "${claim}`);
    const fault = await ask('POST', 'claims', { text: `${claim} again` });
    assert.equal(fault.status, 500);
    const metrics = await (await app.request(`${ORIGIN}/metrics`)).text();
    assert.match(lines, /"level":50.*SyntaxError/, 'the fault is logged');
    assert.match(lines, /"route":"\/receipts\/read"/);
    assert.ok(lines.split('\n').length > 10);
    for (const one of secrets) {
      assert.ok(!lines.includes(one), `${one} is in the log`);
      assert.ok(!metrics.includes(one), `${one} is in the numbers`);
      assert.ok(!lines.includes(encodeURIComponent(one)), `${one} is in the log, encoded`);
    }
    // One record a line, whatever was asked.
    for (const line of lines.trimEnd().split('\n')) assert.doesNotThrow(() => JSON.parse(line));
  } finally {
    stop.abort();
    stores.followers.stop();
    await working;
    await stores.close();
    rmSync(data, { recursive: true, force: true });
  }
});

const QUOTING: Readonly<Record<string, Error>> = {
  'a parser': new SyntaxError(`Unexpected token 'Z', "Zebedee told" is not valid JSON`),
  'a database': new Error('Key (name)=(Zebedee) already exists in "accounts"'),
};

for (const [name, error] of Object.entries(QUOTING)) {
  test(`what ${name} quotes of its input stays out of the log, and where it was does not`, () => {
    const told = stackOf(error);
    assert.doesNotMatch(told, /Zebedee/);
    assert.match(told, /^\w+: .*\n\s+at .*private\.test/s);
  });
}
