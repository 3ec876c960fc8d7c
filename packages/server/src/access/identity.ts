export const ACCOUNT_ROLES = [
  'claimant',
  'maker',
  'investigator',
  'lead',
  'publisher',
  'administrator',
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** A role that someone has: for one maker's products, or for all. */
export interface Grant {
  readonly role: AccountRole;
  readonly maker?: string;
}

/** What an API token may be used for. */
export const SCOPES = ['read', 'claim', 'declare', 'docket', 'publish', 'administer'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'account';
      readonly id: string;
      /** A name or pseudonym, as the docket writes it down. */
      readonly name: string;
      readonly grants: readonly Grant[];
      /** Proved in this session by a second factor. */
      readonly secondFactor: boolean;
    }
  | {
      readonly kind: 'token';
      /** Of the account whose token it is. */
      readonly id: string;
      readonly name: string;
      readonly grants: readonly Grant[];
      readonly scopes: readonly Scope[];
    };

export const ANONYMOUS: Identity = { kind: 'anonymous' };

/** Says who makes a request: by a session, a token, or nobody. A credential that is wrong is refused, not ignored. */
export interface IdentityPort {
  /** Refuses `access.credential`. */
  who(request: Request): Promise<Identity>;
}

/** The account's id; undefined for anonymous callers. */
export function accountOf(identity: Identity): string | undefined {
  return identity.kind === 'anonymous' ? undefined : identity.id;
}
