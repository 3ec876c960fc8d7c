import type { Generated } from 'kysely';
import type { Step } from '../database/index.ts';

/**
 * `owner`: whose claim it is, or is part of it. `party`: was invited. `maker`: of
 * the product, told of it. `public`: everyone.
 */
export type StandingAs = 'owner' | 'party' | 'maker' | 'public';

export interface StandingTables {
  readonly standing: {
    readonly subject: string;
    readonly kind: 'claim' | 'case';
    readonly number: number;
    /** Empty where `stands_as` is `public`; where it is `maker`, `maker:` and whose. */
    readonly account: string;
    readonly stands_as: StandingAs;
  };
  readonly receipts: {
    /** SHA-256 of the code: the code itself is kept nowhere. */
    readonly hash: string;
    readonly subject: string;
    readonly created: number;
  };
  readonly works: { readonly challenge: string; readonly used: number };
  readonly messages: {
    readonly number: Generated<number>;
    readonly subject: string;
    /** Name of who wrote it; empty for the claimant, whom nobody is told of. */
    readonly by_name: string;
    readonly is_staff: number;
    /** Digest of the text, which is kept as an object. */
    readonly text: string;
    readonly at: string;
  };
  /** Who hid or showed again what somebody said, and why; nothing is ever taken out of it. */
  readonly moderations: {
    readonly number: Generated<number>;
    readonly subject: string;
    /** A statement of a case or a message of a claim, by its number. */
    readonly what: number;
    readonly is_hidden: number;
    readonly reason: string;
    readonly by_name: string;
    readonly at: string;
  };
  /** Entries of the log that a revision of a case's advisory is in. */
  readonly logged: {
    readonly subject: string;
    readonly revision: number;
    /** JSON: decimal texts. */
    readonly entries: string;
    readonly at: string;
  };
  /** Detached signatures of documents, by the document's digest. */
  readonly signatures: { readonly digest: string; readonly text: string };
}

export const STANDING_STEPS: readonly Step[] = [
  [
    `CREATE TABLE standing (
       subject {text} NOT NULL, kind {text} NOT NULL, number {integer} NOT NULL,
       account {text} NOT NULL, stands_as {text} NOT NULL,
       PRIMARY KEY (subject, account, stands_as)) {strict}`,
    'CREATE INDEX standing_by_account ON standing (account, kind, number)',
    `CREATE TABLE receipts (
       hash {text} PRIMARY KEY, subject {text} NOT NULL, created {integer} NOT NULL) {strict}`,
    'CREATE TABLE works (challenge {text} PRIMARY KEY, used {integer} NOT NULL) {strict}',
    'CREATE INDEX works_by_used ON works (used)',
    `CREATE TABLE messages (
       number {counter}, subject {text} NOT NULL, by_name {text} NOT NULL,
       is_staff {integer} NOT NULL, text {text} NOT NULL, at {text} NOT NULL) {strict}`,
    'CREATE INDEX messages_by_subject ON messages (subject, number)',
  ],
  [
    `CREATE TABLE moderations (
       number {counter}, subject {text} NOT NULL, what {integer} NOT NULL,
       is_hidden {integer} NOT NULL, reason {text} NOT NULL, by_name {text} NOT NULL,
       at {text} NOT NULL) {strict}`,
    'CREATE INDEX moderations_by_subject ON moderations (subject, number)',
    `CREATE TABLE logged (
       subject {text} NOT NULL, revision {integer} NOT NULL, entries {text} NOT NULL,
       at {text} NOT NULL, PRIMARY KEY (subject, revision)) {strict}`,
    'CREATE TABLE signatures (digest {text} PRIMARY KEY, text {text} NOT NULL) {strict}',
  ],
];
