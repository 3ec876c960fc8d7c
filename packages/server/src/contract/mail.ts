import { z } from 'zod';
import { time } from './common.ts';
import { named } from './named.ts';
import { NOTICE_KINDS } from './notices.ts';
import { route } from './route.ts';

/** None: only what a subscription names is told. */
const kinds = z.array(z.enum(NOTICE_KINDS)).max(NOTICE_KINDS.length);

export const mailbox = named(
  'Mailbox',
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
    id: 'mail.read',
    summary: 'Where digests are sent to you',
    access: 'account.own',
    answer: mailbox,
  }),
  ask: route({
    method: 'put',
    path: '/account/mail',
    id: 'mail.ask',
    summary: "What became public, as digests to your account's address, once it has said yes",
    access: 'account.own',
    body: z.strictObject({ kinds }),
    answer: mailbox,
    rate: 'costly',
  }),
  end: route({
    method: 'delete',
    path: '/account/mail',
    id: 'mail.end',
    summary: 'No more mail',
    access: 'account.own',
  }),
};
