import { z } from 'zod';
import { digest } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';
import { record, update } from './updates.ts';

const number = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 53 - 1);

/** A feature or flow that one of two releases has. */
const changed = z.object({
  id: z.string(),
  feature: z.string().describe('of a flow: its destination'),
  source: z.string().optional().describe('of a flow: the data that goes there'),
  recipient: z.string().optional(),
  locator: z.string(),
  evidence: z.string(),
});

const finding = z.object({
  id: z.string(),
  kind: z.string(),
  rank: z.string(),
  because: z.string().optional(),
  locator: z.string().optional(),
});

const both = <Item extends z.ZodType>(item: Item) =>
  z.object({ gained: z.array(item), lost: z.array(item) });

const side = z.object({
  release: z.number().int(),
  target: z.string(),
  digest,
  isWhole: z.boolean().describe('false: more may have changed than is said'),
});

export const changeSet = named(
  'Changes',
  z.object({
    old: side,
    new: side,
    abilities: both(z.object({ feature: z.string(), when: z.string().optional() })).describe(
      'features that one release has somewhere, and the other nowhere',
    ),
    counts: z.object({
      features: z.object({ gained: z.number().int(), lost: z.number().int() }),
      flows: z.object({ gained: z.number().int(), lost: z.number().int() }),
      findings: z.object({ gained: z.number().int(), lost: z.number().int() }),
    }),
    features: both(changed),
    flows: both(changed),
    findings: both(finding),
    modules: z.object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
      moved: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
    databases: z.array(
      z.object({
        path: z.string(),
        old: z.object({ update: z.string(), records: z.number().int() }).optional(),
        new: z.object({ update: z.string(), records: z.number().int() }).optional(),
      }),
    ),
    next: z.number().int().optional().describe('for `from`; absent on the last page'),
  }),
);

export const changes = {
  read: route({
    method: 'get',
    path: '/releases/{release}/changes/{since}',
    id: 'release.changes',
    summary: 'What a release has that another has not, and the other way round: features first',
    access: 'release.read',
    params: z.strictObject({ release: number, since: number.describe('the other release') }),
    query: z.strictObject({
      from: z.coerce.number().int().min(0).max(10_000_000).default(0),
      limit: z.coerce.number().int().min(0).max(200).default(50).describe('of each list'),
    }),
    answer: changeSet,
  }),
};

/** What records of one kind do, and how many do it in each of two updates. */
const recordsDo = z.object({
  target: z.string(),
  action: z.string(),
  visibility: z.string(),
  destination: z.string(),
  recipient: z.string().optional(),
  carries: z.string().optional(),
  label: z.string().optional(),
  rank: z.string(),
  old: z.number().int(),
  now: z.number().int(),
  first: z
    .string()
    .describe('locator of the first such record; of the new update where it has one'),
});

export const RECORD_CHANGES = ['added', 'removed', 'changed'] as const;

export const recordChangeSet = named(
  'RecordChanges',
  z.object({
    old: update,
    now: update,
    does: z.array(recordsDo).describe('what records do where the two differ; new things first'),
    counts: z.object({
      added: z.number().int(),
      removed: z.number().int(),
      changed: z.number().int(),
      same: z.number().int(),
    }),
    items: z.array(
      z.object({
        change: z.enum(RECORD_CHANGES),
        old: record.optional(),
        now: record.optional(),
      }),
    ),
    isCut: z.boolean().describe('true: more changed than is listed'),
    next: z.number().int().optional().describe('for `from`; absent on the last page'),
  }),
);

export const recordChanges = {
  read: route({
    method: 'get',
    path: '/updates/{update}/changes/{before}',
    id: 'update.changes',
    summary: 'What an update has that another has not: what its records do, then record by record',
    access: 'release.read',
    params: z.strictObject({ update: number, before: number.describe('the other update') }),
    query: z.strictObject({
      change: z.enum(RECORD_CHANGES).optional(),
      from: z.coerce.number().int().min(0).max(10_000_000).default(0),
      limit: z.coerce.number().int().min(0).max(200).default(50),
    }),
    answer: recordChangeSet,
    rate: 'costly',
  }),
};
