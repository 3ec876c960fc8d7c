import { z } from 'zod';
import { time, typed, word } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

export const NOTICE_KINDS = [
  'release.examined',
  'declaration.published',
  'advisory.published',
  'advisory.changed',
] as const;

const onWebhook = z.strictObject({ webhook: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });
/** None: only what a subscription names is told. */
const kinds = z.array(z.enum(NOTICE_KINDS)).max(NOTICE_KINDS.length);

/** What a notice is about, as a query has it; all of what is given has to fit. */
export const wantedQuery = {
  product: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 53 - 1)
    .optional(),
  maker: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{0,63}$/)
    .optional()
    .describe('its maker when it was told'),
  host: typed(253)
    .transform((host) => host.toLowerCase().replace(/\.$/, ''))
    .pipe(z.string().regex(/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/, 'it is no host name'))
    .optional()
    .describe('recipient; a domain stands for all hosts in it'),
  feature: z
    .string()
    .regex(/^[a-z][a-z-]*(?:\.(?:[a-z-]+|\*))?$/)
    .max(60)
    .optional()
    .describe('`net.http`, or `net.*`'),
};

const wanted = z.strictObject({
  ...wantedQuery,
  product: z
    .number()
    .int()
    .min(1)
    .max(2 ** 53 - 1)
    .optional(),
});

export type Wanted = z.output<typeof wanted>;

export const subscription = named(
  'Subscription',
  z.object({
    id: z.string(),
    kinds,
    wanted: z.object({
      product: z.number().int().optional(),
      maker: z.string().optional(),
      host: z.string().optional(),
      feature: z.string().optional(),
    }),
    mail: z.boolean().describe('in the digests of your mailbox (`/account/mail`)'),
    webhook: z.string().optional(),
    feeds: z
      .object({ atom: z.string(), json: z.string() })
      .describe('the same as feeds, for anyone'),
    at: time,
  }),
);

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

const onSubscription = z.strictObject({ subscription: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });

export const subscriptions = {
  list: route({
    method: 'get',
    path: '/subscriptions',
    id: 'subscription.list',
    summary: 'What you want to hear of: a product, a maker, a host, a feature',
    access: 'subscription.make',
    answer: z.object({ items: z.array(subscription) }),
  }),
  make: route({
    method: 'post',
    path: '/subscriptions',
    id: 'subscription.make',
    summary: 'Has you told of what fits: by mail, by a webhook of yours, or by feeds alone',
    access: 'subscription.make',
    body: z.strictObject({
      kinds: kinds.min(1),
      wanted: wanted.refine((one) => Object.values(one).some((value) => value !== undefined), {
        message: 'say at least one of product, maker, host and feature',
      }),
      mail: z.boolean().default(false),
      webhook: z
        .string()
        .regex(/^[A-Za-z0-9_-]{22}$/)
        .optional(),
    }),
    answer: subscription,
    status: 201,
  }),
  read: route({
    method: 'get',
    path: '/subscriptions/{subscription}',
    id: 'subscription.read',
    summary: 'One of your subscriptions',
    access: 'subscription.keep',
    params: onSubscription,
    answer: subscription,
  }),
  remove: route({
    method: 'delete',
    path: '/subscriptions/{subscription}',
    id: 'subscription.remove',
    summary: 'Ends a subscription',
    access: 'subscription.keep',
    params: onSubscription,
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
