import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Database, openDatabase } from '@avow/stores/database';
import { People } from '@avow/stores/people';
import OidcProvider from 'oidc-provider';
import { pino } from 'pino';
import { ConfiguredTokens } from '../access/tokens.ts';
import { Api } from '../app/api.ts';
import { createApp } from '../app/app.ts';
import type { App } from '../app/env.ts';
import { Places } from '../app/place.ts';
import { Metrics } from '../operate/metrics.ts';
import { accountStores } from '../testdata/account-stores.ts';
import { PeopleIdentity } from './identity.ts';
import { mountOidc } from './oidc.ts';
import { answerPeople } from './routes.ts';
import { Sessions } from './sessions.ts';

const URL_OF_US = 'http://localhost:1';
const folder = mkdtempSync(join(tmpdir(), 'avow-oidc-'));
let database: Database;
let provider: Server;
let app: App;

before(async () => {
  database = await openDatabase(`sqlite:${join(folder, 'rows.sqlite')}`);
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, 'the-secret-of-the-client\n');
  const outside = new OidcProvider(issuer, {
    clients: [
      {
        client_id: 'avow',
        client_secret: 'the-secret-of-the-client',
        redirect_uris: [`${URL_OF_US}/api/v1/session/oidc/home/done`],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id }),
    }),
    cookies: { keys: ['test'] },
  });
  provider.on('request', outside.callback());
  const people = await People.open(database);
  const sessions = new Sessions(people, false, Date.now);
  const ports = {
    people,
    sessions,
    ...(await accountStores(database)),
    url: URL_OF_US,
    title: 'Avow',
    now: Date.now,
  };
  app = createApp(
    {
      url: URL_OF_US,
      identity: new PeopleIdentity(people, sessions, new ConfiguredTokens([]), Date.now),
      places: new Places(0),
      log: pino({ level: 'silent' }),
      metrics: new Metrics(),
    },
    [
      (on) => answerPeople(new Api(on, { rates: { take: async () => 0 }, maxBody: 1e5 }), ports),
      (on) =>
        mountOidc(on, ports, [{ id: 'home', name: 'Home', issuer, client: 'avow', secretFile }]),
    ],
  );
});
after(async () => {
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
  await database.close();
  rmSync(folder, { recursive: true });
});

/** A browser at the provider: keeps cookies, follows, fills in the two forms, and stops where it leads back. */
async function consent(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = start;
  let init: RequestInit = {};
  for (let step = 0; step < 12; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    init = {};
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (url.startsWith(URL_OF_US)) return url;
      continue;
    }
    const page = await response.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    assert.ok(action, page.slice(0, 500));
    url = new URL(action, url).href;
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'consent';
    const form = new URLSearchParams({
      prompt,
      ...(prompt === 'login' ? { login, password: 'x' } : {}),
    });
    init = {
      method: 'POST',
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
  }
  throw new Error('the provider did not lead back');
}

async function begin(): Promise<{ target: string; cookie: string }> {
  const response = await app.request(`${URL_OF_US}/api/v1/session/oidc/home?next=/claims`);
  assert.equal(response.status, 303, await response.text());
  return {
    target: response.headers.get('location')!,
    cookie: response.headers.get('set-cookie')!.split(';')[0]!,
  };
}

test('a real provider signs a person in, twice to the same account, and back to where they were', async () => {
  const names: string[] = [];
  for (let round = 0; round < 2; round++) {
    const { target, cookie } = await begin();
    const back = await consent(target, 'margaret');
    const response = await app.request(back, { headers: { cookie } });
    assert.equal(response.status, 303, await response.text());
    assert.equal(response.headers.get('location'), '/claims');
    const session = response.headers.get('set-cookie')!.split(';')[0]!;
    const account = await app.request(`${URL_OF_US}/api/v1/account`, {
      headers: { cookie: session },
    });
    const { id, hasPassword } = (await account.json()) as { id: string; hasPassword: boolean };
    assert.equal(hasPassword, false);
    names.push(id);
  }
  assert.equal(names[0], names[1]);
});

test('a way back counts once, and only in the browser that began it', async () => {
  const { target, cookie } = await begin();
  const back = await consent(target, 'grace');
  assert.equal((await app.request(back)).status, 401, 'another browser');
  assert.equal((await app.request(back, { headers: { cookie } })).status, 401, 'used up');
});

test('a provider that is not there is nothing', async () => {
  assert.equal((await app.request(`${URL_OF_US}/api/v1/session/oidc/other`)).status, 404);
});
