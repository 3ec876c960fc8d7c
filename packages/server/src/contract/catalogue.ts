import { z } from 'zod';
import { digest, pageOf, paging, time, typed, word } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const number = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 53 - 1);
const name = typed(200);
/** `net.http`, or `net.*` for all below. */
const featureWord = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*(?:\.\*)?$/)
  .max(64);

export const maker = named('Maker', z.object({ id: word, name, at: time }));

export const product = named(
  'Product',
  z.object({
    number: z.number().int(),
    name: z.string().describe('what its releases have in common: npm/axios'),
    maker: word.optional(),
    at: time,
  }),
);

export const release = named(
  'Release',
  z.object({
    number: z.number().int(),
    product: z.number().int(),
    name: z.string(),
    maker: word.optional(),
    target: z.string().describe('what locators start with'),
    version: z.string(),
    digest,
    size: z.number().int(),
    hasArtifact: z.boolean(),
    isPublic: z.boolean(),
    state: z.enum(['waiting', 'examined', 'refused']),
    why: z.string().optional(),
    at: time,
    examination: z
      .object({
        document: digest,
        engine: z.object({ version: z.string(), digest }),
        rules: z.object({ update: z.number().int(), digest }),
        answer: z.string(),
        coverage: z.record(z.string(), z.number()),
        declaration: digest.optional(),
        modules: z.number().int(),
        features: z.number().int(),
        flows: z.number().int(),
        findings: z.number().int(),
        unknowns: z.number().int(),
        at: time,
      })
      .optional(),
  }),
);

export const module = named(
  'Module',
  z.object({
    path: z.string(),
    kind: z.string(),
    digest,
    size: z.number().int(),
    state: z.enum(['read', 'partly', 'unread']),
    why: z.object({ code: z.string(), message: z.string(), at: z.string().optional() }).optional(),
  }),
);

/** What rows of an examination have in common. */
const found = {
  number: z.number().int(),
  release: z.number().int(),
  target: z.string(),
  id: z.string(),
};

export const feature = named(
  'Feature',
  z.object({
    ...found,
    feature: z.string(),
    locator: z.string(),
    recipient: z.string().optional(),
    when: z.enum(['install', 'load', 'call', 'record']),
    rule: z.string(),
    evidence: z.string(),
    record: z.string().optional(),
  }),
);

export const flow = named(
  'Flow',
  z.object({
    ...found,
    source: z.string(),
    destination: z.string(),
    recipient: z.string().optional(),
    gate: z.string().optional(),
    transforms: z.array(z.string()),
    hops: z.array(
      z.object({
        role: z.enum(['source', 'step', 'destination']),
        locator: z.string(),
        evidence: z.string(),
      }),
    ),
  }),
);

export const finding = named(
  'Finding',
  z.object({
    ...found,
    kind: z.string(),
    rank: z.enum(['critical', 'high', 'medium', 'low']),
    of: z.string().describe('id of the feature or flow'),
    locator: z.string().optional(),
    recipient: z.string().optional(),
    because: z.string().optional(),
  }),
);

export const declaration = named(
  'Declaration',
  z.object({
    number: z.number().int(),
    product: z.number().int(),
    name: z.string(),
    digest,
    maker: z.string(),
    date: z.string(),
    versions: z.string(),
    at: time,
  }),
);

const onProduct = z.strictObject({ product: number });
const onRelease = z.strictObject({ release: number });

export const makers = {
  list: route({
    method: 'get',
    path: '/makers',
    id: 'maker.list',
    summary: 'Makers of products',
    access: 'catalogue.read',
    query: z.strictObject(paging),
    answer: pageOf(maker),
  }),
  keep: route({
    method: 'put',
    path: '/makers/{maker}',
    id: 'maker.keep',
    summary: 'Adds a maker, or gives it another name',
    access: 'maker.keep',
    params: z.strictObject({ maker: word }),
    body: z.strictObject({ name: name.min(1) }),
  }),
};

export const products = {
  list: route({
    method: 'get',
    path: '/products',
    id: 'product.list',
    summary: 'Products',
    access: 'catalogue.read',
    query: z.strictObject({ q: name.optional(), maker: word.optional(), ...paging }),
    answer: pageOf(product),
  }),
  read: route({
    method: 'get',
    path: '/products/{product}',
    id: 'product.read',
    summary: 'One product',
    access: 'product.read',
    params: onProduct,
    answer: product,
  }),
  assign: route({
    method: 'put',
    path: '/products/{product}/maker',
    id: 'product.assign',
    summary: 'Says who makes a product',
    access: 'product.assign',
    params: onProduct,
    body: z.strictObject({ maker: word.nullable() }),
  }),
  declare: route({
    method: 'post',
    path: '/products/{product}/declarations',
    id: 'product.declare',
    summary: 'Publishes a declaration of a product',
    access: 'product.declare',
    params: onProduct,
    body: z.strictObject({ text: z.string().max(500_000) }),
    answer: z.object({ digest, releases: z.number().int().describe('to be examined against it') }),
    status: 201,
  }),
};

export const declarations = {
  list: route({
    method: 'get',
    path: '/declarations',
    id: 'declaration.list',
    summary: 'Declarations, the newest first',
    access: 'catalogue.read',
    query: z.strictObject({ product: number.optional(), ...paging }),
    answer: pageOf(declaration),
  }),
  text: route({
    method: 'get',
    path: '/declarations/{digest}',
    id: 'declaration.text',
    summary: 'The text of a declaration',
    access: 'catalogue.read',
    params: z.strictObject({ digest }),
    answer: 'text/plain; charset=utf-8',
  }),
};

export const releases = {
  list: route({
    method: 'get',
    path: '/releases',
    id: 'release.list',
    summary: 'Releases, the newest first',
    access: 'catalogue.read',
    query: z.strictObject({
      product: number.optional(),
      target: z.string().max(500).optional(),
      digest: digest.optional(),
      state: z.enum(['waiting', 'examined', 'refused']).optional(),
      answer: word.optional(),
      ...paging,
    }),
    answer: pageOf(release),
  }),
  read: route({
    method: 'get',
    path: '/releases/{release}',
    id: 'release.read',
    summary: 'One release and what came of examining it',
    access: 'release.read',
    params: onRelease,
    answer: release,
  }),
  examination: route({
    method: 'get',
    path: '/releases/{release}/examination',
    id: 'release.examination',
    summary: 'The result document, as avow examine --format json prints it',
    access: 'release.read',
    params: onRelease,
    answer: 'application/json; charset=utf-8',
  }),
  modules: route({
    method: 'get',
    path: '/releases/{release}/modules',
    id: 'release.modules',
    summary: 'Modules of a release',
    access: 'release.read',
    params: onRelease,
    query: z.strictObject(paging),
    answer: pageOf(module),
  }),
};

export const features = {
  list: route({
    method: 'get',
    path: '/features',
    id: 'feature.list',
    summary: 'Features over all products',
    access: 'catalogue.read',
    query: z.strictObject({
      q: name.optional().describe('words of the evidence, recipient or locator'),
      feature: featureWord.optional(),
      recipient: z.string().max(253).optional(),
      product: number.optional(),
      release: number.optional(),
      id: z.string().max(100).optional(),
      module: z.string().max(2_000).optional().describe('path of a file, as locators write it'),
      ...paging,
    }),
    answer: pageOf(feature),
  }),
};

export const flows = {
  list: route({
    method: 'get',
    path: '/flows',
    id: 'flow.list',
    summary: 'Flows over all products',
    access: 'catalogue.read',
    query: z.strictObject({
      source: featureWord.optional(),
      destination: featureWord.optional(),
      recipient: z.string().max(253).optional(),
      product: number.optional(),
      release: number.optional(),
      ...paging,
    }),
    answer: pageOf(flow),
  }),
};

export const findings = {
  list: route({
    method: 'get',
    path: '/findings',
    id: 'finding.list',
    summary: 'Findings over all products',
    access: 'catalogue.read',
    query: z.strictObject({
      rank: z.enum(['critical', 'high', 'medium', 'low']).optional(),
      kind: z.enum(['undeclared', 'contradicts']).optional(),
      product: number.optional(),
      release: number.optional(),
      ...paging,
    }),
    answer: pageOf(finding),
  }),
};
