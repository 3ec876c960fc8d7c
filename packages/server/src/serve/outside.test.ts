import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Webhook } from 'standardwebhooks';
import { type Listening, listen } from '../listen.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { signedHeaders } from '../webhooks/secret.ts';

/** The service as programs of others see it: a linter, a verifier of webhooks, curl. */
let service: TestService;
let listening: Listening;

before(async () => {
  service = await testService();
  listening = await listen(service.app, '127.0.0.1', 0);
});
after(async () => {
  await listening.stop(100);
  await service.close();
});

test('the OpenAPI document lints without an error or a warning (redocly, recommended)', async () => {
  const source = await (await service.ask('GET', 'openapi.json')).text();
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    [],
  );
});

test('the verifier of Standard Webhooks takes what is sent, and nothing that was changed', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const other = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
  const body = '{"type":"release.examined","data":{"release":1}}';
  const now = Math.floor(Date.now() / 1000);
  const headers = { ...signedHeaders('msg_1', now, body, [other, secret]) };
  for (const key of [secret, other]) {
    assert.deepEqual(new Webhook(key).verify(body, headers), JSON.parse(body));
  }
  const verifier = new Webhook(secret);
  assert.throws(() => verifier.verify(`${body} `, headers));
  assert.throws(() => verifier.verify(body, { ...headers, 'webhook-id': 'msg_2' }));
  const late = { ...signedHeaders('msg_1', now - 3_600, body, [secret]) };
  assert.throws(() => verifier.verify(body, late), /old/i);
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test('curl reads a list, gets no second body of what it has, and is told what a form lacks', {
  skip: hasCurl ? false : 'there is no curl here',
}, async () => {
  const curl = async (...args: string[]) => {
    const { execFile } = await import('node:child_process');
    return new Promise<string>((resolve, reject) =>
      execFile('curl', ['-sS', '-i', '--max-time', '20', ...args], (error, out) =>
        error === null ? resolve(out) : reject(error),
      ),
    );
  };
  const url = `${listening.url}/api/v1/products`;
  const first = await curl('--fail', url);
  assert.match(first, /^HTTP\/1\.1 200/);
  assert.match(first, /\{"items":\[\]\}$/);
  const tag = /^etag: (.*?)\r$/im.exec(first)![1]!;
  const again = await curl('--fail', '-H', `If-None-Match: ${tag}`, url);
  assert.match(again, /^HTTP\/1\.1 304/);
  const head = await curl('--fail', '-I', url);
  assert.match(head, /^HTTP\/1\.1 200[\s\S]*\r\n\r\n$/);
  const form = await curl('-d', 'text=a', `${listening.url}/api/v1/claims`);
  assert.match(form, /^HTTP\/1\.1 415/);
});

const NONSENSE = [
  '%',
  '%ff',
  '%00',
  '%c0%ae',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e/',
  'a'.repeat(4_000),
];

test('whatever stands in an address beside the API, it is answered, and never by a fault', async () => {
  for (const base of [
    '/.well-known/csaf/',
    '/feeds/',
    '/codes/',
    '/log/',
    '/',
    '/api/v1/',
    '/api/v1/session/oidc/',
  ]) {
    for (const odd of NONSENSE) {
      const response = await service.ask('GET', `${base}${odd}`);
      const text = await response.text();
      assert.ok(response.status === 404 || response.status === 400, `${base}${odd}: ${text}`);
      assert.doesNotMatch(text, /root:|passwd/);
    }
  }
});
