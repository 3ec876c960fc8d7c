import type { Json } from '@avow/log';
import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import { type Database, migrate, readPage } from '../database/index.ts';
import { nextChange } from './change.ts';
import {
  ABANDONED,
  type Claim,
  DEFAULT_KIND,
  holdToKinds,
  JOBS_CHANNEL,
  type Job,
  type JobCount,
  type JobKinds,
  type JobQueue,
  type JobsQuery,
  KEPT_SECONDS,
  type KindSettings,
  type NewJob,
  toldWhy,
} from './queue.ts';
import { byTurn, JOB_STEPS, type JobRow, type JobTables, jobOf, newRow } from './sqlite-rows.ts';

/** How often a process looks for jobs whose worker is gone, and for those long finished. */
const SWEEP_MS = 1_000;
/** Jobs written with one statement. */
const CHUNK = 500;

/** Jobs in a table of SQLite, for the processes of one machine. */
export class SqliteJobs implements JobQueue {
  readonly #database: Database;
  readonly #kinds: JobKinds;
  readonly #clock: () => number;
  #sweptAt = Number.NEGATIVE_INFINITY;

  private constructor(database: Database, kinds: JobKinds, clock: () => number) {
    this.#database = database;
    this.#kinds = kinds;
    this.#clock = clock;
  }

  static async open(
    database: Database,
    kinds: JobKinds,
    clock: () => number = Date.now,
  ): Promise<SqliteJobs> {
    await migrate(database, 'jobs', JOB_STEPS);
    return new SqliteJobs(database, kinds, clock);
  }

  async enqueue(
    jobs: readonly NewJob[],
    tables: QueryExecutorProvider = this.#tables,
  ): Promise<readonly string[]> {
    holdToKinds(jobs, this.#kinds);
    const now = this.#clock();
    const rows = jobs.map((job) => newRow(job, now));
    for (let from = 0; from < rows.length; from += CHUNK) {
      await (tables as Kysely<JobTables>)
        .insertInto('jobs')
        .values(rows.slice(from, from + CHUNK))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    return rows.map(({ id }) => id);
  }

  async claim(kinds: readonly string[], limit: number): Promise<readonly Job[]> {
    await this.#sweep();
    const claimed: Job[] = [];
    for (const kind of kinds) {
      if (claimed.length === limit) break;
      claimed.push(...(await this.#claimOf(kind, limit - claimed.length)));
    }
    return claimed;
  }

  async #claimOf(kind: string, limit: number): Promise<readonly Job[]> {
    const now = this.#clock();
    const next = this.#tables
      .selectFrom('jobs')
      .select('id')
      .where('kind', '=', kind)
      .where('state', '=', 'waiting')
      .where('run_at', '<=', now)
      .orderBy('priority', 'desc')
      .orderBy('created')
      .orderBy('id')
      .limit(limit);
    // A look costs no sync; most find nothing.
    if ((await next.execute()).length === 0) return [];
    const rows = await this.#tables
      .updateTable('jobs')
      .set({
        state: 'running',
        attempt: sql`attempt + 1`,
        lease_until: now + this.#settings(kind).leaseSeconds * 1_000,
        progress: null,
      })
      .where('id', 'in', next)
      .returningAll()
      .execute();
    return rows.map(jobOf).sort(byTurn);
  }

  async heartbeat({ id, kind, attempt }: Claim, progress?: Json): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('jobs')
      .set({
        lease_until: this.#clock() + this.#settings(kind).leaseSeconds * 1_000,
        ...(progress === undefined ? {} : { progress: JSON.stringify(progress) }),
      })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .where('attempt', '=', attempt)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  complete<EffectTables>(
    claim: Claim,
    result?: Json,
    effect?: (tables: Transaction<EffectTables>) => Promise<void>,
  ): Promise<boolean> {
    const done = {
      state: 'done',
      ended: this.#clock(),
      lease_until: null,
      result: result === undefined ? null : JSON.stringify(result),
      why: null,
    } as const;
    if (effect === undefined) return settle(this.#tables, claim, done);
    return this.#database.transaction<JobTables, boolean>(async (tables) => {
      if (!(await settle(tables, claim, done))) return false;
      await effect(tables as unknown as Transaction<EffectTables>);
      return true;
    });
  }

  async fail(claim: Claim, why: string, isFinal = false): Promise<boolean> {
    const settings = this.#settings(claim.kind);
    const now = this.#clock();
    const isLast = isFinal || claim.attempt > settings.retries;
    return settle(
      this.#tables,
      claim,
      isLast
        ? { state: 'failed', ended: now, lease_until: null, why: toldWhy(why) }
        : {
            state: 'waiting',
            run_at: now + pauseMs(settings, claim.attempt),
            lease_until: null,
            why: toldWhy(why),
          },
    );
  }

  async cancel(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('jobs')
      .set({ state: 'cancelled', ended: this.#clock(), lease_until: null })
      .where('id', '=', id)
      .where('state', 'in', ['waiting', 'running'])
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async read(id: string): Promise<Job | undefined> {
    const row = await this.#tables
      .selectFrom('jobs')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && jobOf(row);
  }

  async list({ kind, state, after, limit }: JobsQuery) {
    let query = this.#tables.selectFrom('jobs').selectAll();
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (state !== undefined) query = query.where('state', '=', state);
    const { rows, next } = await readPage(query, {
      keys: [
        { name: 'created', type: 'integer' },
        { name: 'id', type: 'text' },
      ],
      direction: 'desc',
      after,
      limit,
    });
    return { jobs: rows.map(jobOf), ...(next === undefined ? {} : { next }) };
  }

  async counts(): Promise<readonly JobCount[]> {
    return this.#tables
      .selectFrom('jobs')
      .select((e) => ['kind', 'state', e.fn.countAll<number>().as('count')])
      .groupBy(['kind', 'state'])
      .orderBy('kind')
      .orderBy('state')
      .execute();
  }

  whenChanged(ms: number, signal?: AbortSignal): Promise<void> {
    return nextChange(this.#database, JOBS_CHANNEL, ms, signal);
  }

  async close(): Promise<void> {}

  get #tables(): Kysely<JobTables> {
    return this.#database.tables<JobTables>();
  }

  #settings(kind: string): Required<KindSettings> {
    return { ...DEFAULT_KIND, ...this.#kinds[kind] };
  }

  /** Begins again what dead workers had, and forgets what ended long ago. */
  async #sweep(): Promise<void> {
    const now = this.#clock();
    // A clock that was set back must not put it off.
    if (Math.abs(now - this.#sweptAt) < SWEEP_MS) return;
    this.#sweptAt = now;
    const running = await this.#tables
      .selectFrom('jobs')
      .select(['id', 'kind', 'attempt', 'lease_until'])
      .where('state', '=', 'running')
      .execute();
    for (const claim of running) {
      const left = claim.lease_until! - now;
      // A lease longer than any is of a clock that was set back since.
      const longest = this.#settings(claim.kind).leaseSeconds * 1_000;
      if (left < 0 || left > longest) await this.fail(claim, ABANDONED);
    }
    const old = this.#tables
      .selectFrom('jobs')
      .select('id')
      .where('ended', '<', now - KEPT_SECONDS * 1_000)
      .limit(CHUNK);
    if ((await old.execute()).length > 0) {
      await this.#tables.deleteFrom('jobs').where('id', 'in', old).execute();
    }
  }
}

async function settle(
  tables: Kysely<JobTables>,
  claim: Claim,
  to: Partial<JobRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tables
    .updateTable('jobs')
    .set({ ...to, progress: null })
    .where('id', '=', claim.id)
    .where('state', '=', 'running')
    .where('attempt', '=', claim.attempt)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Doubled with each attempt, and of random length within it, so that what failed together parts. */
function pauseMs(
  { retrySeconds, maxRetrySeconds }: Required<KindSettings>,
  attempt: number,
): number {
  const longest = Math.min(retrySeconds * 2 ** Math.min(attempt - 1, 16), maxRetrySeconds);
  return Math.ceil(longest * 1_000 * (0.5 + Math.random() / 2));
}
