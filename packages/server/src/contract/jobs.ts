import { z } from 'zod';
import { pageOf, paging, time, typed } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const onJob = z.strictObject({ job: z.uuid() });

export const job = named(
  'Job',
  z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    attempt: z.number().int(),
    created: time,
    ended: time.optional(),
    progress: z.object({ says: z.string() }).optional(),
    release: z.number().int().optional().describe('what it examined'),
    where: z.string().optional().describe('of a comparison: where it is read'),
    recheck: z
      .object({
        outcome: z.string(),
        differences: z.array(z.string()).describe('none: it is the same to the byte'),
      })
      .optional()
      .describe('of a receipt that was checked anew'),
    why: z.string().optional(),
  }),
);

export const jobs = {
  list: route({
    method: 'get',
    path: '/jobs',
    id: 'job.list',
    summary: 'Jobs, the newest first',
    access: 'job.list',
    query: z.strictObject({
      kind: z.string().max(40).optional(),
      state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']).optional(),
      ...paging,
    }),
    answer: pageOf(job),
  }),
  read: route({
    method: 'get',
    path: '/jobs/{job}',
    id: 'job.read',
    summary: 'One job',
    access: 'job.read',
    params: onJob,
    answer: job,
  }),
  events: route({
    method: 'get',
    path: '/jobs/{job}/events',
    id: 'job.events',
    summary: 'A job as it goes on, until it ends: server-sent events',
    access: 'job.read',
    params: onJob,
    answer: 'text/event-stream',
  }),
  stop: route({
    method: 'post',
    path: '/jobs/{job}/stop',
    id: 'job.stop',
    summary: 'Stops a job',
    access: 'job.stop',
    params: onJob,
  }),
  examine: route({
    method: 'post',
    path: '/examinations',
    id: 'examination.create',
    summary: 'Has a release of a registry fetched and examined',
    access: 'examination.create',
    body: z.strictObject({
      spec: typed(300).regex(
        /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@[\w.+-]+|deb:[a-z0-9.+-]+=[\w.+:~-]+)$/,
        'npm:NAME@VERSION or deb:NAME=VERSION',
      ),
    }),
    answer: job,
    status: 202,
    rate: 'costly',
  }),
};
