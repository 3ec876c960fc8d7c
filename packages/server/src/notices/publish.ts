import type { JobQueue } from '@avow/stores/jobs';
import type { Notices } from '@avow/stores/notices';
import type { z } from 'zod';
import type { NOTICE_KINDS } from '../contract/notices.ts';

export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface NoticePorts {
  readonly notices: Notices;
  readonly jobs: JobQueue;
  readonly now: () => number;
}

/** Tells followers and webhooks of something that is public by now; `data` holds nothing that is not. */
export async function tellAll(
  { notices, jobs, now }: NoticePorts,
  kind: NoticeKind,
  data: Readonly<Record<string, z.core.util.JSONType>>,
): Promise<void> {
  const at = new Date(now()).toISOString();
  const number = await notices.add({ kind, at, data: JSON.stringify(data) });
  const wanted = (await notices.webhooksOf(undefined)).filter(
    (one) => one.state === 'on' && (JSON.parse(one.kinds) as string[]).includes(kind),
  );
  if (wanted.length === 0) return;
  await jobs.enqueue(
    wanted.map(({ id }) => ({
      kind: 'deliver',
      key: `${number}:${id}`,
      data: { notice: number, webhook: id },
    })),
  );
}
