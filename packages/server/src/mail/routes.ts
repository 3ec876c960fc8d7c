import { Refused } from '@avow/bytes';
import type { JobQueue } from '@avow/stores/jobs';
import type { Notices } from '@avow/stores/notices';
import type { Mailbox, Mailboxes } from '@avow/stores/people';
import type { z } from 'zod';
import { type Api, absent } from '../app/api.ts';
import type { App } from '../app/env.ts';
import { mail as routes, type mailbox as shape } from '../contract/mail.ts';
import { ownOf, type PeoplePorts } from '../people/ports.ts';
import type { MailTokens } from './token.ts';

export interface MailPorts extends PeoplePorts {
  readonly mailboxes: Mailboxes;
  readonly notices: Notices;
  readonly jobs: JobQueue;
  readonly mailTokens: MailTokens;
  /** Mail goes out: a server for it is configured. */
  readonly hasMail: boolean;
  readonly digestHours: number;
}

const HOUR_MS = 3_600_000;

/** One's own subscription: the address is asked first, so that nobody has mail sent to another. */
export function answerMail(api: Api, ports: MailPorts): void {
  const { mailboxes } = ports;
  api.answer(routes.read, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      const row = await mailboxes.of(account.id);
      if (row === undefined) throw absent();
      return shown(row);
    },
  });
  api.answer(routes.ask, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      return shown(await askMailbox(ports, account.id, [...new Set(call.body.kinds)]));
    },
  });
  api.answer(routes.end, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      await mailboxes.end(account.id);
      return undefined;
    },
  });
}

/**
 * An account's mailbox, which is asked first where it is not known; `kinds`
 * undefined leaves what it is told of everything. Refuses `mail.none`, `mail.address`.
 */
export async function askMailbox(
  { people, mailboxes, notices, jobs, hasMail, now }: Omit<MailPorts, 'sessions' | 'url' | 'title'>,
  id: string,
  kinds?: readonly string[],
): Promise<Mailbox> {
  if (!hasMail) throw new Refused('mail.none', undefined, 'this service sends no mail');
  const email = (await people.account(id))?.email ?? null;
  if (email === null) {
    throw new Refused('mail.address', undefined, 'your account has no address for mail');
  }
  const before = await mailboxes.of(id);
  const isKnown = before?.email === email;
  if (isKnown && kinds === undefined) return before;
  const wanted = JSON.stringify(kinds ?? JSON.parse(before?.kinds ?? '[]'));
  const isOn = isKnown && before.state === 'on';
  const row: Mailbox = isOn
    ? { ...before, kinds: wanted }
    : {
        account: id,
        email,
        kinds: wanted,
        state: 'asked',
        made: now(),
        last: await notices.last(),
        due: 0,
      };
  await mailboxes.put(row);
  if (!isOn) {
    const key = `confirm:${id}:${row.made}`;
    await jobs.enqueue([{ kind: 'mail', key, data: { confirm: id, made: row.made } }]);
  }
  return row;
}

/**
 * The links in mails. Following one changes nothing, for programs that guard
 * mailboxes follow them too: a button does, or a mail program's POST (RFC 8058).
 */
export function mountMail(app: App, ports: MailPorts): void {
  const { mailboxes, mailTokens, now } = ports;
  app.get('/mail/:token', (context) => {
    context.set('route', '/mail/{token}');
    const read = mailTokens.read(context.req.param('token'));
    if (read === undefined) return context.notFound();
    const asks = read.does === 'end' ? 'No more mail?' : 'Have digests sent to this address?';
    return context.html(
      page(asks, '<form method="post"><button>Yes</button></form>'),
      200,
      HEADERS,
    );
  });
  app.post('/mail/:token', async (context) => {
    context.set('route', '/mail/{token}');
    const read = mailTokens.read(context.req.param('token'));
    if (read === undefined) return context.notFound();
    if (read.does === 'end') {
      await mailboxes.end(read.account);
      return context.html(page('No more mail comes.', ''), 200, HEADERS);
    }
    const due = now() + ports.digestHours * HOUR_MS;
    const isConfirmed = await mailboxes.confirm(read.account, read.made, due);
    const says = isConfirmed
      ? 'Digests will come.'
      : 'This link has done its work, or another was sent since.';
    return context.html(page(says, ''), 200, HEADERS);
  });
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

function page(says: string, more: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Avow</title><h1>${says}</h1>${more}</html>`;
}

function shown({ email, kinds, state, made }: Mailbox): z.output<typeof shape> {
  return { email, kinds: JSON.parse(kinds), state, at: new Date(made).toISOString() };
}
