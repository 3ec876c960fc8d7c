import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import { claims, products } from '../contract/index.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { Client } from './client.ts';
import { handIn } from './upload.ts';

const ANN: Identity = { kind: 'account', id: 'ann', name: 'ann', grants: [], secondFactor: true };

let service: TestService;
before(async () => {
  service = await testService({ ann: ANN });
});
after(() => service.close());

/** A client whose connection breaks whenever it is told to. */
function clientThat(breaks: (request: Request) => 'before' | 'after' | undefined): Client {
  return new Client({
    url: 'http://service.test',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.headers.set('x-test-as', 'ann');
      const how = breaks(request);
      if (how === 'before') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      const response = await service.app.request(request);
      if (how === 'after') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      return response;
    },
  });
}

test('answers have the types of the contract, refusals their code', async () => {
  const client = clientThat(() => undefined);
  const list = await client.call(products.list, { query: { limit: 3 } });
  assert.deepEqual(list.items, []);
  await assert.rejects(client.call(claims.read, { params: { claim: 'claim-99' } }), {
    code: 'request.absent',
    status: 404,
  });
  await assert.rejects(clientThat(() => 'before').call(products.list, {}), {
    code: 'client.unreachable',
  });
});

test('an upload goes on where it was, also when an answer was lost on its way', async () => {
  let patches = 0;
  const client = clientThat(({ method }) => {
    if (method !== 'PATCH') return undefined;
    patches += 1;
    return patches === 1 ? 'before' : patches === 2 ? 'after' : undefined;
  });
  const bytes = new Uint8Array(9 * 1024 ** 2).fill(7);
  const upload = await handIn(client, 'a.bin', bytes, false);
  assert.equal(upload.state, 'complete');
  assert.equal(upload.offset, bytes.length);
});

test('what is no Avow is told as such', async () => {
  const client = new Client({
    url: 'http://other.test',
    fetch: async () => new Response('<html>', { status: 502 }),
  });
  await assert.rejects(client.call(products.list, {}), { code: 'client.answer' });
});
