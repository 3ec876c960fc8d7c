import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Database, openDatabase } from '@avow/stores/database';
import { People } from '@avow/stores/people';
import { pino } from 'pino';
import { ConfiguredTokens } from '../access/tokens.ts';
import { Api } from '../app/api.ts';
import { createApp } from '../app/app.ts';
import type { App } from '../app/env.ts';
import { Places } from '../app/place.ts';
import { Metrics } from '../operate/metrics.ts';
import { accountStores } from '../testdata/account-stores.ts';
import { PeopleIdentity } from './identity.ts';
import { newOneTimeSecret, oneTimeOf } from './one-time.ts';
import { answerPeople } from './routes.ts';
import { secretDigest } from './secret.ts';
import { SESSION_LIFE, Sessions } from './sessions.ts';
import { SoftKey } from './soft-key.ts';

const ORIGIN = 'http://localhost';
const PASSWORD = 'four unlikely words here';
const ADMIN = 'a token of the configuration';
const folder = mkdtempSync(join(tmpdir(), 'avow-people-'));
let database: Database;
let people: People;
let app: App;
let now = 1_800_000_000_000;

before(async () => {
  database = await openDatabase(`sqlite:${join(folder, 'rows.sqlite')}`);
  people = await People.open(database);
  const more = await accountStores(database);
  const sessions = new Sessions(people, false, () => now);
  const configured = new ConfiguredTokens([
    {
      name: 'first',
      sha256: secretDigest(ADMIN.replaceAll(' ', '-')),
      grants: [{ role: 'administrator' }],
      scopes: ['administer'],
    },
  ]);
  app = createApp(
    {
      url: ORIGIN,
      identity: new PeopleIdentity(people, sessions, configured, () => now),
      places: new Places(0),
      log: pino({ level: 'silent' }),
      metrics: new Metrics(),
    },
    [
      (on) => {
        const api = new Api(on, { rates: { take: async () => 0 }, maxBody: 100_000 });
        answerPeople(api, {
          ...more,
          people,
          sessions,
          url: ORIGIN,
          title: 'Avow',
          now: () => now,
        });
      },
    ],
  );
});
after(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  now += 3_600_000;
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any;
  readonly cookie: string | undefined;
}

async function ask(
  method: string,
  path: string,
  { body, cookie, token }: { body?: unknown; cookie?: string | undefined; token?: string } = {},
): Promise<Answer> {
  const response = await app.request(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    cookie: response.headers.get('set-cookie')?.split(';')[0],
  };
}

let count = 0;
async function person(): Promise<{ name: string; cookie: string; id: string }> {
  const name = `person ${++count}`;
  const { status, body, cookie } = await ask('POST', '/accounts', {
    body: { name, password: PASSWORD },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return { name, cookie: cookie!, id: body.id };
}

const signIn = (name: string, more: object = {}, cookie?: string) =>
  ask('POST', '/session', { body: { name, password: PASSWORD, ...more }, cookie });

describe('accounts', () => {
  test('who registers is signed in; a name is not given twice, however it is written', async () => {
    const { name, cookie } = await person();
    assert.equal((await ask('GET', '/account', { cookie })).body.name, name);
    const again = await ask('POST', '/accounts', {
      body: { name: name.toUpperCase().replace(' ', '-'), password: PASSWORD },
    });
    assert.equal(again.body.code, 'account.taken');
  });

  for (const [what, body, code] of [
    ['that is short', { name: 'x', password: 'short' }, 'request.invalid'],
    ['that is common', { name: 'x', password: 'Password123' }, 'account.password'],
    ['that is the name', { name: 'margaret h', password: 'margaret h!' }, 'account.password'],
  ] as const) {
    test(`a password ${what} is refused`, async () => {
      assert.equal((await ask('POST', '/accounts', { body })).body.code, code);
    });
  }

  test('a name that would read backwards is refused', async () => {
    const { body } = await ask('POST', '/accounts', {
      body: { name: 'a\u202eb', password: PASSWORD },
    });
    assert.equal(body.code, 'account.name');
  });

  test('one’s data has no secret in it, and who leaves is gone', async () => {
    const { name, cookie } = await person();
    const { body } = await ask('GET', '/account/data', { cookie });
    assert.equal(body.account.name, name);
    assert.doesNotMatch(JSON.stringify(body), /argon2|"digest"|"totp"/);
    assert.equal((await ask('DELETE', '/account', { cookie })).status, 204);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
    assert.equal((await signIn(name)).body.code, 'access.credential');
  });
});

describe('sessions', () => {
  test('signing in gives a new session each time: one that was planted is not used on', async () => {
    const { name } = await person();
    const planted = 'avow=attackers-own-value-attackers-own-value';
    const { cookie, status } = await signIn(name, {}, planted);
    assert.equal(status, 201);
    assert.notEqual(cookie, planted);
    assert.equal((await ask('GET', '/account', { cookie: planted })).status, 401);
  });

  test('a session that the browser had before ends when one signs in again', async () => {
    const { name, cookie } = await person();
    assert.equal((await signIn(name, {}, cookie)).status, 201);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
  });

  test('they are listed and ended, one by one and all others at once', async () => {
    const { name, cookie } = await person();
    const second = await signIn(name);
    const { body } = await ask('GET', '/sessions', { cookie });
    const other = body.items.find(({ isThis }: { isThis: boolean }) => !isThis);
    assert.equal(body.items.length, 2);
    assert.equal((await ask('DELETE', `/sessions/${other.id}`, { cookie })).status, 204);
    assert.equal((await ask('GET', '/account', { cookie: second.cookie })).status, 401);
    const third = await signIn(name);
    assert.equal((await ask('DELETE', '/sessions', { cookie: third.cookie })).status, 204);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
  });

  test('nobody ends a session of another person', async () => {
    const [one, two] = [await person(), await person()];
    const { body } = await ask('GET', '/sessions', { cookie: one.cookie });
    const path = `/sessions/${body.items[0].id}`;
    assert.equal((await ask('DELETE', path, { cookie: two.cookie })).status, 404);
    assert.equal((await ask('GET', '/account', { cookie: one.cookie })).status, 200);
  });

  test('without visits it runs out', async () => {
    const { cookie } = await person();
    now += SESSION_LIFE.idle + 1;
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
  });

  test('signing out ends it', async () => {
    const { cookie } = await person();
    assert.equal((await ask('DELETE', '/session', { cookie })).status, 204);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
  });

  test('another password ends all others', async () => {
    const { name, cookie } = await person();
    const second = await signIn(name);
    const changed = await ask('PATCH', '/account', {
      cookie: second.cookie,
      body: { password: 'quite another sentence' },
    });
    assert.equal(changed.status, 204);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401);
    assert.equal((await signIn(name)).status, 401);
  });

  test('what changes how one signs in is done shortly after showing who one is', async () => {
    const { cookie } = await person();
    now += 16 * 60_000;
    assert.equal((await ask('DELETE', '/account', { cookie })).body.code, 'access.fresh');
    const again = await ask('POST', '/session/proof', { cookie, body: { password: PASSWORD } });
    assert.equal((await ask('DELETE', '/account', { cookie: again.cookie })).status, 204);
  });
});

describe('guessing', () => {
  test('an unknown name and a wrong password are answered alike, and take alike', async () => {
    const { name } = await person();
    const timed = async (body: object) => {
      const start = performance.now();
      const answer = await ask('POST', '/session', { body });
      return { ms: performance.now() - start, answer };
    };
    const wrong = await timed({ name, password: 'not the password' });
    const unknown = await timed({ name: 'nobody at all', password: 'not the password' });
    const { request: _one, ...first } = wrong.answer.body;
    const { request: _two, ...second } = unknown.answer.body;
    assert.deepEqual(first, second);
    // Both run the hash: without it the answer would come in under a millisecond.
    assert.ok(unknown.ms > wrong.ms / 5, `${unknown.ms} ms and ${wrong.ms} ms`);
  });

  test('after five failures the right password has to wait, longer with each', async () => {
    const { name } = await person();
    for (let i = 0; i < 5; i++) await signIn(name, { password: 'wrong every time' });
    assert.equal((await signIn(name)).status, 401);
    now += 30_001;
    assert.equal((await signIn(name)).status, 201);
  });
});

describe('second factor', () => {
  async function withCodes() {
    const { name, cookie } = await person();
    const begun = await ask('POST', '/second-factor', { cookie });
    assert.match(begun.body.uri, /^otpauth:\/\/totp\//);
    const { secret } = begun.body;
    const codeOf = () => oneTimeOf(secret, '', '').generate({ timestamp: now });
    const body = { secret, code: codeOf() };
    const confirmed = await ask('PUT', '/second-factor', { cookie, body });
    assert.equal(confirmed.body.recoveryCodes.length, 10);
    now += 60_000;
    return { name, cookie, codeOf, recovery: confirmed.body.recoveryCodes as string[] };
  }

  test('a password alone is not enough any more, and a code is used once', async () => {
    const { name, codeOf } = await withCodes();
    assert.equal((await signIn(name)).body.code, 'access.code');
    const code = codeOf();
    const first = await signIn(name, { code });
    assert.equal(first.body.isProved, true);
    assert.equal((await signIn(name, { code })).status, 401);
  });

  test('a recovery code is used once', async () => {
    const { name, recovery } = await withCodes();
    assert.equal((await signIn(name, { code: recovery[0] })).status, 201);
    assert.equal((await signIn(name, { code: recovery[0] })).status, 401);
    assert.equal((await signIn(name, { code: recovery[1]!.toUpperCase() })).status, 201);
  });

  test('a code of another secret does not put one in force', async () => {
    const { cookie } = await person();
    const code = oneTimeOf(newOneTimeSecret(), '', '').generate({ timestamp: now });
    const body = { secret: newOneTimeSecret(), code };
    assert.equal((await ask('PUT', '/second-factor', { cookie, body })).status, 401);
  });

  test('codes are guessed no oftener than passwords', async () => {
    const { name, codeOf } = await withCodes();
    for (let i = 0; i < 5; i++) await signIn(name, { code: '000000' });
    assert.equal((await signIn(name, { code: codeOf() })).status, 401);
  });
});

describe('a stolen password', () => {
  test('where there is a passkey, it adds no key, code, token or password of its own', async () => {
    const { name, cookie } = await person();
    const key = new SoftKey();
    const begun = await ask('POST', '/passkeys/options', { cookie });
    const credential = { name: 'key', credential: key.create(begun.body.challenge) };
    assert.equal((await ask('POST', '/passkeys', { cookie, body: credential })).status, 201);
    const thief = (await signIn(name)).cookie;
    for (const [method, path, body] of [
      ['POST', '/tokens', { name: 'mine', scopes: ['administer'], days: 1 }],
      ['POST', '/passkeys/options', undefined],
      ['POST', '/second-factor', undefined],
      ['DELETE', '/second-factor', undefined],
      ['PATCH', '/account', { password: 'another four unlikely words' }],
      ['DELETE', '/account', undefined],
    ] as const) {
      const { body: says } = await ask(method, path, { cookie: thief, body });
      assert.equal(says?.code, 'access.second-factor', `${method} ${path}`);
    }
    const owner = { cookie, body: { name: 'mine', scopes: ['read'], days: 1 } };
    assert.equal((await ask('POST', '/tokens', owner)).status, 201);
  });
});

describe('tokens and roles', () => {
  test('a token does what its scopes say, and cannot make further tokens', async () => {
    const { cookie } = await person();
    const body = { name: 'ci', scopes: ['read'], days: 1 };
    const made = await ask('POST', '/tokens', { cookie, body });
    assert.match(made.body.token, /^avow_/);
    const refused = await ask('GET', '/account', { token: made.body.token });
    assert.equal(refused.body.code, 'access.scope');
    const all = { name: 'all', scopes: ['administer'], days: 1 };
    const strong = await ask('POST', '/tokens', { cookie, body: all });
    const more = await ask('POST', '/tokens', { token: strong.body.token, body });
    assert.equal(more.status, 401);
    now += 86_400_001;
    assert.equal((await ask('GET', '/account', { token: made.body.token })).status, 401);
  });

  test('an invitation hands a role over; without a second factor it gives nothing to give', async () => {
    const { cookie, id } = await person();
    const token = ADMIN.replaceAll(' ', '-');
    const invited = await ask('POST', '/invitations', { token, body: { role: 'administrator' } });
    assert.equal(invited.status, 201);
    const accepted = { cookie, body: { code: invited.body.code } };
    assert.deepEqual((await ask('POST', '/invitations/accepted', accepted)).body, {
      role: 'administrator',
    });
    assert.equal((await ask('POST', '/invitations/accepted', accepted)).status, 404);
    const grants = await ask('GET', `/accounts/${id}/grants`, { cookie });
    assert.equal(grants.body.code, 'access.second-factor');
    const path = `/accounts/${id}/grants?role=administrator`;
    assert.equal((await ask('DELETE', path, { token })).status, 204);
    assert.equal((await ask('GET', '/account', { cookie })).status, 401, 'its sessions end');
  });

  test('a token that was made before there was a second factor gives no role of staff', async () => {
    const { cookie, id } = await person();
    const made = await ask('POST', '/tokens', {
      cookie,
      body: { name: 'early', scopes: ['read', 'administer'], days: 1 },
    });
    const admin = ADMIN.replaceAll(' ', '-');
    await ask('POST', `/accounts/${id}/grants`, { token: admin, body: { role: 'administrator' } });
    const path = `/accounts/${id}/grants`;
    assert.equal((await ask('GET', path, { token: made.body.token })).status, 403);
    await ask('DELETE', `${path}?role=administrator`, { token: admin });
  });

  test('who is no administrator gives no role', async () => {
    const { cookie, id } = await person();
    const body = { role: 'lead' };
    assert.equal((await ask('POST', `/accounts/${id}/grants`, { cookie, body })).status, 403);
    assert.equal((await ask('POST', '/invitations', { body })).status, 401);
  });
});

describe('passkeys', () => {
  test('made by a browser, it signs in and counts as a second factor; what was seen is worth nothing', async () => {
    const { cookie } = await person();
    const key = new SoftKey();
    const begun = await ask('POST', '/passkeys/options', { cookie });
    const body = { name: 'key', credential: key.create(begun.body.challenge) };
    assert.equal((await ask('POST', '/passkeys', { cookie, body })).status, 201);
    assert.equal((await ask('POST', '/passkeys', { cookie, body })).status, 401, 'replayed');

    const options = await ask('POST', '/session/passkey/options');
    const answer = { body: { credential: key.get(options.body.challenge) } };
    const signed = await ask('POST', '/session/passkey', answer);
    assert.equal(signed.status, 201, JSON.stringify(signed.body));
    assert.equal(signed.body.isProved, true);
    assert.equal((await ask('POST', '/session/passkey', answer)).status, 401, 'replayed');
    const other = { body: { credential: new SoftKey(key.id).get(await challenge()) } };
    assert.equal((await ask('POST', '/session/passkey', other)).status, 401, 'another key');
    const elsewhere = { body: { credential: key.get(await challenge(), 'https://evil.example') } };
    assert.equal((await ask('POST', '/session/passkey', elsewhere)).status, 401, 'another site');
  });
});

const challenge = async () => (await ask('POST', '/session/passkey/options')).body.challenge;
