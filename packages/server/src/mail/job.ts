import { type JobHandler, type JobQueue, NoRetry } from '@avow/stores/jobs';
import type { Notices } from '@avow/stores/notices';
import type { People, Subscriptions } from '@avow/stores/people';
import { z } from 'zod';
import type { Mailer } from './mailer.ts';
import { confirmText, digestText } from './text.ts';
import type { MailTokens } from './token.ts';

export interface MailJobPorts {
  readonly people: People;
  readonly subscriptions: Subscriptions;
  readonly notices: Notices;
  readonly mailTokens: MailTokens;
  readonly mailer: Mailer;
  /** Where links go. */
  readonly url: string;
  readonly digestHours: number;
  readonly now: () => number;
}

const DATA = z.union([
  z.object({ confirm: z.string(), made: z.number() }),
  z.object({ digest: z.string(), due: z.number() }),
]);

const HOUR_MS = 3_600_000;
/** Of one digest; the rest comes in the next. */
const MAX_NOTICES = 200;

/** Sends one mail. A digest that was sent and not noted goes out again, under the same id. */
export function mailHandler(ports: MailJobPorts): JobHandler {
  return async (job) => {
    const data = DATA.parse(job.data);
    if ('confirm' in data) return confirm(ports, data.confirm, data.made);
    return digest(ports, data.digest, data.due);
  };
}

async function confirm(
  { subscriptions, mailTokens, mailer, url }: MailJobPorts,
  account: string,
  made: number,
): ReturnType<JobHandler> {
  const row = await subscriptions.of(account);
  if (row?.state !== 'asked' || row.made !== made) throw new NoRetry('it was asked anew, or ended');
  const link = `${url}/mail/${mailTokens.token('confirm', account, made)}`;
  await mailer.send({ to: row.email, id: `confirm.${account}.${made}`, ...confirmText(url, link) });
  return {};
}

async function digest(ports: MailJobPorts, account: string, due: number): ReturnType<JobHandler> {
  const { people, subscriptions, notices, mailTokens, mailer, url, now } = ports;
  const row = await subscriptions.of(account);
  if (row?.state !== 'on' || row.due !== due) throw new NoRetry('it was told, or ended');
  // Another address has not said yes.
  if ((await people.account(account))?.email !== row.email) {
    await subscriptions.end(account);
    throw new NoRetry('the account has another address by now');
  }
  const found = await notices.after(row.last, MAX_NOTICES);
  const kinds = JSON.parse(row.kinds) as readonly string[];
  const wanted = found.filter(({ kind }) => kinds.includes(kind));
  const last = found.at(-1)?.number ?? row.last;
  if (wanted.length > 0) {
    const end = `${url}/mail/${mailTokens.token('end', account, row.made)}`;
    const text = digestText(wanted, url, end);
    await mailer.send({
      to: row.email,
      id: `digest.${account}.${last}`,
      unsubscribe: end,
      ...text,
    });
  }
  const isMore = found.length === MAX_NOTICES;
  const next = isMore ? now() : now() + ports.digestHours * HOUR_MS;
  await subscriptions.told(row, last, next);
  return {};
}

const AT_ONCE = 500;

/** Has the digests that are due sent. */
export async function sendDigests({
  subscriptions,
  jobs,
  now,
}: {
  readonly subscriptions: Subscriptions;
  readonly jobs: JobQueue;
  readonly now: () => number;
}): Promise<void> {
  const due = await subscriptions.due(now(), AT_ONCE);
  if (due.length === 0) return;
  await jobs.enqueue(
    due.map((row) => ({
      kind: 'mail',
      key: `digest:${row.account}:${row.due}`,
      data: { digest: row.account, due: row.due },
    })),
  );
}
