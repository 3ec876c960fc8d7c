import type { Step } from '../database/index.ts';

/** Tables of people. Times are milliseconds since 1970; digests are SHA-256 in hex. */
export interface PeopleTables {
  readonly accounts: {
    readonly id: string;
    /** As the docket shows it: a name or pseudonym. */
    readonly name: string;
    /** The name as it must not come twice: folded, without marks that look alike. */
    readonly name_key: string;
    readonly email: string | null;
    /** Argon2id in PHC form; null for those who sign in by passkey or elsewhere. */
    readonly password: string | null;
    /** Secret of one-time codes (RFC 6238), base32. */
    readonly totp: string | null;
    /** The last step of time whose code was used: none is taken twice. */
    readonly totp_step: number;
    readonly created: number;
    /** Sign-ins that failed in a row, and until when none is tried. */
    readonly failures: number;
    readonly locked_until: number;
  };
  readonly passkeys: {
    /** Credential id, base64url. */
    readonly id: string;
    readonly account: string;
    readonly name: string;
    /** COSE, base64url. */
    readonly public_key: string;
    readonly counter: number;
    readonly transports: string;
    readonly created: number;
    readonly used: number | null;
  };
  readonly sessions: {
    readonly digest: string;
    /** What the list of sessions names it by. */
    readonly id: string;
    readonly account: string;
    readonly created: number;
    readonly seen: number;
    readonly expires: number;
    /** When a second factor was last proved in it; 0: never. */
    readonly proved: number;
    /** `Firefox on Linux`: enough to know one's own by. */
    readonly agent: string;
  };
  readonly api_tokens: {
    readonly id: string;
    readonly digest: string;
    readonly account: string;
    readonly name: string;
    /** Words with spaces between. */
    readonly scopes: string;
    readonly created: number;
    readonly expires: number;
    readonly used: number | null;
    /** 1: whoever made it had proved a second factor. */
    readonly is_proved: number;
  };
  readonly grants: {
    readonly account: string;
    readonly role: string;
    /** Empty: for all makers. */
    readonly maker: string;
    readonly given_by: string;
    readonly created: number;
  };
  readonly invitations: {
    readonly digest: string;
    readonly id: string;
    readonly role: string;
    readonly maker: string;
    readonly given_by: string;
    readonly created: number;
    readonly expires: number;
    readonly used_by: string | null;
  };
  readonly outside_names: {
    readonly issuer: string;
    readonly subject: string;
    readonly account: string;
  };
  readonly challenges: {
    readonly digest: string;
    readonly kind: string;
    readonly account: string | null;
    /** JSON. */
    readonly value: string;
    readonly expires: number;
  };
  readonly recovery_codes: {
    readonly digest: string;
    readonly account: string;
  };
  readonly mailboxes: {
    readonly account: string;
    /** Where digests go: it was asked, and is written to once it has said yes. */
    readonly email: string;
    /** Kinds of notices, JSON. */
    readonly kinds: string;
    readonly state: 'asked' | 'on';
    /** When it was asked. */
    readonly made: number;
    /** The last notice that was told. */
    readonly last: number;
    /** When the next digest goes out. */
    readonly due: number;
  };
  /** What someone wants to hear of, beyond what their mailbox and webhooks are told anyway. */
  readonly subscriptions: {
    readonly id: string;
    readonly account: string;
    /** Kinds of notices, JSON. */
    readonly kinds: string;
    /** Tags that a notice must have, all of them, JSON. */
    readonly tags: string;
    /** 1: in the digests of the account's mailbox. */
    readonly is_mailed: number;
    /** Webhook that is told of it. */
    readonly webhook: string | null;
    readonly created: number;
  };
  /** Claims that are written and not handed in. */
  readonly drafts: {
    readonly id: string;
    readonly account: string;
    /** Sealed by whoever keeps it here. */
    readonly text: string;
    readonly created: number;
    readonly changed: number;
  };
}

export const PEOPLE_STEPS: readonly Step[] = [
  [
    `CREATE TABLE accounts (
       id {text} PRIMARY KEY, name {text} NOT NULL, name_key {text} NOT NULL UNIQUE,
       email {text}, password {text}, totp {text}, totp_step {integer} NOT NULL,
       created {integer} NOT NULL, failures {integer} NOT NULL,
       locked_until {integer} NOT NULL) {strict}`,
    `CREATE TABLE passkeys (
       id {text} PRIMARY KEY, account {text} NOT NULL, name {text} NOT NULL,
       public_key {text} NOT NULL, counter {integer} NOT NULL, transports {text} NOT NULL,
       created {integer} NOT NULL, used {integer}) {strict}`,
    'CREATE INDEX passkeys_by_account ON passkeys (account)',
    `CREATE TABLE sessions (
       digest {text} PRIMARY KEY, id {text} NOT NULL, account {text} NOT NULL,
       created {integer} NOT NULL, seen {integer} NOT NULL, expires {integer} NOT NULL,
       proved {integer} NOT NULL, agent {text} NOT NULL) {strict}`,
    'CREATE INDEX sessions_by_account ON sessions (account)',
    'CREATE INDEX sessions_by_expiry ON sessions (expires)',
    `CREATE TABLE api_tokens (
       id {text} PRIMARY KEY, digest {text} NOT NULL UNIQUE, account {text} NOT NULL,
       name {text} NOT NULL, scopes {text} NOT NULL, created {integer} NOT NULL,
       expires {integer} NOT NULL, used {integer}) {strict}`,
    'CREATE INDEX api_tokens_by_account ON api_tokens (account)',
    `CREATE TABLE grants (
       account {text} NOT NULL, role {text} NOT NULL, maker {text} NOT NULL,
       given_by {text} NOT NULL, created {integer} NOT NULL,
       PRIMARY KEY (account, role, maker)) {strict}`,
    `CREATE TABLE invitations (
       digest {text} PRIMARY KEY, id {text} NOT NULL, role {text} NOT NULL, maker {text} NOT NULL,
       given_by {text} NOT NULL, created {integer} NOT NULL, expires {integer} NOT NULL,
       used_by {text}) {strict}`,
    `CREATE TABLE outside_names (
       issuer {text} NOT NULL, subject {text} NOT NULL, account {text} NOT NULL,
       PRIMARY KEY (issuer, subject)) {strict}`,
    `CREATE TABLE challenges (
       digest {text} PRIMARY KEY, kind {text} NOT NULL, account {text}, value {text} NOT NULL,
       expires {integer} NOT NULL) {strict}`,
    `CREATE TABLE recovery_codes (
       digest {text} PRIMARY KEY, account {text} NOT NULL) {strict}`,
    'CREATE INDEX recovery_codes_by_account ON recovery_codes (account)',
  ],
  [
    `CREATE TABLE subscriptions (
       account {text} PRIMARY KEY, email {text} NOT NULL, kinds {text} NOT NULL,
       state {text} NOT NULL, made {integer} NOT NULL, last {integer} NOT NULL,
       due {integer} NOT NULL) {strict}`,
    'CREATE INDEX subscriptions_by_due ON subscriptions (state, due)',
  ],
  ['ALTER TABLE api_tokens ADD COLUMN is_proved {integer} NOT NULL DEFAULT 0'],
  [
    'ALTER TABLE subscriptions RENAME TO mailboxes',
    `CREATE TABLE subscriptions (
       id {text} PRIMARY KEY, account {text} NOT NULL, kinds {text} NOT NULL,
       tags {text} NOT NULL, is_mailed {integer} NOT NULL, webhook {text},
       created {integer} NOT NULL) {strict}`,
    'CREATE INDEX subscriptions_by_account ON subscriptions (account, id)',
    'CREATE INDEX subscriptions_by_webhook ON subscriptions (webhook)',
    `CREATE TABLE drafts (
       id {text} PRIMARY KEY, account {text} NOT NULL, text {text} NOT NULL,
       created {integer} NOT NULL, changed {integer} NOT NULL) {strict}`,
    'CREATE INDEX drafts_by_account ON drafts (account, changed)',
    'CREATE INDEX drafts_by_changed ON drafts (changed)',
  ],
];
