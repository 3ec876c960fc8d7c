import { z } from 'zod';
import { digest, pageOf, paging, typed, word } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const number = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 53 - 1);

export const update = named(
  'Update',
  z.object({
    number: z.number().int(),
    release: z.number().int(),
    target: z.string(),
    path: z.string(),
    format: z.string(),
    update: z.string(),
    digest: digest.optional(),
    records: z.number().int(),
    understood: z.number().int(),
  }),
);

export const record = named(
  'Record',
  z.object({
    number: z.number().int(),
    update: z.number().int(),
    release: z.number().int(),
    target: z.string(),
    format: z.string(),
    id: z.string(),
    member: z.string(),
    line: z.number().int(),
    digest,
    text: z.string().describe('its beginning'),
  }),
);

export const updates = {
  list: route({
    method: 'get',
    path: '/updates',
    id: 'update.list',
    summary: 'Database updates, the newest first',
    access: 'catalogue.read',
    query: z.strictObject({ format: word.optional(), release: number.optional(), ...paging }),
    answer: pageOf(update),
  }),
  read: route({
    method: 'get',
    path: '/updates/{update}',
    id: 'update.read',
    summary: 'One database update, and the one before it',
    access: 'release.read',
    params: z.strictObject({ update: number }),
    answer: update.extend({
      product: z.number().int(),
      before: update.optional().describe('the same database in the release before'),
    }),
  }),
};

export const records = {
  list: route({
    method: 'get',
    path: '/records',
    id: 'record.list',
    summary: 'Records of database updates',
    access: 'catalogue.read',
    query: z.strictObject({
      number: number.optional(),
      update: number.optional(),
      release: number.optional(),
      id: z.string().max(200).optional(),
      q: typed(200).optional(),
      ...paging,
    }),
    answer: pageOf(record),
  }),
};
