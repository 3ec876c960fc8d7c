import type { Json } from '@avow/log';
import type { Step } from '../database/index.ts';
import { type Job, type JobState, jobId, type NewJob } from './queue.ts';

export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly data: string;
  readonly priority: number;
  readonly state: JobState;
  readonly attempt: number;
  readonly run_at: number;
  readonly created: number;
  readonly lease_until: number | null;
  readonly ended: number | null;
  readonly progress: string | null;
  readonly result: string | null;
  readonly why: string | null;
}

export interface JobTables {
  readonly jobs: JobRow;
}

export const JOB_STEPS: readonly Step[] = [
  [
    `CREATE TABLE jobs (
       id {text} PRIMARY KEY,
       kind {text} NOT NULL,
       key {text} NOT NULL,
       data {text} NOT NULL,
       priority {integer} NOT NULL,
       state {text} NOT NULL,
       attempt {integer} NOT NULL,
       run_at {integer} NOT NULL,
       created {integer} NOT NULL,
       lease_until {integer},
       ended {integer},
       progress {text},
       result {text},
       why {text}
     ) {strict}`,
    `CREATE INDEX jobs_by_turn ON jobs (kind, priority DESC, created, id) WHERE state = 'waiting'`,
    `CREATE INDEX jobs_by_lease ON jobs (lease_until) WHERE state = 'running'`,
    'CREATE INDEX jobs_by_end ON jobs (ended) WHERE ended IS NOT NULL',
    'CREATE INDEX jobs_by_age ON jobs (created, id)',
  ],
];

/** No time is before it: a clock that is set back must not keep what is to begin now. */
const AT_ONCE = 0;

export function newRow({ kind, key, data, priority = 0, runAt }: NewJob, now: number): JobRow {
  return {
    id: jobId(kind, key),
    kind,
    key,
    data: JSON.stringify(data),
    priority,
    state: 'waiting',
    attempt: 0,
    run_at: runAt ?? AT_ONCE,
    created: now,
    lease_until: null,
    ended: null,
    progress: null,
    result: null,
    why: null,
  };
}

export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    key: row.key,
    data: JSON.parse(row.data) as Json,
    priority: row.priority,
    state: row.state,
    attempt: row.attempt,
    runAt: row.run_at === AT_ONCE ? row.created : row.run_at,
    created: row.created,
    ...(row.ended === null ? {} : { ended: row.ended }),
    ...(row.progress === null ? {} : { progress: JSON.parse(row.progress) as Json }),
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as Json }),
    ...(row.why === null ? {} : { why: row.why }),
  };
}

/** The order in which a claim gives them. */
export function byTurn(one: Job, other: Job): number {
  return (
    other.priority - one.priority || one.created - other.created || (one.id < other.id ? -1 : 1)
  );
}
