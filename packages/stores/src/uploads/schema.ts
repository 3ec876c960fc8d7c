import type { Step } from '../database/index.ts';

export type UploadState = 'open' | 'complete' | 'examined' | 'refused';

export interface UploadRow {
  readonly id: string;
  readonly owner: string;
  /** As the person named it: it says what kind of archive it is, and is no path. */
  readonly file: string;
  readonly size: number;
  /** What the person says its digest is. */
  readonly expected: string | null;
  readonly is_public: number;
  /** Bytes that are here, synced. */
  readonly at_offset: number;
  readonly state: UploadState;
  readonly digest: string | null;
  readonly job: string | null;
  readonly release: number | null;
  readonly why: string | null;
  readonly created: number;
}

export interface UploadTables {
  readonly uploads: UploadRow;
}

export const UPLOAD_STEPS: readonly Step[] = [
  [
    `CREATE TABLE uploads (
       id {text} PRIMARY KEY, owner {text} NOT NULL, file {text} NOT NULL,
       size {integer} NOT NULL, expected {text}, is_public {integer} NOT NULL,
       at_offset {integer} NOT NULL, state {text} NOT NULL, digest {text}, job {text},
       release {integer}, why {text}, created {integer} NOT NULL) {strict}`,
    'CREATE INDEX uploads_by_owner ON uploads (owner, created)',
    'CREATE INDEX uploads_by_state ON uploads (state, created)',
  ],
];
