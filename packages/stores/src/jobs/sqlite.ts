import type { Json } from '@avow/log';
import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import { type Database, migrate, readPage, type Step } from '../database/index.ts';
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
  type JobState,
  type JobsQuery,
  jobId,
  KEPT_SECONDS,
  type KindSettings,
  type NewJob,
  toldWhy,
} from './queue.ts';

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

interface Tables {
  readonly jobs: JobRow;
}

const STEPS: readonly Step[] = [
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
    await migrate(database, 'jobs', STEPS);
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
      await (tables as Kysely<Tables>)
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
    return this.#database.transaction<Tables, boolean>(async (tables) => {
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

  get #tables(): Kysely<Tables> {
    return this.#database.tables<Tables>();
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

async function settle(tables: Kysely<Tables>, claim: Claim, to: Partial<JobRow>): Promise<boolean> {
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

function newRow({ kind, key, data, priority = 0, runAt }: NewJob, now: number): JobRow {
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

function byTurn(one: Job, other: Job): number {
  return (
    other.priority - one.priority || one.created - other.created || (one.id < other.id ? -1 : 1)
  );
}
