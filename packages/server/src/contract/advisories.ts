import { z } from 'zod';
import { time } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

export const advisory = named(
  'Advisory',
  z.object({
    id: z.string(),
    title: z.string(),
    outcome: z.string(),
    target: z.string(),
    locator: z.string(),
    said: z.string(),
    summary: z.string(),
    published: time,
    updated: time,
    csaf: z.string().describe('path of the CSAF document'),
  }),
);

export const advisories = {
  list: route({
    method: 'get',
    path: '/advisories',
    id: 'advisory.list',
    summary: 'Published verdicts',
    access: 'service.read',
    answer: z.object({ items: z.array(advisory) }),
  }),
  csaf: route({
    method: 'get',
    path: '/advisories/{advisory}',
    id: 'advisory.csaf',
    summary: 'One as a CSAF 2.0 document',
    access: 'service.read',
    params: z.strictObject({ advisory: z.string().regex(/^[a-z0-9-]{1,60}$/) }),
    answer: 'application/json; charset=utf-8',
  }),
};
