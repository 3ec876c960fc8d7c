import type { Scope } from './identity.ts';

/**
 * Whom a rule lets through. `anyone`: where the object is public. `account`:
 * whoever signed in. `owner`: whose it is. `party`: who was invited to it.
 * `maker`: who makes the product that it is about. The others are staff.
 */
export type Who =
  | 'anyone'
  | 'account'
  | 'owner'
  | 'party'
  | 'maker'
  | 'investigator'
  | 'lead'
  | 'publisher'
  | 'administrator';

/** What an action is done to. `service`: nothing in particular. */
export type ObjectKind =
  | 'service'
  | 'product'
  | 'release'
  | 'upload'
  | 'claim'
  | 'case'
  | 'webhook'
  | 'subscription'
  | 'draft'
  | 'job'
  | 'account';

export interface Rule {
  readonly of: ObjectKind;
  readonly who: readonly Who[];
  /** Staff must have proved a second factor in this session. */
  readonly secondFactor?: true;
  /** What a token must be made for. */
  readonly scope: Scope;
}

const STAFF = ['investigator', 'lead', 'publisher', 'administrator'] as const;

/**
 * Who may do what: the one table. `may` reads it, the access matrix is made of
 * it, and a route names its row.
 */
export const RULES = {
  'service.read': { of: 'service', who: ['anyone'], scope: 'read' },
  'catalogue.read': { of: 'service', who: ['anyone'], scope: 'read' },
  'product.read': { of: 'product', who: ['anyone', 'maker', ...STAFF], scope: 'read' },
  'product.assign': {
    of: 'product',
    who: ['administrator'],
    secondFactor: true,
    scope: 'administer',
  },
  'product.declare': {
    of: 'product',
    who: ['maker', 'administrator'],
    secondFactor: true,
    scope: 'declare',
  },
  'maker.keep': { of: 'service', who: ['administrator'], secondFactor: true, scope: 'administer' },
  'release.read': { of: 'release', who: ['anyone', 'owner', 'maker', ...STAFF], scope: 'read' },
  'upload.create': { of: 'service', who: ['account'], scope: 'claim' },
  'upload.read': { of: 'upload', who: ['owner', 'administrator'], scope: 'claim' },
  'upload.write': { of: 'upload', who: ['owner'], scope: 'claim' },
  'examination.create': { of: 'service', who: ['account'], scope: 'claim' },
  'job.read': { of: 'job', who: ['anyone', 'owner', ...STAFF], scope: 'read' },
  'job.list': { of: 'service', who: ['lead', 'administrator'], scope: 'administer' },
  'job.stop': {
    of: 'job',
    who: ['lead', 'administrator'],
    secondFactor: true,
    scope: 'administer',
  },
  'claim.make': { of: 'service', who: ['anyone'], scope: 'claim' },
  'claim.read': {
    of: 'claim',
    who: ['anyone', 'owner', 'investigator', 'lead', 'publisher'],
    scope: 'claim',
  },
  'claim.text': { of: 'claim', who: ['owner', 'investigator', 'lead'], scope: 'claim' },
  'claim.own': { of: 'claim', who: ['owner'], scope: 'claim' },
  'claim.take': {
    of: 'claim',
    who: ['investigator', 'lead'],
    secondFactor: true,
    scope: 'docket',
  },
  'claim.moderate': {
    of: 'claim',
    who: ['investigator', 'lead'],
    secondFactor: true,
    scope: 'docket',
  },
  'claim.judge': { of: 'claim', who: ['lead'], secondFactor: true, scope: 'docket' },
  'docket.list': { of: 'service', who: ['anyone'], scope: 'read' },
  'case.read': {
    of: 'case',
    who: ['anyone', 'owner', 'party', 'maker', 'investigator', 'lead', 'publisher'],
    scope: 'docket',
  },
  'case.work': {
    of: 'case',
    who: ['owner', 'party', 'maker', 'investigator', 'lead'],
    scope: 'docket',
  },
  'case.speak': {
    of: 'case',
    who: ['owner', 'party', 'maker', 'investigator', 'lead'],
    scope: 'docket',
  },
  'case.run': {
    of: 'case',
    who: ['investigator', 'lead'],
    secondFactor: true,
    scope: 'docket',
  },
  'case.moderate': {
    of: 'case',
    who: ['investigator', 'lead'],
    secondFactor: true,
    scope: 'docket',
  },
  'case.decide': { of: 'case', who: ['lead'], secondFactor: true, scope: 'docket' },
  'case.publish': {
    of: 'case',
    who: ['publisher'],
    secondFactor: true,
    scope: 'publish',
  },
  'account.register': { of: 'service', who: ['anyone'], scope: 'claim' },
  'account.own': { of: 'service', who: ['account'], scope: 'administer' },
  'account.grant': {
    of: 'service',
    who: ['administrator'],
    secondFactor: true,
    scope: 'administer',
  },
  'subscription.make': { of: 'service', who: ['account'], scope: 'administer' },
  'subscription.keep': { of: 'subscription', who: ['owner'], scope: 'administer' },
  'draft.make': { of: 'service', who: ['account'], scope: 'claim' },
  'draft.keep': { of: 'draft', who: ['owner'], scope: 'claim' },
  'webhook.make': { of: 'service', who: ['account'], scope: 'administer' },
  'webhook.keep': { of: 'webhook', who: ['owner', 'administrator'], scope: 'administer' },
} as const satisfies Readonly<Record<string, Rule>>;

export type Action = keyof typeof RULES;

/** The reading of each kind: whoever may not see an object is told that there is none. */
export const SEEN_BY: Readonly<Record<ObjectKind, Action | undefined>> = {
  service: undefined,
  product: 'product.read',
  release: 'release.read',
  upload: 'upload.read',
  claim: 'claim.read',
  case: 'case.read',
  webhook: 'webhook.keep',
  subscription: 'subscription.keep',
  draft: 'draft.keep',
  job: 'job.read',
  account: undefined,
};
