import { type JobHandler, type JobQueue, NoRetry } from '@avow/stores/jobs';
import type { Notice, Notices } from '@avow/stores/notices';
import type { Mailbox, Mailboxes, People, Subscriptions } from '@avow/stores/people';
import { z } from 'zod';
import { fits } from '../notices/publish.ts';
import type { Mailer } from './mailer.ts';
import { confirmText, digestText } from './text.ts';
import type { MailTokens } from './token.ts';

export interface MailJobPorts {
  readonly people: People;
  readonly mailboxes: Mailboxes;
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
  { mailboxes, mailTokens, mailer, url }: MailJobPorts,
  account: string,
  made: number,
): ReturnType<JobHandler> {
  const row = await mailboxes.of(account);
  if (row?.state !== 'asked' || row.made !== made) throw new NoRetry('it was asked anew, or ended');
  const link = `${url}/mail/${mailTokens.token('confirm', account, made)}`;
  await mailer.send({ to: row.email, id: `confirm.${account}.${made}`, ...confirmText(url, link) });
  return {};
}

async function digest(ports: MailJobPorts, account: string, due: number): ReturnType<JobHandler> {
  const { people, mailboxes, notices, mailTokens, mailer, url, now } = ports;
  const row = await mailboxes.of(account);
  if (row?.state !== 'on' || row.due !== due) throw new NoRetry('it was told, or ended');
  // Another address has not said yes.
  if ((await people.account(account))?.email !== row.email) {
    await mailboxes.end(account);
    throw new NoRetry('the account has another address by now');
  }
  const found = await notices.after(row.last, MAX_NOTICES);
  const wanted = await wantedOf(found, row, ports);
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
  await mailboxes.told(row, last, next);
  return {};
}

/** What the mailbox is told anyway, and what one of the account's subscriptions wants. */
async function wantedOf(
  found: readonly Notice[],
  { account, kinds }: Mailbox,
  { subscriptions, notices }: MailJobPorts,
): Promise<readonly Notice[]> {
  const always = JSON.parse(kinds) as readonly string[];
  const mailed = (await subscriptions.of(account)).filter(({ is_mailed }) => is_mailed === 1);
  const tags = [...new Set(mailed.flatMap((one) => JSON.parse(one.tags) as string[]))];
  const tagged = await notices.tagged(
    found.map(({ number }) => number),
    tags,
  );
  return found.filter(
    ({ number, kind }) =>
      always.includes(kind) ||
      mailed.some((one) => fits(one, kind, tagged.get(number) ?? new Set())),
  );
}

const AT_ONCE = 500;

/** Has the digests that are due sent. */
export async function sendDigests({
  mailboxes,
  jobs,
  now,
}: {
  readonly mailboxes: Mailboxes;
  readonly jobs: JobQueue;
  readonly now: () => number;
}): Promise<void> {
  const due = await mailboxes.due(now(), AT_ONCE);
  if (due.length === 0) return;
  await jobs.enqueue(
    due.map((row) => ({
      kind: 'mail',
      key: `digest:${row.account}:${row.due}`,
      data: { digest: row.account, due: row.due },
    })),
  );
}
