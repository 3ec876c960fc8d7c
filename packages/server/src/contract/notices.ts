import { z } from 'zod';
import { time, word } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

export const NOTICE_KINDS = [
  'release.examined',
  'declaration.published',
  'advisory.published',
  'advisory.changed',
] as const;

const onWebhook = z.strictObject({ webhook: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });
const kinds = z.array(z.enum(NOTICE_KINDS)).min(1).max(NOTICE_KINDS.length);

export const webhook = named(
  'Webhook',
  z.object({
    id: z.string(),
    url: z.string(),
    kinds,
    state: z.enum(['on', 'off']),
    failures: z.number().int(),
    at: time,
  }),
);

const withSecret = z.object({
  webhook,
  secret: z.string().describe('shown once: what messages are signed with (Standard Webhooks)'),
});

export const notices = {
  events: route({
    method: 'get',
    path: '/events',
    id: 'event.follow',
    summary: 'What becomes public, as it does: server-sent events; `last-event-id` goes on there',
    access: 'service.read',
    query: z.strictObject({ kind: word.optional() }),
    answer: 'text/event-stream',
  }),
};

export const webhooks = {
  list: route({
    method: 'get',
    path: '/webhooks',
    id: 'webhook.list',
    summary: 'Your webhooks',
    access: 'webhook.make',
    answer: z.object({ items: z.array(webhook) }),
  }),
  make: route({
    method: 'post',
    path: '/webhooks',
    id: 'webhook.make',
    summary: 'Has what becomes public sent to an address',
    access: 'webhook.make',
    body: z.strictObject({ url: z.string().max(2_000), kinds }),
    answer: withSecret,
    status: 201,
  }),
  rotate: route({
    method: 'post',
    path: '/webhooks/{webhook}/secret',
    id: 'webhook.rotate',
    summary: 'Gives a webhook another secret; the one before signs too, until the next',
    access: 'webhook.keep',
    params: onWebhook,
    answer: withSecret,
  }),
  start: route({
    method: 'post',
    path: '/webhooks/{webhook}/start',
    id: 'webhook.start',
    summary: 'Turns a webhook on again that was turned off after failures',
    access: 'webhook.keep',
    params: onWebhook,
    answer: webhook,
  }),
  remove: route({
    method: 'delete',
    path: '/webhooks/{webhook}',
    id: 'webhook.remove',
    summary: 'Ends a webhook',
    access: 'webhook.keep',
    params: onWebhook,
  }),
};
