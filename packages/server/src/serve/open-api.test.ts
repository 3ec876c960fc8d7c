import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Identity } from '../access/identity.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { type TestService, testService } from '../testdata/service.ts';

/** The API against its own OpenAPI document: what it says, and what it does when asked for anything. */
let service: TestService;
let document: Told;
/** The same with accounts that are real: what people do with theirs needs a session. */
let people: TestService;

/** The document, as far as it is read here. */
interface Told {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'schemas' | 'responses', Readonly<Record<string, unknown>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-avow-access'?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

const LEAD: Identity = {
  kind: 'account',
  id: 'ann',
  name: 'ann',
  grants: (['lead', 'investigator', 'publisher', 'administrator'] as const).map((role) => ({
    role,
  })),
  secondFactor: true,
};

before(async () => {
  service = await testService({ lead: LEAD });
  people = await testService({}, {}, { isRealIdentity: true });
  document = (await service.json('GET', 'openapi.json')).body;
});
after(async () => {
  await service.close();
  await people.close();
});

test('every operation has an id of its own, an access rule, and an answer', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  assert.deepEqual(ids, [...new Set(ids)]);
  for (const one of operations) {
    assert.ok(one['x-avow-access'], one.operationId);
    assert.ok(one.summary.length > 4, one.operationId);
    assert.ok(one.responses.default, one.operationId);
  }
  assert.ok(operations.length > 60);
});

test('every reference leads somewhere, and every parameter of a path is told', () => {
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/(?:schemas|responses)\/(\w+)"/g)) {
    const found = document.components.schemas[name!] ?? document.components.responses[name!];
    assert.ok(found, `${name} is nowhere`);
  }
  for (const [path, item] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    for (const operation of Object.values(item)) {
      const told = (operation.parameters ?? []).filter((one) => one.in === 'path');
      assert.deepEqual(told.map((one) => one.name).sort(), names.sort(), path);
    }
  }
});

/** Values that break what is not careful: types, lengths, Unicode, markup, SQL, paths, formulas, log lines. */
const NASTY: readonly unknown[] = [
  '',
  ' ',
  'a',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  "' OR 1=1 --",
  '"><script>alert(1)</script>',
  '=HYPERLINK("http://a")',
  'line\r\nset-cookie: a=b',
  '\u202e\u2066',
  '%',
  '%00',
  '%ff',
  '9'.repeat(400),
  'a'.repeat(100_000),
  '-1',
  '1e309',
  '0',
  'null',
  'claim-1',
  'case-999999999999999',
  'sha256:'.padEnd(71, 'f'),
  -1,
  0,
  2 ** 53,
  1.5,
  null,
  true,
  [],
  {},
  [[[[[]]]]],
  { __proto__: null, constructor: { prototype: { a: 1 } } },
];

/** Deterministic, so that what fails fails again. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

test('whatever it is asked, it answers by its document, and never with a fault of its own', async () => {
  const ajv = new Ajv2020({ strict: false, formats: { uuid: true, uri: true } });
  ajv.addSchema({ $id: 'api', components: document.components });
  const random = randoms(7);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const counts = new Map<number, number>();
  for (let round = 0; round < 6; round++) {
    for (const route of service.api.routes) {
      const isOfPeople = OF_PEOPLE.test(route.id);
      const values = random() < 0.5 ? await somethingThere(route.path) : {};
      const path = route.path
        .slice(1)
        .replaceAll(/\{(\w+)\}/g, (_, name) =>
          encodeURIComponent(values[name] ?? safe(pick(NASTY))),
        );
      const query = Object.keys(route.query?.shape ?? {})
        .filter(() => random() < 0.3)
        .map((name) => `${name}=${encodeURIComponent(safe(pick(NASTY)))}`);
      const hasBody = route.body !== undefined && typeof route.body !== 'string';
      const fields = Object.keys((route.body as { shape?: object } | undefined)?.shape ?? {});
      const body =
        random() < 0.2
          ? pick(NASTY)
          : Object.fromEntries(fields.map((name) => [name, pick(NASTY)]));
      const headers = isOfPeople && random() < 0.8 ? { cookie: await signedIn() } : {};
      const response = await (isOfPeople ? people : service).ask(
        route.method.toUpperCase(),
        `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
        {
          ...(random() < 0.8 ? { as: 'lead' } : {}),
          ...(hasBody ? { body: body ?? null } : {}),
          headers,
        },
      );
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
      if (response.headers.get('content-type') === 'text/event-stream') {
        await response.body?.cancel();
        continue;
      }
      const text = await response.text();
      const where = `${route.id} ${path} ${query} ${JSON.stringify(body)?.slice(0, 200)}: ${text.slice(0, 300)}`;
      assert.ok(response.status < 500, where);
      assertByDocument(ajv, route, response, text, where);
    }
  }
  assert.ok(
    (counts.get(200) ?? 0) > 50 && (counts.get(400) ?? 0) > 50,
    JSON.stringify([...counts]),
  );
});

const OF_PEOPLE = /^(?:account|session|passkey|token|second-factor|mail|grant|invitation)\./;
let accounts = 0;
let cookie: string | undefined;

/** A session that is good: one that was ended, or whose account is gone, is followed by another. */
async function signedIn(): Promise<string> {
  const headers = cookie === undefined ? {} : { cookie };
  const isGood = cookie !== undefined && (await people.ask('GET', 'account', { headers })).ok;
  if (isGood) return cookie!;
  const body = { name: `somebody ${accounts++}`, password: 'four unlikely words here' };
  const made = await people.ask('POST', 'accounts', { body });
  cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
  return cookie;
}

/** Half of the time the address is of something that is there. */
async function somethingThere(path: string): Promise<Readonly<Record<string, string>>> {
  const name = /\{(product|release|upload|job|claim|case|webhook|subscription|draft)\}/.exec(
    path,
  )?.[1];
  return name === undefined ? {} : OBJECTS[name]!(service.stores, false);
}

function safe(value: unknown): string {
  return String(typeof value === 'string' ? value : JSON.stringify(value))
    .toWellFormed()
    .slice(0, 2_000);
}

function assertByDocument(
  ajv: Ajv2020,
  { path, method }: { readonly path: string; readonly method: string },
  response: Response,
  text: string,
  where: string,
): void {
  const { responses } = document.paths[path]![method]!;
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok) {
    assert.match(type, /^application\/problem\+json/, where);
    assertValid(ajv, { $ref: 'api#/components/schemas/Problem' }, text, where);
    return;
  }
  const told = responses[response.status];
  assert.ok(told, `the document does not tell ${response.status}: ${where}`);
  const schema = told.content?.['application/json']?.schema;
  if (schema !== undefined) assertValid(ajv, inApi(schema), text, where);
}

/** The document's references, as ajv finds them. */
function inApi(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components'));
}

const COMPILED = new Map<string, ValidateFunction>();

function assertValid(ajv: Ajv2020, schema: object, text: string, where: string): void {
  const key = JSON.stringify(schema);
  const validate = COMPILED.get(key) ?? ajv.compile(schema);
  COMPILED.set(key, validate);
  assert.ok(validate(JSON.parse(text)), `${ajv.errorsText(validate.errors)}: ${where}`);
}
