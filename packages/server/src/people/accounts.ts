import { Refused } from '@avow/bytes';
import type { Notices } from '@avow/stores/notices';
import type { Account, Draft } from '@avow/stores/people';
import type { Standing } from '@avow/stores/standing';
import type { Uploads } from '@avow/stores/uploads';
import type { Api } from '../app/api.ts';
import { Reply } from '../app/call.ts';
import { people as routes } from '../contract/people.ts';
import type { Seal } from '../webhooks/secret.ts';
import { displayName, nameKey } from './name.ts';
import { hashPassword } from './password.ts';
import { freshOf, ownOf, type PeoplePorts, signedIn, viewOf } from './ports.ts';
import { newId } from './secret.ts';

/** Where more is kept about a person than who they are. */
export interface AccountPorts extends PeoplePorts {
  readonly notices: Notices;
  readonly uploads: Uploads;
  readonly standing: Standing;
  readonly seal: Seal;
}

/** Making, changing and leaving an account. */
export function answerAccounts(api: Api, ports: AccountPorts): void {
  const { people, now } = ports;
  api.answer(routes.register, {
    handle: async ({ body, request }) => {
      assertStrong(body.password, body.name);
      const password = await hashPassword(body.password);
      const account = await addAccount(ports, body.name, { password, email: body.email ?? null });
      return signedIn(ports, account, false, request);
    },
  });
  api.answer(routes.read, {
    handle: async (call) => {
      const { account, session } = await ownOf(ports, call);
      return viewOf(ports, account, session);
    },
  });
  api.answer(routes.change, {
    handle: async (call) => {
      const { account, session } = await freshOf(ports, call);
      const { password, email } = call.body;
      if (password !== undefined) {
        assertStrong(password, account.name);
        await people.change(account.id, { password: await hashPassword(password) });
        await people.endSessions(account.id, { butDigest: session.digest });
      }
      if (email !== undefined) await people.change(account.id, { email });
      return undefined;
    },
  });
  api.answer(routes.data, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      return readable(await keptAbout(ports, account.id));
    },
  });
  api.answer(routes.remove, {
    handle: async (call) => {
      const { account } = await freshOf(ports, call);
      await ports.notices.removeWebhooksOf(account.id);
      await people.removeAccount(account.id);
      await people.forget(now());
      return new Reply(undefined as never, { 'set-cookie': ports.sessions.goneCookie });
    },
  });
}

/** Refuses `account.taken`: names are shown to everyone, so that one is taken is no secret. */
export async function addAccount(
  { people, now }: PeoplePorts,
  typed: string,
  values: Pick<Account, 'password' | 'email'>,
): Promise<Account> {
  const name = displayName(typed);
  const id = newId();
  const isNew = await people.addAccount({
    id,
    name,
    name_key: nameKey(name),
    created: now(),
    ...values,
  });
  if (!isNew) throw new Refused('account.taken', undefined, 'another account has this name');
  return (await people.account(id))!;
}

/** Passwords that come first in every list of them, beyond what ten letters rule out. */
const COMMON =
  /^(?:(.)\1*|(?:password|qwerty\w*|letmein|iloveyou|administrator|welcome|1234567890?)[\d!.]*)$/i;

/** Refuses `account.password`. */
function assertStrong(password: string, name: string): void {
  const isName = nameKey(password).includes(nameKey(name)) && password.length < name.length + 6;
  if (isName || COMMON.test(password)) {
    throw new Refused(
      'account.password',
      undefined,
      'this password is one of the first to be tried',
    );
  }
}

/** All that is kept about someone, wherever it is; drafts as they were written. */
async function keptAbout({ people, notices, uploads, standing, seal }: AccountPorts, id: string) {
  const [own, webhooks, handedIn, docket] = await Promise.all([
    people.personalData(id),
    notices.webhooksOf(id),
    uploads.of(id),
    standing.ofAccount(id),
  ]);
  const drafts = own?.drafts.map((one: Draft) => ({ ...one, text: seal.open(one.text) }));
  return {
    ...own,
    drafts,
    webhooks: webhooks.map(({ secrets: _, ...one }) => one),
    uploads: handedIn,
    docket,
  };
}

/** Everything that is kept, but for what would let a reader sign in. */
function readable(data: unknown): Record<string, unknown> {
  const hidden = new Set(['password', 'totp', 'digest', 'name_key']);
  return JSON.parse(JSON.stringify(data, (key, value) => (hidden.has(key) ? undefined : value)));
}
