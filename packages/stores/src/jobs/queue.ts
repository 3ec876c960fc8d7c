import { createHash } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { Json } from '@avow/log';
import type { QueryExecutorProvider, Transaction } from 'kysely';

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** How jobs of a kind are treated. A kind is lower-case letters, digits and hyphens. */
export interface KindSettings {
  /** Attempts after the first. Default 3. */
  readonly retries?: number;
  /** Seconds before the second attempt, doubled for each after it. Default 1. */
  readonly retrySeconds?: number;
  /** The longest such pause. Default 600. */
  readonly maxRetrySeconds?: number;
  /** A worker not heard of for so long is taken for dead. At least 10; default 30. */
  readonly leaseSeconds?: number;
}

export type JobKinds = Readonly<Record<string, KindSettings>>;

export interface NewJob {
  readonly kind: string;
  /** What it is about, so that the same job is not done twice: a digest, an id. */
  readonly key: string;
  readonly data: Json;
  /** Higher goes first. Default 0. */
  readonly priority?: number;
  /** Milliseconds since 1970 before which it does not begin. */
  readonly runAt?: number;
}

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly data: Json;
  readonly priority: number;
  readonly state: JobState;
  /** How often it was begun. */
  readonly attempt: number;
  /** Milliseconds since 1970, as are the next. */
  readonly runAt: number;
  readonly created: number;
  readonly ended?: number;
  /** What the running attempt last told of itself. */
  readonly progress?: Json;
  readonly result?: Json;
  /** Why the last attempt failed. */
  readonly why?: string;
}

/** One attempt at a job: what is told about it later holds only while it is the present one. */
export type Claim = Pick<Job, 'id' | 'kind' | 'attempt'>;

export interface JobsQuery {
  readonly kind?: string;
  readonly state?: JobState;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Work to be done by some process, at least once.
 *
 * A job whose worker dies is begun again, so it can be done twice; its effect is
 * not, when it is written by `complete`. Finished jobs are forgotten after 14
 * days; until then their key is taken.
 */
export interface JobQueue {
  /**
   * Gives the ids, in order. A job of the same kind and key that is there
   * already, finished even, stays as it is. With a transaction's tables they are
   * there once it is committed. Refuses `jobs.kind` for a kind that the queue was
   * not opened with.
   */
  enqueue(jobs: readonly NewJob[], tables?: QueryExecutorProvider): Promise<readonly string[]>;
  /** Takes up to `limit` jobs: the kinds as they stand, in each the highest priority, then the oldest. */
  claim(kinds: readonly string[], limit: number): Promise<readonly Job[]>;
  /** Says that the worker lives. False when the claim no longer holds, so it stops. */
  heartbeat(claim: Claim, progress?: Json): Promise<boolean>;
  /**
   * The job is done. `effect` writes into the same database, in the same
   * transaction: all of it happens, and only once. False, and nothing written,
   * when the claim no longer holds.
   */
  complete<Tables>(
    claim: Claim,
    result?: Json,
    effect?: (tables: Transaction<Tables>) => Promise<void>,
  ): Promise<boolean>;
  /** The attempt failed; it is tried again later, unless that is `isFinal` or was the last. */
  fail(claim: Claim, why: string, isFinal?: boolean): Promise<boolean>;
  /** False when there is no such job, or it has ended. A running attempt learns by its heartbeat. */
  cancel(id: string): Promise<boolean>;
  read(id: string): Promise<Job | undefined>;
  /** The newest first. Refuses `page.cursor`. */
  list(query: JobsQuery): Promise<{ readonly jobs: readonly Job[]; readonly next?: string }>;
  /** How many there are of each kind in each state. */
  counts(): Promise<readonly JobCount[]>;
  /** Returns when something about jobs may have changed, and after `ms` in any case. */
  whenChanged(ms: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface JobCount {
  readonly kind: string;
  readonly state: JobState;
  readonly count: number;
}

/** The id of a job: a UUID (RFC 9562, version 8) out of its kind and key. */
export function jobId(kind: string, key: string): string {
  const digest = createHash('sha256').update(`${kind}\n${key}`).digest().subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [0, 8, 12, 16, 20].map((from, at, all) => hex.slice(from, all[at + 1] ?? 32)).join('-');
}

export const DEFAULT_KIND: Required<KindSettings> = {
  retries: 3,
  retrySeconds: 1,
  maxRetrySeconds: 600,
  leaseSeconds: 30,
};

/** Finished jobs are kept so long. */
export const KEPT_SECONDS = 14 * 86_400;

/** What is told of a job whose worker was not heard of any more. */
export const ABANDONED = 'its worker was not heard of any more';

/** Channel of the database on which changes are told. */
export const JOBS_CHANNEL = 'avow_jobs';

/** Refuses `jobs.kind` and, for a key with U+0000, `database.text`. */
export function holdToKinds(jobs: readonly NewJob[], kinds: JobKinds): void {
  for (const { kind, key } of jobs) {
    if (!Object.hasOwn(kinds, kind)) {
      throw new Refused('jobs.kind', undefined, `no worker knows ${JSON.stringify(kind)}`);
    }
    if (key.includes('\0')) {
      throw new Refused('database.text', key.indexOf('\0'), 'the key of a job has U+0000 in it');
    }
  }
}

/** A message can quote a product, which writes what it likes. */
export function toldWhy(why: string): string {
  return why.replaceAll('\0', '\ufffd').slice(0, MAX_WHY);
}

/** Characters; it is shown in lists. */
const MAX_WHY = 2_000;
