import type { z } from 'zod';
import { type job as jobShape, jobs } from '../contract/jobs.ts';
import type { Client } from './client.ts';

type Job = z.output<typeof jobShape>;

/** A job until it has ended; told what it says on the way. */
export async function followJob(
  client: Client,
  id: string,
  tell: (says: string) => void,
): Promise<Job> {
  const response = await client.send(jobs.events, { params: { job: id } }, {});
  let last: Job | undefined;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    rest += decoder.decode(part, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      last = JSON.parse(data) as Job;
      if (last.progress !== undefined) tell(last.progress.says);
    }
  }
  // A stream that was cut off says less than the service knows.
  if (last?.ended !== undefined) return last;
  return client.call(jobs.read, { params: { job: id } });
}
