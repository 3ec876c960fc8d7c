import { z } from 'zod';
import { digest, pageOf, paging, time, typed, word } from './common.ts';
import { hidden } from './moderation.ts';
import { named } from './named.ts';
import { route } from './route.ts';

export const claimId = z.string().regex(/^claim-[1-9]\d{0,14}$/);
const onClaim = z.strictObject({ claim: claimId });
const text = typed(100_000).min(1).describe('what is claimed, as people write it');
/** 26 characters of 5 bits, in groups: 130 bits. */
const code = z
  .string()
  .max(64)
  .transform((one) => one.replaceAll(/[\s-]/g, '').toUpperCase())
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'it is no receipt code'));

export const claim = named(
  'Claim',
  z.object({
    id: claimId,
    state: word,
    said: z.string().optional(),
    locator: z.string().optional(),
    outcome: z.string().optional(),
    reasons: z.array(z.string()),
    lacks: z
      .array(z.object({ reason: z.string(), says: z.string(), candidates: z.array(z.string()) }))
      .optional()
      .describe('everything that is missing, with the nearest candidates'),
    receipt: digest.optional().describe('of the re-check, with which anyone can run it again'),
    product: digest.optional(),
    module: digest.optional(),
    declaration: digest.optional(),
    case: z.string().optional(),
    attachedTo: z.string().optional(),
    claimant: z.string().optional().describe('for its owner and staff'),
    texts: z.array(digest).optional().describe('for its owner and staff'),
    receivedAt: time.optional(),
    since: time,
    updated: time,
  }),
);

export const claimCheck = named(
  'ClaimCheck',
  z.object({
    locators: z
      .array(z.string())
      .describe('every place that it may name, canonical; one is wanted'),
    said: z.array(z.string()).describe('what it says is there'),
    lacks: z.array(
      z.object({ reason: z.string(), says: z.string(), candidates: z.array(z.string()) }),
    ),
    outcome: z.string().optional().describe('what re-checking it gives, where nothing lacks'),
    fetches: z.array(z.string()).describe('releases that are examined first when it is handed in'),
  }),
);

export const message = named(
  'Message',
  z.object({
    number: z.number().int(),
    by: z.enum(['claimant', 'staff']),
    name: z.string().optional(),
    text: z.string().describe('empty where it is hidden, but for staff'),
    hidden: hidden.optional(),
    at: time,
  }),
);

const handedIn = z.object({
  claim,
  code: z.string().optional().describe('shown once: whoever has it has the claim'),
});

export const claims = {
  work: route({
    method: 'get',
    path: '/claims/work',
    id: 'claim.work',
    summary:
      'Work that an anonymous claim proves: SHA-256 of `challenge` and a nonce begins with `bits` zero bits',
    access: 'service.read',
    answer: z.object({ challenge: z.string(), bits: z.number().int(), until: time }),
  }),
  make: route({
    method: 'post',
    path: '/claims',
    id: 'claim.make',
    summary: 'Makes a claim: by an account, or anonymously with proof of work and a receipt code',
    access: 'claim.make',
    body: z.strictObject({
      text,
      name: typed(100).min(1).optional().describe('a name or pseudonym'),
      work: z
        .strictObject({ challenge: z.string().max(200), nonce: z.string().max(40) })
        .optional(),
    }),
    answer: handedIn,
    status: 201,
    rate: 'costly',
  }),
  check: route({
    method: 'post',
    path: '/claims/check',
    id: 'claim.check',
    summary:
      'What a claim would point to and what it lacks, before it is handed in; nothing is kept',
    access: 'claim.make',
    body: z.strictObject({ text }),
    answer: claimCheck,
    rate: 'costly',
  }),
  list: route({
    method: 'get',
    path: '/claims',
    id: 'claim.list',
    summary: 'Claims, the newest first: public ones and your own; all of them for staff',
    access: 'docket.list',
    query: z.strictObject({ state: word.optional(), ...paging }),
    answer: pageOf(claim),
  }),
  read: route({
    method: 'get',
    path: '/claims/{claim}',
    id: 'claim.read',
    summary: 'One claim',
    access: 'claim.read',
    params: onClaim,
    answer: claim,
  }),
  text: route({
    method: 'get',
    path: '/claims/{claim}/text',
    id: 'claim.text',
    summary: 'What was typed, the latest',
    access: 'claim.text',
    params: onClaim,
    answer: z.object({ text: z.string() }),
  }),
  complete: route({
    method: 'post',
    path: '/claims/{claim}/complete',
    id: 'claim.complete',
    summary: 'Completes a claim that was turned back',
    access: 'claim.own',
    params: onClaim,
    body: z.strictObject({ text }),
    answer: claim,
    rate: 'costly',
  }),
  withdraw: route({
    method: 'post',
    path: '/claims/{claim}/withdraw',
    id: 'claim.withdraw',
    summary: 'Takes a claim back, before its verdict is published',
    access: 'claim.own',
    params: onClaim,
    answer: claim,
  }),
  accept: route({
    method: 'post',
    path: '/claims/{claim}/accept',
    id: 'claim.accept',
    summary: 'Takes a valid claim into a case, or attaches it to the one that it repeats',
    access: 'claim.take',
    params: onClaim,
    answer: claim,
  }),
  defer: route({
    method: 'post',
    path: '/claims/{claim}/defer',
    id: 'claim.defer',
    summary: 'Puts a claim off, with a public reason',
    access: 'claim.judge',
    params: onClaim,
    body: z.strictObject({ reason: typed(2_000).min(1) }),
    answer: claim,
  }),
  dismiss: route({
    method: 'post',
    path: '/claims/{claim}/dismiss',
    id: 'claim.dismiss',
    summary: 'Ends a claim that was turned back or put off',
    access: 'claim.judge',
    params: onClaim,
    body: z.strictObject({ reasons: z.array(word).min(1).max(10) }),
    answer: claim,
  }),
  messages: route({
    method: 'get',
    path: '/claims/{claim}/messages',
    id: 'claim.messages',
    summary: 'What claimant and staff wrote to each other',
    access: 'claim.text',
    params: onClaim,
    query: z.strictObject(paging),
    answer: pageOf(message),
  }),
  write: route({
    method: 'post',
    path: '/claims/{claim}/messages',
    id: 'claim.write',
    summary: 'Writes to the other side',
    access: 'claim.text',
    params: onClaim,
    body: z.strictObject({ text: typed(20_000).min(1) }),
    status: 201,
    answer: z.object({}),
  }),
};

/** With the code in the body, never in an address: addresses are kept by proxies and browsers. */
export const receipts = {
  read: route({
    method: 'post',
    path: '/receipts/read',
    id: 'receipt.read',
    summary: 'The claim of a receipt code, what was typed, and its messages',
    access: 'claim.make',
    body: z.strictObject({ code }),
    answer: z.object({
      claim,
      messages: z.array(message),
      text: z.string().describe('what was typed, the latest'),
    }),
    rate: 'costly',
  }),
  complete: route({
    method: 'post',
    path: '/receipts/complete',
    id: 'receipt.complete',
    summary: 'Completes the claim of a receipt code',
    access: 'claim.make',
    body: z.strictObject({ code, text }),
    answer: claim,
    rate: 'costly',
  }),
  withdraw: route({
    method: 'post',
    path: '/receipts/withdraw',
    id: 'receipt.withdraw',
    summary: 'Takes the claim of a receipt code back',
    access: 'claim.make',
    body: z.strictObject({ code }),
    answer: claim,
    rate: 'costly',
  }),
  write: route({
    method: 'post',
    path: '/receipts/messages',
    id: 'receipt.write',
    summary: 'Writes to staff about the claim of a receipt code',
    access: 'claim.make',
    body: z.strictObject({ code, text: typed(20_000).min(1) }),
    status: 201,
    answer: z.object({}),
    rate: 'costly',
  }),
};
