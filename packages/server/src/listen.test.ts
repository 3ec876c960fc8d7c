import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { type Listening, listen } from './listen.ts';
import { tellAll } from './notices/publish.ts';
import { type TestService, testService } from './testdata/service.ts';

/** What only a real listener shows: streams, broken connections, a stop under way. */
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

test('who follows is told of what becomes public, and goes on where they were', async () => {
  const first = await fetch(`${listening.url}/api/v1/events`);
  const reader = first.body!.getReader();
  await until(reader, /: here/);
  await tellAll(service.stores, 'release.examined', { release: 1 });
  const event = await until(
    reader,
    /id: \d+\nevent: release\.examined\ndata: \{.*"release":1\}\n\n$/,
  );
  await reader.cancel();
  await tellAll(service.stores, 'release.examined', { release: 2 });
  const id = /id: (\d+)/.exec(event)![1]!;
  const again = await fetch(`${listening.url}/api/v1/events`, { headers: { 'last-event-id': id } });
  const more = again.body!.getReader();
  assert.doesNotMatch(await until(more, /"release":2/), /"release":1/);
  await more.cancel();
  for (let wait = 0; service.stores.followers.count > 0; wait++) {
    assert.ok(wait < 100, 'those who left are counted still');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

/** What a stream gives, until it has this. */
async function until(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  wanted: RegExp,
): Promise<string> {
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const { done, value } = await reader.read();
    assert.ok(!done, `the stream ended with ${text}`);
    text += decoder.decode(value, { stream: true });
    if (wanted.test(text)) return text;
  }
}

test('a body that is too large is refused, whether it says so or not', async () => {
  const large = 'a'.repeat(2 * 1024 ** 2);
  for (const isChunked of [false, true]) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${listening.url}/api/v1/claims`,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => resolve(response.resume().statusCode),
      );
      sent.once('error', reject);
      if (isChunked) sent.write(`{"text": "${large.slice(0, 1000)}`);
      sent.end(`${isChunked ? '' : '{"text": "'}${large}"}`);
    });
    assert.equal(status, 413);
  }
});

test('a change that another site has a browser make is refused', async () => {
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
  ]) {
    const response = await fetch(`${listening.url}/api/v1/claims`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      body: '{"text": "a"}',
    });
    assert.equal(response.status, 403, JSON.stringify(headers));
  }
});

test('every answer has headers that keep it from being shown, framed or guessed at', async () => {
  for (const path of ['/api/v1/products', '/api/v1/nothing', '/healthz', '/codes/request.absent']) {
    const { headers } = await fetch(`${listening.url}${path}`);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path);
    assert.equal(headers.get('access-control-allow-origin'), null, path);
    assert.ok(headers.get('x-request-id'), path);
  }
  const feed = await fetch(`${listening.url}/.well-known/csaf/provider-metadata.json`);
  assert.equal(feed.headers.get('access-control-allow-origin'), '*');
  const tag = feed.headers.get('etag')!;
  const again = await fetch(feed.url, { headers: { 'if-none-match': tag } });
  assert.equal(again.status, 304);
});
