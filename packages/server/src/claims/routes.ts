import { type Digest, Refused, utf8Bytes } from '@avow/bytes';
import type { Actor } from '@avow/docket';
import type { Moderations } from '@avow/stores/standing';
import type { z } from 'zod';
import { accountOf, type Identity } from '../access/identity.ts';
import { hasRole } from '../access/may.ts';
import type { Api } from '../app/api.ts';
import { given } from '../catalogue/shown.ts';
import { claims, type message as messageShape, receipts } from '../contract/claims.ts';
import { textAndHidden } from '../moderation/routes.ts';
import { hashOfCode } from './code.ts';
import { complete, handIn } from './hand-in.ts';
import { claimOf, type DocketPorts, isOpenTo, isStaffOf, textOf } from './port.ts';
import { shownClaim } from './shown.ts';

const SYSTEM: Actor = { name: 'avow', role: 'system' };

export interface ClaimPorts extends DocketPorts {
  readonly moderations: Moderations;
}

/** Claims of people with accounts, and of whoever has a receipt code. */
export function answerClaims(api: Api, ports: ClaimPorts): void {
  const object = async ({ params }: { params: { claim: string } }) => claimOf(ports, params.claim);
  api.answer(claims.work, { handle: async () => ports.works.challenge() });
  api.answer(claims.make, {
    handle: async ({ body, identity, request }) => {
      const account = accountOf(identity);
      if (account === undefined) await ports.works.take(body.work);
      const name = body.name ?? (identity.kind === 'anonymous' ? 'anonymous' : identity.name);
      const made = await handIn(ports, { text: body.text, name, account }, request.signal);
      return { claim: await shown(ports, made.id, true), ...given('code', made.code) };
    },
  });
  api.answer(claims.list, {
    handle: async ({ query: { state, after, limit }, identity }) => {
      if (isStaffOf(identity)) return listOfStaff(ports, state, after, limit);
      const page = await ports.standing.seenBy('claim', accountOf(identity), [], { after, limit });
      const items = await Promise.all(
        page.rows.map(async ({ subject }) => {
          const { value, facts } = (await claimOf(ports, subject))!;
          return shownClaim(value.claim, value.events, isOpenTo(identity, facts));
        }),
      );
      const wanted = items.filter((one) => state === undefined || one.state === state);
      return { items: wanted, ...given('next', page.next) };
    },
  });
  api.answer(claims.read, {
    object: async ({ params, identity }) => {
      const loaded = await claimOf(ports, params.claim);
      return loaded && { facts: loaded.facts, value: isOpenTo(identity, loaded.facts) };
    },
    handle: async ({ params }, isOpen) => shown(ports, params.claim, isOpen),
  });
  api.answer(claims.text, {
    object,
    handle: async (_, { claim }) => ({ text: await textOf(ports, claim.texts.at(-1)!) }),
  });
  api.answer(claims.complete, {
    object,
    handle: async ({ body, identity, request }, { claim }) => {
      await complete(ports, claim, body.text, accountOf(identity), request.signal);
      return shown(ports, claim.id, true);
    },
  });
  api.answer(claims.withdraw, {
    object,
    handle: async (_, { claim }) => withdraw(ports, claim.id),
  });
  answerStaff(api, ports);
  answerReceipts(api, ports);
}

/** What staff do to claims. */
function answerStaff(api: Api, ports: ClaimPorts): void {
  const object = async ({ params }: { params: { claim: string } }) => claimOf(ports, params.claim);
  api.answer(claims.accept, {
    object,
    handle: async ({ identity }, { claim }) => {
      await ports.docket.accept(claim.id, actorOf(identity));
      return shown(ports, claim.id, true);
    },
  });
  api.answer(claims.defer, {
    object,
    handle: async ({ body, identity }, { claim }) => {
      await ports.docket.act(claim.id, 'defer', actorOf(identity), { reason: body.reason });
      return shown(ports, claim.id, true);
    },
  });
  api.answer(claims.dismiss, {
    object,
    handle: async ({ body, identity }, { claim }) => {
      await ports.docket.act(claim.id, 'dismiss', actorOf(identity), { reasons: body.reasons });
      return shown(ports, claim.id, true);
    },
  });
  api.answer(claims.messages, {
    object,
    handle: async ({ query, identity }, { claim }) => {
      const page = await ports.standing.messages(claim.id, query);
      const items = await messagesOf(ports, claim.id, page.rows, isStaffOf(identity));
      return { items, ...given('next', page.next) };
    },
  });
  api.answer(claims.write, {
    object,
    handle: async ({ body, identity }, { claim }) => {
      const isStaff = isStaffOf(identity);
      const name = identity.kind === 'anonymous' ? '' : identity.name;
      await write(ports, claim.id, body.text, isStaff ? name : '', isStaff);
      return {};
    },
  });
}

/** The same for whoever has the code; every request with a wrong one costs as much as it may. */
function answerReceipts(api: Api, ports: ClaimPorts): void {
  const subjectOf = async (code: string): Promise<string> => {
    const subject = await ports.standing.subjectOf(hashOfCode(code));
    if (subject === undefined)
      throw new Refused('receipt.wrong', undefined, 'no claim has this code');
    return subject;
  };
  api.answer(receipts.read, {
    handle: async ({ body }) => {
      const subject = await subjectOf(body.code);
      const { rows } = await ports.standing.messages(subject, { limit: 200 });
      const { texts } = await ports.docket.claim(subject);
      const [claim, messages, text] = await Promise.all([
        shown(ports, subject, true),
        messagesOf(ports, subject, rows, false),
        textOf(ports, texts.at(-1)!),
      ]);
      return { claim, messages, text };
    },
  });
  api.answer(receipts.complete, {
    handle: async ({ body, request }) => {
      const claim = await ports.docket.claim(await subjectOf(body.code));
      await complete(ports, claim, body.text, undefined, request.signal);
      return shown(ports, claim.id, true);
    },
  });
  api.answer(receipts.withdraw, {
    handle: async ({ body }) => withdraw(ports, await subjectOf(body.code)),
  });
  api.answer(receipts.write, {
    handle: async ({ body }) => {
      await write(ports, await subjectOf(body.code), body.text, '', false);
      return {};
    },
  });
}

async function shown(ports: DocketPorts, id: string, isOpen: boolean) {
  const { value } = (await claimOf(ports, id))!;
  return shownClaim(value.claim, value.events, isOpen);
}

async function listOfStaff(
  ports: DocketPorts,
  state: string | undefined,
  after: string | undefined,
  limit: number,
) {
  const rows = await ports.store.list({
    kind: 'claim',
    limit: limit + 1,
    ...given('state', state),
    ...given('after', after === undefined ? undefined : subjectIn(after, 'claim')),
  });
  const items = rows.slice(0, limit).map(({ subject }) => shown(ports, subject, true));
  const next = rows.length > limit ? rows[limit - 1]!.subject : undefined;
  return { items: await Promise.all(items), ...given('next', next) };
}

/** A cursor of the docket's own lists is a subject. */
export function subjectIn(after: string, kind: 'claim' | 'case'): string {
  if (new RegExp(`^${kind}-[1-9]\\d{0,14}$`).test(after)) return after;
  throw new Refused('request.cursor', undefined, 'this list has no such page');
}

async function withdraw(ports: DocketPorts, id: string) {
  const claim = await ports.docket.claim(id);
  const found = claim.case === undefined ? undefined : await ports.docket.case(claim.case);
  const isPublished = /^(?:published|corrected|superseded|withdrawn)$/.test(found?.state ?? '');
  const actor: Actor = { name: claim.claimant, role: 'claimant' };
  await ports.docket.act(id, 'withdraw', actor, { isPublished });
  return shown(ports, id, true);
}

async function write(
  ports: DocketPorts,
  subject: string,
  text: string,
  name: string,
  isStaff: boolean,
): Promise<void> {
  await ports.standing.addMessage({
    subject,
    by_name: name,
    is_staff: isStaff ? 1 : 0,
    text: await ports.objects.keep(utf8Bytes(text)),
    at: new Date(ports.now()).toISOString(),
  });
}

async function messagesOf(
  ports: ClaimPorts,
  subject: string,
  rows: readonly { number: number; by_name: string; is_staff: number; text: string; at: string }[],
  isStaff: boolean,
): Promise<z.output<typeof messageShape>[]> {
  const hidden = await ports.moderations.hidden(subject);
  return Promise.all(
    rows.map(async ({ number, by_name, is_staff, text, at }) => {
      const bytes = await ports.objects.read(text as Digest);
      return {
        number,
        by: is_staff === 1 ? ('staff' as const) : ('claimant' as const),
        ...given('name', by_name === '' ? undefined : by_name),
        ...textAndHidden(
          bytes === undefined ? '' : Buffer.from(bytes).toString('utf8'),
          hidden.get(number),
          isStaff,
        ),
        at,
      };
    }),
  );
}

/** Staff act in the docket as the highest that they are. */
export function actorOf(identity: Identity): Actor {
  if (identity.kind === 'anonymous') return SYSTEM;
  const role = hasRole(identity, 'lead') ? 'lead' : 'investigator';
  return { name: identity.name, role };
}
