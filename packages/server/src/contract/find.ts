import { z } from 'zod';
import { feature } from './catalogue.ts';
import { typed } from './common.ts';
import { codeLine, moduleFunction } from './modules.ts';
import { named } from './named.ts';
import { route } from './route.ts';
import { record } from './updates.ts';

const shownLine = z.object({
  at: z.string().describe('line, offset or address'),
  column: z
    .number()
    .int()
    .optional()
    .describe('where a piece of a long line begins, from 1; absent at its beginning'),
  text: z.string(),
  isPlace: z.boolean(),
});

const shownRecord = z.object({
  format: z.string(),
  kind: z.string(),
  id: z.string(),
  isEnabled: z.boolean(),
  line: z.number().int(),
  digest: z.string(),
  raw: z.string(),
  why: z.string().optional().describe('why it was not understood'),
  does: z.array(
    z.object({
      target: z.string(),
      action: z.string(),
      visibility: z.string(),
      destination: z.string(),
      recipient: z.string().optional(),
      carries: z.string().optional(),
      decided: z.array(z.string()),
    }),
  ),
  literals: z.array(z.object({ text: z.string(), written: z.string() })),
});

export const place = named(
  'Place',
  z.object({
    locator: z.string().describe('as it is written canonically'),
    release: z.number().int(),
    target: z.string(),
    path: z.string(),
    digest: z.string(),
    size: z.number().int(),
    kind: z.enum(['source', 'hex', 'disassembly', 'record']),
    start: z.number().int().describe('byte of the file where the place begins'),
    end: z.number().int().describe('and the one behind its end'),
    lines: z.array(shownLine),
    records: z
      .array(shownRecord)
      .optional()
      .describe('of a record: what it looks for and does; its engine is not asked'),
    code: z.array(codeLine).optional().describe('of disassembly: what `lines` say, in parts'),
    within: moduleFunction.optional().describe('the function that holds the place'),
    forms: z.array(z.string()).optional().describe('the same place as others write it'),
    notes: z.array(z.string()),
  }),
);

export const places = {
  locate: route({
    method: 'get',
    path: '/locate',
    id: 'place.locate',
    summary: 'The place that a locator names: source, bytes, disassembly or a record',
    access: 'catalogue.read',
    query: z.strictObject({
      locator: typed(2_000).min(1),
      context: z.coerce.number().int().min(0).max(200).default(5),
      as: z.enum(['source', 'hex', 'disassembly', 'record']).optional(),
    }),
    answer: place,
  }),
  bytes: route({
    method: 'get',
    path: '/releases/{release}/bytes',
    id: 'place.bytes',
    summary: 'Bytes of a file of a release, at most 65,536 of them',
    access: 'release.read',
    params: z.strictObject({ release: z.coerce.number().int().min(1) }),
    query: z.strictObject({
      path: z.string().min(1).max(2_000),
      from: z.coerce.number().int().min(0).default(0),
      length: z.coerce.number().int().min(1).max(65_536).default(4_096),
    }),
    answer: 'application/octet-stream',
  }),
  find: route({
    method: 'get',
    path: '/find',
    id: 'place.find',
    summary: 'From a host name, path, text or feature seen in the wild to where it may come from',
    access: 'catalogue.read',
    query: z.strictObject({
      symptom: typed(300).min(2),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    answer: z.object({
      features: z.array(
        z.object({
          fit: z.enum(['feature', 'recipient', 'words']),
          feature,
        }),
      ),
      records: z.array(record),
      isWhole: z.boolean().describe('false: there are more than these'),
    }),
    rate: 'costly',
  }),
};
