import type { Json } from '@avow/log';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { JobWithMetadata } from 'pg-boss';
import { type Database, readPage } from '../database/index.ts';
import {
  ABANDONED,
  type Claim,
  type Job,
  type JobCount,
  type JobState,
  type JobsQuery,
} from './queue.ts';

type BossState = JobWithMetadata['state'];

const STATES: Readonly<Record<BossState, JobState>> = {
  created: 'waiting',
  retry: 'waiting',
  active: 'running',
  completed: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** What pg-boss calls a state; a job that was begun and waits is one to retry. */
export function bossState(state: JobState, attempt: number): BossState {
  if (state === 'waiting') return attempt > 0 ? 'retry' : 'created';
  return (Object.keys(STATES) as BossState[]).find((one) => STATES[one] === state)!;
}

export interface BossData {
  readonly key: string;
  readonly json: string;
}

export interface BossOutput {
  readonly why?: string;
  readonly result?: string;
}

/** A job as pg-boss's table has it, times in milliseconds. */
export interface BossRow {
  readonly id: string;
  readonly name: string;
  readonly state: BossState;
  readonly data: BossData;
  readonly priority: number;
  readonly retry_count: number;
  readonly has_begun: boolean;
  readonly run_at: number;
  readonly created: number;
  readonly ended: number | null;
  readonly output: BossOutput | null;
  readonly progress: string | null;
}

interface Tables {
  readonly 'pgboss.job': { id: string; name: string; state: BossState };
}

/** What pg-boss 12 has no call for is read from its table; the pinned version and the contract's tests hold it. */
export class BossRows {
  readonly #database: Database;
  readonly #kinds: readonly string[];

  constructor(database: Database, kinds: readonly string[]) {
    this.#database = database;
    this.#kinds = kinds;
  }

  claimed(jobs: readonly JobWithMetadata<object>[]): Job[] {
    return jobs.map((job) => {
      const { key, json } = job.data as BossData;
      return {
        id: job.id,
        kind: job.name,
        key,
        data: JSON.parse(json) as Json,
        priority: job.priority,
        state: 'running',
        attempt: job.retryCount + 1,
        runAt: job.startAfter.getTime(),
        created: job.createdOn.getTime(),
        ...whyOf(job.output as BossOutput | null),
      };
    });
  }

  async kindOf(id: string): Promise<string | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#tables
      .selectFrom('pgboss.job')
      .select('name')
      .where('name', 'in', this.#kinds)
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.name;
  }

  async read(id: string): Promise<Job | undefined> {
    if (!UUID.test(id)) return undefined;
    // By the primary key, which begins with the name.
    const where = sql`job.name IN (${sql.join(this.#kinds)}) AND job.id = ${id}`;
    const row = await allBossJobs(this.#database.tables(), where).executeTakeFirst();
    return row && jobOfBossRow(row);
  }

  async list({ kind, state, after, limit }: JobsQuery) {
    let query = allBossJobs(this.#database.tables());
    if (kind !== undefined) query = query.where('name', '=', kind);
    if (state !== undefined) {
      const states = (Object.keys(STATES) as BossState[]).filter((one) => STATES[one] === state);
      query = query.where('state', 'in', states);
    }
    const { rows, next } = await readPage(query, {
      keys: [
        { name: 'created', type: 'integer' },
        { name: 'id', type: 'text' },
      ],
      direction: 'desc',
      after,
      limit,
    });
    return { jobs: rows.map(jobOfBossRow), ...(next === undefined ? {} : { next }) };
  }

  async counts(): Promise<readonly JobCount[]> {
    const rows = await this.#tables
      .selectFrom('pgboss.job')
      .select((e) => ['name', 'state', e.fn.countAll<number>().as('count')])
      .groupBy(['name', 'state'])
      .execute();
    const counts = new Map<string, JobCount>();
    for (const { name, state, count } of rows) {
      const at = `${name} ${STATES[state]}`;
      const before = counts.get(at)?.count ?? 0;
      counts.set(at, { kind: name, state: STATES[state], count: before + count });
    }
    return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
  }

  /** Makes the present attempt the last. */
  async lastAttempt(tables: QueryExecutorProvider, { id, kind, attempt }: Claim): Promise<void> {
    await sql`UPDATE pgboss.job SET retry_limit = retry_count
      WHERE name = ${kind} AND id = ${id} AND state = 'active'
        AND retry_count = ${attempt - 1}`.execute(tables);
  }

  get #tables(): Kysely<Tables> {
    return this.#database.tables<Tables>();
  }
}

/** What is no id is not there; PostgreSQL would not compare it. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** pg-boss's table, as a query that can be narrowed. */
export function allBossJobs(tables: Kysely<unknown>, where = sql`true`) {
  const ms = (column: string) =>
    sql`CAST(floor(extract(epoch FROM ${sql.ref(column)}) * 1000) AS bigint)`;
  const rows = sql<BossRow>`(
      SELECT job.id::text AS id, name, state, data, priority, retry_count,
        started_on IS NOT NULL AS has_begun, ${ms('start_after')} AS run_at,
        ${ms('created_on')} AS created, ${ms('completed_on')} AS ended, output,
        CASE WHEN state = 'active' AND job_progress.attempt = retry_count + 1
          THEN progress END AS progress
      FROM pgboss.job LEFT JOIN job_progress ON job_progress.id = job.id::text
      WHERE ${where})`;
  return tables.selectFrom(rows.as('jobs')).selectAll();
}

export function jobOfBossRow(row: BossRow): Job {
  return {
    id: row.id,
    kind: row.name,
    key: row.data.key,
    data: JSON.parse(row.data.json) as Json,
    priority: row.priority,
    state: STATES[row.state],
    attempt: row.has_begun ? row.retry_count + 1 : 0,
    runAt: row.run_at,
    created: row.created,
    ...(row.ended === null ? {} : { ended: row.ended }),
    ...(row.progress === null ? {} : { progress: JSON.parse(row.progress) as Json }),
    ...(row.output?.result === undefined ? {} : { result: JSON.parse(row.output.result) as Json }),
    ...whyOf(row.output),
  };
}

/** An output that is not ours is pg-boss's own: it gave the attempt up. */
function whyOf(output: BossOutput | null): { why?: string } {
  if (output === null || output.result !== undefined) return {};
  return { why: output.why ?? ABANDONED };
}
