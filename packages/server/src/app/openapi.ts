import { z } from 'zod';
import { RULES } from '../access/rules.ts';
import { NAMED } from '../contract/named.ts';
import type { Media, Route } from '../contract/route.ts';
import { API, mayBeLeftOut } from './api.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ApiInfo {
  readonly version: string;
  readonly url: string;
}

/** The API as an OpenAPI 3.1 document, out of the schemas that validate. */
export function openApiOf(routes: readonly Route[], { version, url }: ApiInfo): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Avow',
      version,
      summary: 'Holds software to its word, with evidence.',
      description:
        'Products and what they can do, claims, cases and verdicts. Errors are problem details (RFC 9457) with a code that has a page.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${url}${API}` }],
    tags: [...new Set(routes.map(nounOf))].map((name) => ({ name, description: NOUNS[name]! })),
    paths,
    components: {
      schemas: componentSchemas(),
      responses: { Problem: PROBLEM },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        session: { type: 'apiKey', in: 'cookie', name: 'avow', description: 'A session.' },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const rule = RULES[route.access];
  const isOpen = rule.who.some((one) => one === 'anyone');
  return {
    operationId: route.id.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()),
    summary: route.summary,
    tags: [nounOf(route)],
    'x-avow-access': route.access,
    security: [...(isOpen ? [{}] : []), { token: [] }, { session: [] }],
    ...parametersOf(route),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: !mayBeLeftOut(route), content: contentOf(route.body, 'input') },
        }),
    responses: responsesOf(route),
  };
}

function parametersOf({ params, query }: Route): Json {
  const of = (where: 'path' | 'query', schema: z.ZodObject | undefined) =>
    Object.entries(schema?.shape ?? {}).map(([name, one]) => {
      const type = one as z.ZodType;
      const { description, ...rest } = schemaOf(type, 'input') as { description?: string };
      return {
        name,
        in: where,
        required: where === 'path' || !type.safeParse(undefined).success,
        ...(description === undefined ? {} : { description }),
        schema: rest,
      };
    });
  const all = [...of('path', params), ...of('query', query)];
  return all.length === 0 ? {} : { parameters: all };
}

function responsesOf(route: Route): Json {
  const status = String(route.status ?? (route.answer === undefined ? 204 : 200));
  const success = {
    description: status === '204' ? 'Done.' : 'The answer.',
    ...(route.answer === undefined ? {} : { content: contentOf(route.answer, 'output') }),
  };
  const problem = { $ref: '#/components/responses/Problem' };
  return { [status]: success, '4XX': problem, default: problem };
}

function contentOf(body: z.ZodType | Media, io: 'input' | 'output'): Json {
  if (typeof body === 'string') {
    const [type] = body.split(';');
    // Documents with a schema of their own, which is elsewhere.
    const schema = type === 'application/json' ? { type: 'object' } : { type: 'string' };
    return { [type!]: { schema } };
  }
  return { 'application/json': { schema: schemaOf(body, io) } };
}

const COMPONENTS = '#/components/schemas/';

/** The schema of one value; what has a name of its own is referred to. */
function schemaOf(type: z.ZodType, io: 'input' | 'output'): Json {
  const name = NAMED.get(type)?.id;
  if (name !== undefined) return { $ref: `${COMPONENTS}${name}` };
  const made = z.toJSONSchema(type, { ...SETTINGS, io, metadata: NAMED });
  const { $schema: _, $defs: __, ...rest } = made as Record<string, unknown>;
  return referring(rest) as Json;
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(NAMED, {
    ...SETTINGS,
    io: 'output',
    uri: (id) => `${COMPONENTS}${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _, $id: __, id: ___, ...rest } = schema as Record<string, unknown>;
      return [name, referring(rest)];
    }),
  );
}

const SETTINGS = { target: 'draft-2020-12', unrepresentable: 'any' } as const;

/** `#/$defs/Claim` is at `#/components/schemas/Claim` in a whole document. */
function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string'
        ? one.replace(/^#\/\$defs\//, COMPONENTS)
        : referring(one),
    ]),
  );
}

/** What each noun of the API is; one that is missing fails the lint of the document. */
const NOUNS: Readonly<Record<string, string>> = {
  maker: 'Who makes products.',
  product: 'What is made, with all of its releases.',
  release: 'One version of a product, as bytes that were examined.',
  module: 'A file that holds code, and what is in it.',
  file: 'Files of releases, by their names.',
  feature: 'What a module can do, at its place.',
  flow: 'What a product sends where, from source to sink.',
  finding: 'What a product does that its declaration does not cover.',
  update: 'From one release to the next.',
  change: 'What differs between two releases.',
  diff: 'Having two releases or updates compared.',
  recheck: 'Having a receipt checked anew.',
  record: 'Entries of the databases in a product.',
  declaration: 'What a maker says that a product does.',
  place: 'Bytes and lines at a locator.',
  upload: 'Artifacts on their way in.',
  job: 'Work that goes on by itself.',
  examination: 'Having a release looked into.',
  claim: 'What somebody says that a product does.',
  receipt: 'Claims of people without an account, by the code that they were shown once.',
  case: 'A claim that is looked into, with everyone whom it concerns.',
  advisory: 'Verdicts that are published.',
  log: 'What is published, in an order that cannot be changed, with proofs.',
  event: 'What becomes public, as it does.',
  webhook: 'Addresses that are told of it.',
  subscription: 'What one wants to hear of.',
  mail: 'Digests of it.',
  draft: 'Claims that are written and not handed in.',
  account: 'People.',
  session: 'Where one is signed in.',
  passkey: 'Keys that sign a person in.',
  token: 'Keys of programs.',
  'second-factor': 'One-time codes beside the password.',
  grant: 'Roles of people.',
  invitation: 'Roles that are handed over by a code.',
};

function nounOf({ id }: Route): string {
  return id.split('.', 1)[0]!;
}

const PROBLEM = {
  description: 'Not done, and why.',
  content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } } },
};
