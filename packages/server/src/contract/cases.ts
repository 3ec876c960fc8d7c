import { z } from 'zod';
import { digest, pageOf, paging, time, typed, word } from './common.ts';
import { job } from './jobs.ts';
import { hidden } from './moderation.ts';
import { named } from './named.ts';
import { route } from './route.ts';

export const caseId = z.string().regex(/^case-[1-9]\d{0,14}$/);
const onCase = z.strictObject({ case: caseId });
const locator = typed(2_000).min(1);

export const OUTCOMES = [
  'undeclared',
  'contradicts',
  'declared',
  'absent',
  'unreachable',
  'unknown',
] as const;

export const caseShape = named(
  'Case',
  z.object({
    id: caseId,
    state: word,
    locator: z.string(),
    said: z.string(),
    target: z.string(),
    product: digest.optional(),
    claims: z.array(z.string()).optional().describe('for staff'),
    parties: z.array(z.object({ name: z.string().optional(), role: word })),
    statements: z.array(
      z.object({
        number: z.number().int(),
        by: z.object({ name: z.string().optional(), role: word }),
        at: time,
        text: z.string().describe('empty where it is hidden, but for staff'),
        hidden: hidden.optional(),
        stance: z.string().optional(),
        locator: z.string().optional(),
      }),
    ),
    evidence: z.array(z.object({ digest, name: z.string() })),
    runs: z.array(
      z.object({
        runner: z.string(),
        at: time,
        receipt: digest,
        result: digest,
        outcome: z.string(),
      }),
    ),
    verdict: z
      .object({
        outcome: z.enum(OUTCOMES),
        summary: z.string(),
        by: z.string(),
        at: time,
        approvedBy: z.string().optional(),
        decidedAt: time.optional(),
      })
      .optional(),
    embargo: z
      .object({ state: z.string(), end: z.string().optional() })
      .optional()
      .describe('for those who take part'),
    missed: z.array(z.object({ at: time, says: z.string() })),
    can: z.array(z.string()).describe('moves that the state allows'),
    revisions: z.array(z.object({ number: z.number().int(), at: time, summary: z.string() })),
    logged: z
      .array(z.object({ revision: z.number().int(), entries: z.array(z.string()), at: time }))
      .optional()
      .describe('entries of the log that have it; a revision that is not here is on its way'),
    openedAt: time,
    since: time,
    updated: time,
  }),
);

const acting = (
  verb: string,
  summary: string,
  access: 'case.run' | 'case.decide' | 'case.publish' | 'case.speak',
  body?: z.ZodObject,
) =>
  route({
    method: 'post',
    path: `/cases/{case}/${verb}`,
    id: `case.${verb}`,
    summary,
    access,
    params: onCase,
    ...(body === undefined ? {} : { body }),
    answer: caseShape,
  });

export const cases = {
  list: route({
    method: 'get',
    path: '/cases',
    id: 'case.list',
    summary: 'Cases, the newest first: published ones and your own; all of them for staff',
    access: 'docket.list',
    query: z.strictObject({ state: word.optional(), ...paging }),
    answer: pageOf(caseShape),
  }),
  read: route({
    method: 'get',
    path: '/cases/{case}',
    id: 'case.read',
    summary: 'One case',
    access: 'case.read',
    params: onCase,
    answer: caseShape,
  }),
  take: acting('take', 'Takes a case on oneself', 'case.run'),
  notify: acting('notify', 'Records that the maker was told', 'case.decide'),
  state: route({
    method: 'post',
    path: '/cases/{case}/statements',
    id: 'case.state',
    summary:
      "Says something in a case: a statement, the maker's answer, an objection to the verdict",
    access: 'case.speak',
    params: onCase,
    body: z.strictObject({
      text: typed(50_000).min(1),
      stance: z.enum(['confirms', 'disputes', 'declares', 'agrees', 'contests']).optional(),
      locator: locator.optional(),
    }),
    answer: caseShape,
    status: 201,
  }),
  keep: route({
    method: 'post',
    path: '/cases/{case}/evidence',
    id: 'case.keep',
    summary: 'Adds evidence: bytes, kept as they are',
    access: 'case.speak',
    params: onCase,
    query: z.strictObject({ name: z.string().regex(/^[\w.@+ -]{1,200}$/) }),
    body: 'application/octet-stream',
    answer: z.object({ digest }),
    status: 201,
  }),
  evidence: route({
    method: 'get',
    path: '/cases/{case}/evidence/{digest}',
    id: 'case.evidence',
    summary: 'A piece of evidence, to be saved and never shown',
    access: 'case.work',
    params: z.strictObject({ case: caseId, digest }),
    answer: 'application/octet-stream',
  }),
  receipt: route({
    method: 'get',
    path: '/cases/{case}/receipts/{digest}',
    id: 'case.receipt',
    summary: 'The receipt of a run: with it anyone runs it again (avow claim verify)',
    access: 'case.read',
    params: z.strictObject({ case: caseId, digest }),
    answer: 'application/json; charset=utf-8',
  }),
  run: route({
    method: 'post',
    path: '/cases/{case}/runs',
    id: 'case.run',
    summary: 'Has the re-check run in your name; two equal ones of two people conclude',
    access: 'case.run',
    params: onCase,
    answer: job,
    status: 202,
    rate: 'costly',
  }),
  propose: acting(
    'propose',
    'Proposes a verdict',
    'case.run',
    z.strictObject({ outcome: z.enum(OUTCOMES), summary: typed(5_000).min(1) }),
  ),
  approve: acting('approve', 'Approves the verdict that another person proposed', 'case.decide'),
  publish: route({
    method: 'post',
    path: '/cases/{case}/publish',
    id: 'case.publish',
    summary: 'Publishes what was decided: signed, in the feeds and in the log',
    access: 'case.publish',
    params: onCase,
    body: z.strictObject({
      also: z
        .array(typed(100).min(1))
        .max(1_000)
        .optional()
        .describe('other versions that have the same; absent: those that are here are looked at'),
      fixedIn: typed(100).min(1).optional(),
    }),
    answer: caseShape,
  }),
  correct: acting(
    'correct',
    'Publishes a correction',
    'case.publish',
    z.strictObject({ summary: typed(2_000).min(1) }),
  ),
  withdraw: acting(
    'withdraw',
    'Takes an advisory back, with a public reason',
    'case.publish',
    z.strictObject({ summary: typed(2_000).min(1) }),
  ),
  embargo: route({
    method: 'post',
    path: '/cases/{case}/embargo',
    id: 'case.embargo',
    summary: 'A step of the embargo',
    access: 'case.speak',
    params: onCase,
    body: z.strictObject({
      step: z.enum(['propose', 'accept', 'reject', 'revise', 'keep', 'exit']),
      end: z.string().max(40).optional().describe('date, hour and offset'),
      isLeaving: z.boolean().optional(),
      isPublic: z.boolean().optional(),
    }),
    answer: caseShape,
  }),
  consent: route({
    method: 'post',
    path: '/cases/{case}/consent',
    id: 'case.consent',
    summary: 'A step of the consent to the embargo',
    access: 'case.speak',
    params: onCase,
    body: z.strictObject({
      step: z.enum(['invite', 'sign', 'decline']),
      participant: typed(100).min(1).optional(),
    }),
    answer: caseShape,
  }),
};
