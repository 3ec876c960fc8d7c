import { type Kysely, sql } from 'kysely';
import type { DialectName } from '../database/index.ts';
import { allBossJobs, type BossRow, bossState, jobOfBossRow } from './postgres-rows.ts';
import type { Job } from './queue.ts';
import { type JobRow, jobOf } from './sqlite-rows.ts';

/** Jobs read or written at once. */
const CHUNK = 1_000;

/** Every job, in no order, within a transaction. */
export function storedJobs(
  tables: Kysely<unknown>,
  dialect: DialectName,
): AsyncGenerator<readonly Job[]> {
  return dialect === 'sqlite' ? sqliteJobs(tables) : bossJobs(tables);
}

async function* sqliteJobs(tables: Kysely<unknown>): AsyncGenerator<readonly Job[]> {
  for (let last = ''; ; ) {
    const rows = await (tables as Kysely<{ jobs: JobRow }>)
      .selectFrom('jobs')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(CHUNK)
      .execute();
    if (rows.length === 0) return;
    last = rows.at(-1)!.id;
    yield rows.map(jobOf);
  }
}

async function* bossJobs(tables: Kysely<unknown>): AsyncGenerator<readonly Job[]> {
  await sql`DECLARE copy_jobs NO SCROLL CURSOR FOR ${allBossJobs(tables)}`.execute(tables);
  for (;;) {
    const { rows } = await sql<BossRow>`FETCH ${sql.lit(CHUNK)} FROM copy_jobs`.execute(tables);
    if (rows.length === 0) break;
    yield rows.map(jobOfBossRow);
  }
  await sql`CLOSE copy_jobs`.execute(tables);
}

/** Puts jobs as they are, ended ones too; what runs elsewhere is the caller's to settle. */
export async function adoptJobs(
  tables: Kysely<unknown>,
  dialect: DialectName,
  jobs: readonly Job[],
): Promise<void> {
  if (dialect === 'sqlite') await adoptInSqlite(tables, jobs);
  else await adoptInBoss(tables, jobs);
}

async function adoptInSqlite(tables: Kysely<unknown>, jobs: readonly Job[]): Promise<void> {
  const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await (tables as Kysely<{ jobs: JobRow }>)
    .insertInto('jobs')
    .values(
      jobs.map((job) => ({
        id: job.id,
        kind: job.kind,
        key: job.key,
        data: JSON.stringify(job.data),
        priority: job.priority,
        state: job.state,
        attempt: job.attempt,
        run_at: job.runAt,
        created: job.created,
        lease_until: null,
        ended: job.ended ?? null,
        progress: null,
        result: text(job.result),
        why: job.why ?? null,
      })),
    )
    .execute();
}

/** Through the settings of the kind's queue, as pg-boss's own insert does. */
async function adoptInBoss(tables: Kysely<unknown>, jobs: readonly Job[]): Promise<void> {
  const rows = jobs.map(
    ({ id, kind, key, data, priority, state, attempt, result, why, ...times }) => ({
      id,
      name: kind,
      data: { key, json: JSON.stringify(data) },
      priority,
      state: bossState(state, attempt),
      retry_count: Math.max(0, attempt - 1),
      has_begun: attempt > 0,
      run_at: times.runAt,
      created: times.created,
      ended: times.ended ?? null,
      output:
        result !== undefined
          ? { result: JSON.stringify(result) }
          : why !== undefined
            ? { why }
            : null,
    }),
  );
  const time = (name: string) => sql`to_timestamp(${sql.ref(name)} / 1000.0)`;
  await sql`
    INSERT INTO pgboss.job (id, name, data, priority, state, retry_limit, retry_count, retry_delay,
      retry_backoff, retry_delay_max, expire_seconds, heartbeat_seconds, deletion_seconds, policy,
      start_after, created_on, started_on, completed_on, keep_until, output)
    SELECT jobs.id, jobs.name, jobs.data, jobs.priority, jobs.state::pgboss.job_state,
      queue.retry_limit, jobs.retry_count, queue.retry_delay, queue.retry_backoff,
      queue.retry_delay_max, queue.expire_seconds, queue.heartbeat_seconds, queue.deletion_seconds,
      queue.policy, ${time('run_at')}, ${time('created')},
      CASE WHEN has_begun THEN ${time('created')} END, ${time('ended')},
      ${time('run_at')} + queue.retention_seconds * interval '1 second', jobs.output
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS jobs (id uuid, name text, data jsonb,
      priority integer, state text, retry_count integer, has_begun boolean, run_at bigint,
      created bigint, ended bigint, output jsonb)
    JOIN pgboss.queue ON queue.name = jobs.name`.execute(tables);
}
