import { randomBytes } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Notices, Webhook } from '@avow/stores/notices';
import type { Subscriptions } from '@avow/stores/people';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { type webhook as webhookShape, webhooks } from '../contract/notices.ts';
import { egressUrl } from '../egress/guard.ts';
import { newSecret, type Seal } from './secret.ts';

/** Of one account. */
const MAX_WEBHOOKS = 20;

export interface WebhookPorts {
  readonly notices: Notices;
  readonly subscriptions: Subscriptions;
  readonly seal: Seal;
  readonly now: () => number;
}

export function answerWebhooks(
  api: Api,
  { notices, subscriptions, seal, now }: WebhookPorts,
): void {
  const object = async ({ params }: { params: { webhook: string } }) => {
    const value = await notices.webhook(params.webhook);
    return value && { value, facts: { isPublic: false, owner: value.owner } };
  };
  api.answer(webhooks.list, {
    handle: async ({ identity }) => ({
      items: (await notices.webhooksOf(accountOf(identity)!)).map(shown),
    }),
  });
  api.answer(webhooks.make, {
    handle: async ({ body, identity }) => {
      const owner = accountOf(identity)!;
      const url = egressUrl(body.url).href;
      if ((await notices.webhooksOf(owner)).length >= MAX_WEBHOOKS) {
        throw new Refused('webhook.quota', undefined, `an account has at most ${MAX_WEBHOOKS}`);
      }
      const secret = newSecret();
      const made: Webhook = {
        id: randomBytes(16).toString('base64url'),
        owner,
        url,
        kinds: JSON.stringify([...new Set(body.kinds)]),
        secrets: seal.seal(JSON.stringify([secret])),
        state: 'on',
        failures: 0,
        at: new Date(now()).toISOString(),
      };
      await notices.addWebhook(made);
      return { webhook: shown(made), secret };
    },
  });
  api.answer(webhooks.rotate, {
    object,
    handle: async (_, found) => {
      const [present] = JSON.parse(seal.open(found.secrets)) as string[];
      const secret = newSecret();
      const secrets = seal.seal(JSON.stringify([secret, present]));
      await notices.changeWebhook(found.id, { secrets });
      return { webhook: shown(found), secret };
    },
  });
  api.answer(webhooks.start, {
    object,
    handle: async (_, found) => {
      await notices.changeWebhook(found.id, { state: 'on', failures: 0 });
      return shown({ ...found, state: 'on', failures: 0 });
    },
  });
  api.answer(webhooks.remove, {
    object,
    handle: async (_, { id }) => {
      await notices.removeWebhook(id);
      await subscriptions.removeWebhook(id);
      return undefined;
    },
  });
}

function shown({ id, url, kinds, state, failures, at }: Webhook): z.output<typeof webhookShape> {
  return { id, url, kinds: JSON.parse(kinds), state, failures, at };
}
