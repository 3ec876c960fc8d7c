import { z } from 'zod';
import { typed } from './common.ts';
import { job } from './jobs.ts';
import { route } from './route.ts';

const number = z
  .number()
  .int()
  .min(1)
  .max(2 ** 53 - 1);

export const diffs = {
  ask: route({
    method: 'post',
    path: '/diffs',
    id: 'diff.ask',
    summary: 'Has two releases or two updates compared; its job tells where what changed is read',
    access: 'examination.create',
    body: z.union([
      z.strictObject({ release: number, since: number.describe('the other release') }),
      z.strictObject({ update: number, before: number.describe('the other update') }),
    ]),
    answer: job,
    status: 202,
    rate: 'costly',
  }),
};

export const rechecks = {
  ask: route({
    method: 'post',
    path: '/rechecks',
    id: 'recheck.ask',
    summary: 'Has the re-check of a receipt made anew; its job tells what is not the same',
    access: 'examination.create',
    body: z.strictObject({
      receipt: typed(500_000).min(2).describe('as `/cases/{case}/receipts/{digest}` gives it'),
    }),
    answer: job,
    status: 202,
    rate: 'costly',
  }),
};
