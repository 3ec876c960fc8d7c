import type { AccountRole, Identity } from './identity.ts';
import { type Action, RULES, type Rule, SEEN_BY, type Who } from './rules.ts';

/** What of an object decides who may do something to it. */
export interface ObjectFacts {
  readonly isPublic: boolean;
  /** Account whose it is. */
  readonly owner?: string;
  /** Accounts whose it is together: the claimants of a case. */
  readonly owners?: readonly string[];
  /** Accounts that were invited. */
  readonly parties?: readonly string[];
  /** Maker of the product that it is about. */
  readonly maker?: string;
}

/** The facts of what is nothing in particular. */
export const SERVICE: ObjectFacts = { isPublic: true };

/** `hidden`: whoever asks must not learn that there is such an object. */
export type Answer = 'yes' | 'hidden' | 'sign-in' | 'forbidden' | 'second-factor' | 'scope';

/** Whether someone may do something to an object. The one place that decides it. */
export function may(identity: Identity, action: Action, object: ObjectFacts = SERVICE): Answer {
  const rule: Rule = RULES[action];
  if (!isLetThrough(identity, rule, object)) {
    if (isLetThrough(proved(identity), rule, object)) return 'second-factor';
    const seen = SEEN_BY[rule.of];
    const isSeen = seen === undefined || isLetThrough(identity, RULES[seen], object);
    if (!isSeen) return 'hidden';
    return identity.kind === 'anonymous' ? 'sign-in' : 'forbidden';
  }
  if (identity.kind === 'token' && !identity.scopes.includes(rule.scope)) {
    return rule.who.includes('anyone') && object.isPublic ? 'yes' : 'scope';
  }
  const isProved = identity.kind !== 'account' || identity.secondFactor;
  return rule.secondFactor === true && !isProved ? 'second-factor' : 'yes';
}

/** Who someone would be with their second factor: staff without it are no staff yet. */
function proved(identity: Identity): Identity {
  return identity.kind === 'account' ? { ...identity, secondFactor: true } : identity;
}

function isLetThrough(identity: Identity, { who }: Rule, object: ObjectFacts): boolean {
  return who.some((one) => isOne(identity, one, object));
}

function isOne(identity: Identity, who: Who, object: ObjectFacts): boolean {
  if (who === 'anyone') return object.isPublic;
  if (identity.kind === 'anonymous') return false;
  switch (who) {
    case 'account':
      return true;
    case 'owner':
      return object.owner === identity.id || object.owners?.includes(identity.id) === true;
    case 'party':
      return object.parties?.includes(identity.id) === true;
    case 'maker':
      return (
        object.maker !== undefined &&
        identity.grants.some(({ role, maker }) => role === 'maker' && maker === object.maker)
      );
    case 'investigator':
    case 'lead':
    case 'publisher':
    case 'administrator':
      return hasRole(identity, who, object.maker);
    default:
      return who satisfies never;
  }
}

const STAFF: ReadonlySet<AccountRole> = new Set([
  'investigator',
  'lead',
  'publisher',
  'administrator',
]);

/** Roles that count with a second factor alone. */
export function isStaffRole(role: AccountRole): boolean {
  return STAFF.has(role);
}

/** Whether someone has a role for what is of `maker`: for that maker, or for all. Staff have theirs with a second factor. */
export function hasRole(identity: Identity, role: AccountRole, maker?: string): boolean {
  return (
    identity.kind !== 'anonymous' &&
    (identity.kind === 'token' || identity.secondFactor || !isStaffRole(role)) &&
    identity.grants.some(
      (grant) => grant.role === role && (grant.maker === undefined || grant.maker === maker),
    )
  );
}
