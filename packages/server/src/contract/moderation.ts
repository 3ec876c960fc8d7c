import { z } from 'zod';
import { time, typed } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

/** Told of what is hidden, to whoever would see it. */
export const hidden = z.object({
  reason: z.string(),
  at: time,
  by: z.string().optional().describe('for staff'),
});

const moderation = named(
  'Moderation',
  z.object({
    what: z.number().int().describe('number of the statement or message'),
    isHidden: z.boolean(),
    reason: z.string(),
    by: z.string(),
    at: time,
  }),
);

const body = z.strictObject({
  what: z
    .number()
    .int()
    .min(1)
    .max(2 ** 53 - 1)
    .describe('number of the statement or message'),
  isHidden: z.boolean(),
  reason: typed(1_000).min(1).describe('shown in its place'),
});

const onCase = z.strictObject({ case: z.string().regex(/^case-[1-9]\d{0,14}$/) });
const onClaim = z.strictObject({ claim: z.string().regex(/^claim-[1-9]\d{0,14}$/) });
const answer = z.object({ items: z.array(moderation) });

/** Words of others are hidden and shown again; they are never changed or removed, and each step is kept. */
export const moderations = {
  ofCase: route({
    method: 'get',
    path: '/cases/{case}/moderations',
    id: 'case.moderations',
    summary: 'What was hidden in a case and shown again, by whom and why',
    access: 'case.moderate',
    params: onCase,
    answer,
  }),
  inCase: route({
    method: 'post',
    path: '/cases/{case}/moderations',
    id: 'case.moderate',
    summary: 'Hides a statement, or shows it again, with a reason',
    access: 'case.moderate',
    params: onCase,
    body,
    answer,
    status: 201,
  }),
  ofClaim: route({
    method: 'get',
    path: '/claims/{claim}/moderations',
    id: 'claim.moderations',
    summary: 'What was hidden in the messages of a claim and shown again, by whom and why',
    access: 'claim.moderate',
    params: onClaim,
    answer,
  }),
  inClaim: route({
    method: 'post',
    path: '/claims/{claim}/moderations',
    id: 'claim.moderate',
    summary: 'Hides a message, or shows it again, with a reason',
    access: 'claim.moderate',
    params: onClaim,
    body,
    answer,
    status: 201,
  }),
};
