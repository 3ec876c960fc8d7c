import { z } from 'zod';
import { time, typed } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const onDraft = z.strictObject({ draft: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });
const text = typed(100_000).min(1);
const common = { id: z.string(), at: time, changed: time };

export const draft = named('Draft', z.object({ ...common, text: z.string() }));

export const drafts = {
  list: route({
    method: 'get',
    path: '/drafts',
    id: 'draft.list',
    summary: 'Claims that you wrote and did not hand in, the latest first',
    access: 'draft.make',
    answer: z.object({
      items: z.array(z.object({ ...common, starts: z.string().describe('its first words') })),
    }),
  }),
  make: route({
    method: 'post',
    path: '/drafts',
    id: 'draft.make',
    summary: 'Keeps a claim that is not ready; nobody else reads it',
    access: 'draft.make',
    body: z.strictObject({ text }),
    answer: draft,
    status: 201,
  }),
  read: route({
    method: 'get',
    path: '/drafts/{draft}',
    id: 'draft.read',
    summary: 'One draft',
    access: 'draft.keep',
    params: onDraft,
    answer: draft,
  }),
  change: route({
    method: 'put',
    path: '/drafts/{draft}',
    id: 'draft.change',
    summary: 'Writes a draft anew; refuses when it was changed elsewhere since `seen`',
    access: 'draft.keep',
    params: onDraft,
    body: z.strictObject({ text, seen: time.optional().describe('`changed` of what was read') }),
    answer: draft,
  }),
  remove: route({
    method: 'delete',
    path: '/drafts/{draft}',
    id: 'draft.remove',
    summary: 'Throws a draft away',
    access: 'draft.keep',
    params: onDraft,
  }),
};
