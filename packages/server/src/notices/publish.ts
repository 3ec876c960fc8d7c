import { digestOf } from '@avow/bytes';
import type { Case } from '@avow/docket';
import type { JobQueue } from '@avow/stores/jobs';
import type { Notices, Webhook } from '@avow/stores/notices';
import type { Subscriptions } from '@avow/stores/people';
import type { z } from 'zod';
import type { NOTICE_KINDS } from '../contract/notices.ts';
import { type Tag, type TagPorts, tagsOfCase } from './tags.ts';

export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface NoticePorts {
  readonly notices: Notices;
  readonly subscriptions: Subscriptions;
  readonly jobs: JobQueue;
  readonly now: () => number;
}

/** Webhooks that are looked at at once. */
const CHUNK = 500;

/**
 * Tells followers, webhooks and, later, mailboxes of something that is public by
 * now; `data` holds nothing that is not. The same of one kind is told once,
 * however often a job comes here.
 */
export async function tellAll(
  { notices, subscriptions, jobs, now }: NoticePorts,
  kind: NoticeKind,
  data: Readonly<Record<string, z.core.util.JSONType>>,
  tags: readonly Tag[] = [],
): Promise<void> {
  const at = new Date(now()).toISOString();
  const text = JSON.stringify(data);
  const key = `${kind}:${digestOf(text)}`;
  const number = await notices.add({ kind, at, data: text, key, tags });
  const has = new Set<string>(tags);
  for (let after = ''; ; ) {
    const on = await notices.webhooksOn(after, CHUNK);
    const wanting = await wantingOf(on, kind, has, subscriptions);
    if (wanting.length > 0) {
      await jobs.enqueue(
        wanting.map(({ id }) => ({
          kind: 'deliver',
          key: `${number}:${id}`,
          data: { notice: number, webhook: id },
        })),
      );
    }
    if (on.length < CHUNK) return;
    after = on.at(-1)!.id;
  }
}

/** Tells of a case whose advisory is new, or another than it was. */
export async function tellOf(
  { id, state, target, locator, said, revisions }: Case,
  ports: NoticePorts & TagPorts,
): Promise<void> {
  const data = { case: id, state, target, locator, said, revision: revisions.length };
  const kind = revisions.length === 1 ? 'advisory.published' : 'advisory.changed';
  await tellAll(ports, kind, data, await tagsOfCase({ target, locator, said }, ports));
}

/** Those that want everything of the kind, and those with a subscription that this fits. */
async function wantingOf(
  webhooks: readonly Webhook[],
  kind: NoticeKind,
  tags: ReadonlySet<string>,
  subscriptions: Subscriptions,
): Promise<readonly Webhook[]> {
  const rows = await subscriptions.ofWebhooks(webhooks.map(({ id }) => id));
  const fitting = rows.filter((row) => fits(row, kind, tags)).map(({ webhook }) => webhook);
  return webhooks.filter(({ id, kinds }) => isOf(kinds, kind) || fitting.includes(id));
}

/** Whether a subscription wants what is of this kind and has these tags. */
export function fits(
  { kinds, tags }: { readonly kinds: string; readonly tags: string },
  kind: string,
  has: ReadonlySet<string>,
): boolean {
  return isOf(kinds, kind) && (JSON.parse(tags) as string[]).every((tag) => has.has(tag));
}

function isOf(kinds: string, kind: string): boolean {
  return (JSON.parse(kinds) as string[]).includes(kind);
}
