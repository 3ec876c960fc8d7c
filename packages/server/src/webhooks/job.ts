import { type JobHandler, NoRetry } from '@avow/stores/jobs';
import type { Notices } from '@avow/stores/notices';
import { z } from 'zod';
import type { EgressPort } from '../egress/send.ts';
import { type Seal, signedHeaders } from './secret.ts';

export interface DeliveryPorts {
  readonly notices: Notices;
  readonly egress: EgressPort;
  readonly seal: Seal;
  readonly now: () => number;
}

const DATA = z.object({ notice: z.number(), webhook: z.string() });

/** Failed attempts in a row after which a webhook is turned off: two messages that nobody ever took. */
const MAX_FAILURES = 20;
/** The receiver says that it is no more (Standard Webhooks, "Delivery"). */
const GONE = 410;

/** One message to one webhook; what is not taken is tried again, later and later. */
export function deliveryHandler({ notices, egress, seal, now }: DeliveryPorts): JobHandler {
  return async (job) => {
    const data = DATA.parse(job.data);
    const [webhook, notice] = [
      await notices.webhook(data.webhook),
      await notices.read(data.notice),
    ];
    if (webhook?.state !== 'on' || notice === undefined) throw new NoRetry('it is off by now');
    const body = JSON.stringify({
      type: notice.kind,
      timestamp: notice.at,
      data: JSON.parse(notice.data),
    });
    const secrets = JSON.parse(seal.open(webhook.secrets)) as string[];
    // The id is the message's, the same at each attempt: receivers know by it what they have.
    const id = `msg_${data.notice}_${webhook.id}`;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Avow-Webhooks/1',
      ...signedHeaders(id, Math.floor(now() / 1000), body, secrets),
    };
    try {
      const { status } = await egress.send({ url: webhook.url, headers, body });
      if (status < 200 || status > 299) throw new DeliveryFailed(status);
      if (webhook.failures > 0) await notices.changeWebhook(webhook.id, { failures: 0 });
      return { result: { status } };
    } catch (error) {
      const isGone = error instanceof DeliveryFailed && error.status === GONE;
      const failures = webhook.failures + 1;
      const isOff = isGone || failures >= MAX_FAILURES;
      await notices.changeWebhook(webhook.id, { failures, ...(isOff ? { state: 'off' } : {}) });
      const isRefused = error instanceof Error && error.name === 'Refused';
      if (isOff || isRefused) throw new NoRetry((error as Error).message);
      throw error;
    }
  };
}

class DeliveryFailed extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the receiver answered ${status}`);
    this.status = status;
  }
}
