import type { Digest } from '@avow/bytes';
import type { Artifact, Row } from '@avow/docket';
import type { Generated } from 'kysely';
import type { Step } from '../database/index.ts';

export interface SubjectRow {
  readonly kind: Row['kind'];
  readonly number: number;
  readonly state: string;
  readonly target: string;
  readonly said: string;
  readonly fingerprint: Digest | null;
  readonly updated: string;
  readonly due: number | null;
}

export interface DocketTables {
  readonly docket_events: {
    readonly number: number;
    readonly subject: string;
    readonly version: number;
    /** As canonical JSON: the chain's digests are of these bytes. */
    readonly bytes: Uint8Array;
  };
  readonly docket_subjects: SubjectRow;
  readonly docket_refusals: { readonly reason: string; readonly count: number };
  readonly docket_artifacts: Artifact & { readonly number: Generated<number> };
}

/** As `MIGRATIONS` of a docket's own file; here its tables have others beside them. */
export const DOCKET_STEPS: readonly Step[] = [
  [
    `CREATE TABLE docket_events (
       number {integer} PRIMARY KEY, subject {text} NOT NULL, version {integer} NOT NULL,
       bytes {bytes} NOT NULL, UNIQUE (subject, version)) {strict}`,
    `CREATE TABLE docket_subjects (
       kind {text} NOT NULL, number {integer} NOT NULL, state {text} NOT NULL,
       target {text} NOT NULL, said {text} NOT NULL, fingerprint {text},
       updated {text} NOT NULL, due {integer}, PRIMARY KEY (kind, number)) {strict}`,
    'CREATE INDEX docket_by_state ON docket_subjects (kind, state, number)',
    'CREATE INDEX docket_by_target ON docket_subjects (kind, target, number)',
    'CREATE INDEX docket_by_fingerprint ON docket_subjects (fingerprint, kind, number)',
    'CREATE INDEX docket_by_due ON docket_subjects (due) WHERE due IS NOT NULL',
    'CREATE TABLE docket_refusals (reason {text} PRIMARY KEY, count {integer} NOT NULL) {strict}',
    `CREATE TABLE docket_artifacts (
       number {counter}, target {text} NOT NULL, name {text} NOT NULL, digest {text} NOT NULL,
       file {text} NOT NULL, size {integer} NOT NULL, at {text} NOT NULL,
       UNIQUE (target, digest)) {strict}`,
    'CREATE INDEX docket_artifacts_by_name ON docket_artifacts (name, number)',
  ],
];
