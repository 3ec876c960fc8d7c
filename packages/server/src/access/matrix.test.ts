import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Route } from '../contract/route.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { QUERIES } from '../testdata/queries.ts';
import { type TestService, testService } from '../testdata/service.ts';
import type { AccountRole, Identity } from './identity.ts';
import { RULES } from './rules.ts';

const PAGE = new URL('../../../../docs/access.md', import.meta.url);

/** Everyone who may come: nobody, people with no part in it, with a part, staff, staff with less than they need. */
const EVERYONE: Readonly<Record<string, Identity>> = {
  anonymous: { kind: 'anonymous' },
  account: account('otto'),
  owner: account('ann'),
  party: account('pat'),
  maker: account('mia', 'maker', 'acme'),
  'other maker': account('max', 'maker', 'other'),
  investigator: account('ina', 'investigator'),
  lead: account('lea', 'lead'),
  publisher: account('pia', 'publisher'),
  administrator: account('ada', 'administrator'),
  'lead, one factor': { ...account('leo', 'lead'), secondFactor: false } as Identity,
  'lead of another': account('liv', 'lead', 'other'),
  'token to read': {
    kind: 'token',
    id: 'lea',
    name: 'lea',
    grants: [{ role: 'lead' }],
    scopes: ['read'],
  },
};

function account(id: string, role?: AccountRole, maker?: string): Identity {
  const grant = role === undefined ? [] : [maker === undefined ? { role } : { role, maker }];
  return { kind: 'account', id, name: id, grants: grant, secondFactor: true };
}

/** What an answer says of access; undefined: it was let through. */
const SAYS: Readonly<Record<string, string>> = {
  'access.sign-in': 'sign in',
  'access.forbidden': 'no',
  'access.second-factor': 'factor',
  'access.scope': 'scope',
  'request.absent': '404',
};

/** Kinds of objects that are public or not; the others never are. */
const BOTH = new Set(['product', 'release', 'claim', 'case']);

test('who may do what over every route, asked for real, is what docs/access.md says', async () => {
  const service = await testService(EVERYONE);
  try {
    const rows: string[] = [];
    for (const route of service.api.routes) {
      const kind = RULES[route.access].of;
      for (const isPublic of BOTH.has(kind) ? [false, true] : [false]) {
        const cells: string[] = [];
        const fresh = () => OBJECTS[kind]!(service.stores, isPublic);
        let values = await fresh();
        for (const as of Object.keys(EVERYONE)) {
          const { says, isChanged } = await asked(service, route, as, values);
          cells.push(says);
          if (isChanged) values = await fresh();
        }
        const name = `${route.method.toUpperCase()} ${route.path}`;
        rows.push(`| ${name}${isPublic ? ' (public)' : ''} | ${cells.join(' | ')} |`);
      }
    }
    const table = [
      `| route | ${Object.keys(EVERYONE).join(' | ')} |`,
      `|${' --- |'.repeat(Object.keys(EVERYONE).length + 1)}`,
      ...rows,
    ].join('\n');
    const page = readFileSync(PAGE, 'utf8');
    const wanted = `${page.slice(0, page.indexOf('| route |'))}${table}\n`;
    if (process.env['AVOW_WRITE'] === '1') writeFileSync(PAGE, wanted);
    assert.equal(readFileSync(PAGE, 'utf8'), wanted);
  } finally {
    await service.close();
  }
});

async function asked(
  service: TestService,
  route: Route,
  as: string,
  values: Readonly<Record<string, string>>,
): Promise<{ readonly says: string; readonly isChanged: boolean }> {
  const kind = RULES[route.access].of;
  const path = route.path
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? DUMMIES[name] ?? '0');
  const query = route.method === 'get' ? (QUERIES[route.id] ?? '') : '';
  const response = await service.ask(route.method.toUpperCase(), `${path}${query}`, {
    as,
    ...(route.method === 'get' || route.body === undefined ? {} : { body: { wrong: true } }),
  });
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  if (isStream) {
    await response.body?.cancel();
    return { says: 'yes', isChanged: false };
  }
  const text = await response.text();
  assert.ok(response.status < 500, `${as} ${route.id}: ${text}`);
  const code = response.ok || text === '' ? '' : (JSON.parse(text) as { code: string }).code;
  // Of the service itself nothing is hidden: what is absent there was looked for and not found.
  const isLetThrough = code === 'request.absent' && kind === 'service';
  const says = isLetThrough ? 'yes' : (SAYS[code] ?? 'yes');
  return { says, isChanged: response.ok && route.method !== 'get' };
}

const DUMMIES: Readonly<Record<string, string>> = {
  digest: `sha256:${'0'.repeat(64)}`,
  maker: 'acme',
  advisory: 'avow-2026-0001',
};
