import { z } from 'zod';
import { time } from './common.ts';
import { named } from './named.ts';
import { NOTICE_KINDS } from './notices.ts';
import { route } from './route.ts';

const kinds = z.array(z.enum(NOTICE_KINDS)).min(1).max(NOTICE_KINDS.length);

export const subscription = named(
  'Subscription',
  z.object({
    email: z.string(),
    kinds,
    state: z.enum(['asked', 'on']).describe('asked: the link that was sent is not followed yet'),
    at: time,
  }),
);

export const mail = {
  read: route({
    method: 'get',
    path: '/account/mail',
    id: 'subscription.read',
    summary: 'Your subscription by mail',
    access: 'account.own',
    answer: subscription,
  }),
  ask: route({
    method: 'put',
    path: '/account/mail',
    id: 'subscription.ask',
    summary: "What became public, as digests to your account's address, once it has said yes",
    access: 'account.own',
    body: z.strictObject({ kinds }),
    answer: subscription,
    rate: 'costly',
  }),
  end: route({
    method: 'delete',
    path: '/account/mail',
    id: 'subscription.end',
    summary: 'No more mail',
    access: 'account.own',
  }),
};
