import { randomBytes } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Draft, Drafts } from '@avow/stores/people';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { drafts as routes, type draft as shape } from '../contract/drafts.ts';
import type { Seal } from '../webhooks/secret.ts';

/** Of one account: it is a desk, no archive. */
const MAX_DRAFTS = 50;
/** Of a draft in a list. */
const MAX_START = 120;
const DAY_MS = 86_400_000;
/** A draft that nobody wrote to for half a year is dropped. */
const FORGET_MS = 180 * DAY_MS;

export interface DraftPorts {
  readonly drafts: Drafts;
  /** What is not said yet is read in no backup. */
  readonly seal: Seal;
  readonly now: () => number;
}

/** Claims that are being written: seen by who writes them, and nobody else. */
export function answerDrafts(api: Api, { drafts, seal, now }: DraftPorts): void {
  const object = async ({ params }: { params: { draft: string } }) => {
    const value = await drafts.read(params.draft);
    return value && { value, facts: { isPublic: false, owner: value.account } };
  };
  const shown = (row: Draft): z.output<typeof shape> => ({
    ...headOf(row),
    text: seal.open(row.text),
  });
  api.answer(routes.list, {
    handle: async ({ identity }) => ({
      items: (await drafts.of(accountOf(identity)!)).map((row) => ({
        ...headOf(row),
        starts: startOf(seal.open(row.text)),
      })),
    }),
  });
  api.answer(routes.make, {
    handle: async ({ body, identity }) => {
      const account = accountOf(identity)!;
      if ((await drafts.of(account)).length >= MAX_DRAFTS) {
        throw new Refused('draft.quota', undefined, `an account has at most ${MAX_DRAFTS}`);
      }
      const id = randomBytes(16).toString('base64url');
      const text = seal.seal(body.text);
      const row: Draft = { id, account, text, created: now(), changed: now() };
      await drafts.add(row);
      return shown(row);
    },
  });
  api.answer(routes.read, { object, handle: async (_, row) => shown(row) });
  api.answer(routes.change, {
    object,
    handle: async ({ body }, row) => {
      // Later than what is there, though the clock was set back.
      const changed = Math.max(now(), row.changed + 1);
      const seen = body.seen === undefined ? row.changed : Date.parse(body.seen);
      const text = seal.seal(body.text);
      if (seen !== row.changed || !(await drafts.change(row.id, text, changed, seen))) {
        throw new Refused('draft.changed', undefined, 'it was changed elsewhere since it was read');
      }
      return shown({ ...row, text, changed });
    },
  });
  api.answer(routes.remove, {
    object,
    handle: async (_, { id }) => {
      await drafts.remove(id);
      return undefined;
    },
  });
}

/** Drops what was left lying. */
export async function forgetDrafts({
  drafts,
  now,
}: Pick<DraftPorts, 'drafts' | 'now'>): Promise<void> {
  await drafts.forget(now() - FORGET_MS);
}

function headOf({ id, created, changed }: Draft) {
  return { id, at: new Date(created).toISOString(), changed: new Date(changed).toISOString() };
}

function startOf(text: string): string {
  return text.slice(0, MAX_START).toWellFormed().replaceAll(/\s+/g, ' ').trim();
}
