import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../contract/route.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { QUERIES } from '../testdata/queries.ts';
import { type TestService, testService } from '../testdata/service.ts';
import type { Identity } from './identity.ts';
import { RULES } from './rules.ts';

const STRANGERS: Readonly<Record<string, Identity>> = {
  anonymous: { kind: 'anonymous' },
  otto: { kind: 'account', id: 'otto', name: 'otto', grants: [], secondFactor: true },
};

/** Addresses of nothing, in the form of what is there. */
const NOWHERE: Readonly<Record<string, string>> = {
  product: '999999',
  release: '999999',
  since: '999998',
  update: '999999',
  before: '999998',
  upload: 'nowhere'.padEnd(22, '0'),
  job: '00000000-0000-4000-8000-000000000000',
  claim: 'claim-999999',
  case: 'case-999999',
  webhook: 'nowhere'.padEnd(22, '0'),
  subscription: 'nowhere'.padEnd(22, '0'),
  draft: 'nowhere'.padEnd(22, '0'),
  digest: `sha256:${'0'.repeat(64)}`,
};

test('what one may not see is answered like what is not there: status, headers and body', async () => {
  const service = await testService(STRANGERS);
  let compared = 0;
  try {
    for (const route of service.api.routes) {
      const kind = RULES[route.access].of;
      if (kind === 'service') continue;
      const there = await OBJECTS[kind]!(service.stores, false);
      for (const as of Object.keys(STRANGERS)) {
        const hidden = await told(service, route, as, { ...NOWHERE, ...there });
        const absent = await told(service, route, as, NOWHERE);
        assert.deepEqual(hidden, absent, `${as}: ${route.id}`);
        assert.equal(hidden.status, 404, `${as}: ${route.id}`);
        compared++;
      }
    }
  } finally {
    await service.close();
  }
  assert.ok(compared > 60, `${compared} were compared`);
});

/** All of an answer but the request's own id. */
async function told(
  service: TestService,
  route: Route,
  as: string,
  values: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const path = route.path.slice(1).replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? '0');
  const query = QUERIES[route.id] ?? '';
  const response = await service.ask(route.method.toUpperCase(), `${path}${query}`, {
    as,
    ...(route.method === 'get' || route.body === undefined ? {} : { body: { wrong: true } }),
  });
  const { 'x-request-id': id = '', ...headers } = Object.fromEntries(response.headers);
  const text = await response.text();
  return { status: response.status, headers, body: text.replaceAll(id, 'REQUEST') };
}
