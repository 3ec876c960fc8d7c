import { z } from 'zod';
import { digest } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

/** Sizes and numbers of a log are whole, and may pass 2^53: decimal texts, as C2SP writes them. */
const number = z.string().regex(/^(?:0|[1-9]\d{0,17})$/, 'a whole number');
const hash = z.string().describe('32 bytes, base64');
const onEntry = z.strictObject({ entry: number });

const checkpoint = named(
  'Checkpoint',
  z.object({
    origin: z.string(),
    size: number,
    root: hash,
    note: z.string().describe('signed by the log and its witnesses (C2SP tlog-checkpoint)'),
  }),
);

const logged = named(
  'LogEntry',
  z.object({
    index: number,
    digest: digest.describe('of its bytes'),
    bytes: z.string().describe('base64: what the leaf hash is of'),
    entry: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('what it says; absent where it is no entry of ours'),
  }),
);

export const log = {
  checkpoint: route({
    method: 'get',
    path: '/log/checkpoint',
    id: 'log.checkpoint',
    summary: 'The latest checkpoint of the log',
    access: 'service.read',
    answer: checkpoint,
  }),
  entries: route({
    method: 'get',
    path: '/log/entries',
    id: 'log.entries',
    summary: 'Entries of the log, the latest first',
    access: 'service.read',
    query: z.strictObject({
      before: number.optional().describe('`next` of the page before'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      size: number,
      items: z.array(logged),
      next: number.optional().describe('for `before`; absent on the last page'),
    }),
  }),
  entry: route({
    method: 'get',
    path: '/log/entries/{entry}',
    id: 'log.entry',
    summary: 'One entry, with the proof that it is in the log (RFC 6962, 2.1.1)',
    access: 'service.read',
    params: onEntry,
    answer: logged.extend({
      leaf: hash,
      proof: z.array(hash).describe('from the leaf up to the root of the checkpoint'),
      checkpoint,
    }),
  }),
  proof: route({
    method: 'get',
    path: '/log/entries/{entry}/proof',
    id: 'log.proof',
    summary: 'The same as a file that needs nothing else (C2SP tlog-proof)',
    access: 'service.read',
    params: onEntry,
    answer: 'text/plain; charset=utf-8',
  }),
  consistency: route({
    method: 'get',
    path: '/log/consistency',
    id: 'log.consistency',
    summary: 'That the log of one size begins with the log of another (RFC 6962, 2.1.2)',
    access: 'service.read',
    query: z.strictObject({
      from: number.describe('size that is known'),
      to: number.optional().describe('absent: of the latest checkpoint'),
    }),
    answer: z.object({
      from: z.object({ size: number, root: hash }),
      to: z.object({ size: number, root: hash }),
      proof: z.array(hash),
      checkpoint,
    }),
  }),
};
