import { randomBytes } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Subscription, Subscriptions } from '@avow/stores/people';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { given } from '../catalogue/shown.ts';
import { subscriptions as routes, type subscription as shape } from '../contract/notices.ts';
import { askMailbox, type MailPorts } from '../mail/routes.ts';
import type { NoticeKind } from '../notices/publish.ts';
import { tagsWanted, wantedBy } from '../notices/tags.ts';
import { feedsOf } from './feeds.ts';

/** Of one account: each is looked at with every notice. */
const MAX_SUBSCRIPTIONS = 200;

export interface SubscriptionPorts extends MailPorts {
  readonly subscriptions: Subscriptions;
}

/** What someone wants to hear of, and how they are told. */
export function answerSubscriptions(api: Api, ports: SubscriptionPorts): void {
  const { subscriptions, notices, url, now } = ports;
  const object = async ({ params }: { params: { subscription: string } }) => {
    const value = await subscriptions.read(params.subscription);
    return value && { value, facts: { isPublic: false, owner: value.account } };
  };
  api.answer(routes.list, {
    handle: async ({ identity }) => ({
      items: (await subscriptions.of(accountOf(identity)!)).map((row) => shown(row, url)),
    }),
  });
  api.answer(routes.make, {
    handle: async ({ body: { kinds, wanted, mail, webhook }, identity }) => {
      const account = accountOf(identity)!;
      if ((await subscriptions.of(account)).length >= MAX_SUBSCRIPTIONS) {
        throw new Refused(
          'subscription.quota',
          undefined,
          `an account has at most ${MAX_SUBSCRIPTIONS}`,
        );
      }
      if (webhook !== undefined && (await notices.webhook(webhook))?.owner !== account) {
        throw new Refused('request.absent', undefined, 'you have no such webhook');
      }
      if (mail) await askMailbox(ports, account);
      const row: Subscription = {
        id: randomBytes(16).toString('base64url'),
        account,
        kinds: JSON.stringify([...new Set(kinds)]),
        tags: JSON.stringify(tagsWanted(wanted)),
        is_mailed: mail ? 1 : 0,
        webhook: webhook ?? null,
        created: now(),
      };
      await subscriptions.add(row);
      return shown(row, url);
    },
  });
  api.answer(routes.read, { object, handle: async (_, row) => shown(row, url) });
  api.answer(routes.remove, {
    object,
    handle: async (_, { id }) => {
      await subscriptions.remove(id);
      return undefined;
    },
  });
}

function shown(row: Subscription, url: string): z.output<typeof shape> {
  const kinds = JSON.parse(row.kinds) as NoticeKind[];
  const wanted = wantedBy(JSON.parse(row.tags) as string[]);
  return {
    id: row.id,
    kinds,
    wanted,
    mail: row.is_mailed === 1,
    ...given('webhook', row.webhook ?? undefined),
    feeds: feedsOf(wanted, kinds, url),
    at: new Date(row.created).toISOString(),
  };
}
