import { Refused } from '@avow/bytes';
import { type Actor, CASE_MOVES, type Case, MACHINES, type Role } from '@avow/docket';
import type { Identity } from '../access/identity.ts';
import { hasRole, type ObjectFacts } from '../access/may.ts';

/** What someone is in a case, the most first. A lead speaks with the maker: there is no other coordinator. */
export function rolesIn(identity: Identity, facts: ObjectFacts): readonly Role[] {
  if (identity.kind === 'anonymous') return [];
  const { id, grants } = identity;
  const isMaker =
    facts.maker !== undefined &&
    grants.some(({ role, maker }) => role === 'maker' && maker === facts.maker);
  const isClaimant = facts.owners?.includes(id) === true;
  const staff = (['lead', 'investigator', 'publisher'] as const).filter((role) =>
    hasRole(identity, role, facts.maker),
  );
  return [
    ...staff,
    ...(staff.includes('lead') ? (['coordinator'] as const) : []),
    ...(isMaker ? (['vendor'] as const) : []),
    ...(isClaimant ? (['claimant'] as const) : []),
  ];
}

/**
 * Who makes a move: the person, in a role that the move is for. Refuses
 * `docket.role` when they have none; the docket itself looks again.
 */
export function actorFor(identity: Identity, facts: ObjectFacts, move: string, found: Case): Actor {
  const roles = rolesIn(identity, facts);
  const role = roles.find((one) => whoMay(move, found).has(one));
  if (role === undefined || identity.kind === 'anonymous') {
    throw new Refused('docket.role', undefined, `${move} is not for ${roles.join(', ') || 'you'}`);
  }
  return { name: identity.name, role };
}

function whoMay(move: string, { state }: Case): ReadonlySet<Role> {
  const own = CASE_MOVES.filter((one) => one.by === move);
  const here = own.filter(({ from }) => (from as readonly string[]).includes(state));
  const others = Object.values(MACHINES)
    .flatMap(({ moves }) => moves)
    .filter((one) => one.by === move);
  const fits = here.length > 0 ? here : own.length > 0 ? own : others;
  return new Set(fits.flatMap(({ who }) => who as readonly Role[]));
}
