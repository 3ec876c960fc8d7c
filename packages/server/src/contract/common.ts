import { z } from 'zod';
import { named } from './named.ts';

export const digest = named(
  'Digest',
  z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe('SHA-256, lower-case hex'),
) as z.ZodType<`sha256:${string}`>;

export const time = z.string().max(40).describe('RFC 3339, UTC');

/** Texts that people type: no control characters but line ends and tabs. */
export const typed = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text), {
      message: 'control characters are not taken',
    })
    .refine((text) => text.isWellFormed(), { message: 'it is no well-formed text' });

/** A word of ours: the name of a state, a rank, a kind. */
export const word = z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/);

export const limit = z.coerce.number().int().min(1).max(200).default(50);

/** The query of a list: where to go on, and how many. */
export const paging = {
  after: z.string().max(500).optional().describe('`next` of the page before'),
  limit: limit.describe('how many, at most'),
};

/** A page of a list. */
export function pageOf<const Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().describe('for `after`; absent on the last page'),
  });
}

export const problem = named(
  'Problem',
  z.object({
    type: z.string().describe('page of the code'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    request: z.string(),
    faults: z.array(z.object({ at: z.string(), says: z.string() })).optional(),
  }),
);
