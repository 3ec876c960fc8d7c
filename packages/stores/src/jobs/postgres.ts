import type { Json } from '@avow/log';
import { CompiledQuery, type Kysely, type QueryExecutorProvider, type Transaction } from 'kysely';
import { type Db, type JobAttempt, PgBoss } from 'pg-boss';
import { type Database, migrate, type Step } from '../database/index.ts';
import { nextChange } from './change.ts';
import { BossRows } from './postgres-rows.ts';
import {
  type Claim,
  DEFAULT_KIND,
  holdToKinds,
  JOBS_CHANNEL,
  type Job,
  type JobCount,
  type JobKinds,
  type JobQueue,
  type JobsQuery,
  jobId,
  KEPT_SECONDS,
  type NewJob,
  toldWhy,
} from './queue.ts';

/** Progress changes often; pg-boss's own rows are indexed five ways. */
const STEPS: readonly Step[] = [
  [
    'CREATE TABLE job_progress (id {text} PRIMARY KEY, attempt {integer} NOT NULL, progress {text})',
  ],
];

interface Tables {
  readonly job_progress: { id: string; attempt: number; progress: string };
}

/** pg-boss deletes what waited longer; nothing that was asked for may be lost. */
const NEVER_SECONDS = 10 * 365 * 86_400;
/** The longest that pg-boss takes; the runner's limits are shorter. */
const LONGEST_SECONDS = 86_400;
/** How often some process looks for jobs whose worker is gone. */
const SWEEP_SECONDS = 5;
/** Changes are told together. */
const TELL_MS = 20;
/** Jobs written with one statement. */
const CHUNK = 1_000;

/**
 * Jobs of many machines: pg-boss 12 over our own connections, so that a job is
 * put, and ended, in the transaction that it belongs to.
 */
export class PostgresJobs implements JobQueue {
  readonly #database: Database;
  readonly #kinds: JobKinds;
  readonly #boss: PgBoss;
  readonly #rows: BossRows;
  #telling: NodeJS.Timeout | undefined;

  private constructor(database: Database, kinds: JobKinds, boss: PgBoss) {
    this.#database = database;
    this.#kinds = kinds;
    this.#boss = boss;
    this.#rows = new BossRows(database, Object.keys(kinds));
  }

  static async open(
    database: Database,
    kinds: JobKinds,
    onTrouble: (error: unknown) => void,
  ): Promise<PostgresJobs> {
    await migrate(database, 'job_progress', STEPS);
    const boss = new PgBoss({
      db: bossOn(database.tables()),
      schedule: false,
      superviseIntervalSeconds: SWEEP_SECONDS,
      monitorIntervalSeconds: SWEEP_SECONDS,
    });
    boss.on('error', onTrouble);
    await boss.start();
    for (const [kind, given] of Object.entries(kinds)) {
      const { retries, retrySeconds, maxRetrySeconds, leaseSeconds } = {
        ...DEFAULT_KIND,
        ...given,
      };
      const options = {
        retryLimit: retries,
        retryDelay: retrySeconds,
        retryDelayMax: maxRetrySeconds,
        retryBackoff: true,
        heartbeatSeconds: leaseSeconds,
        expireInSeconds: LONGEST_SECONDS,
        retentionSeconds: NEVER_SECONDS,
        deleteAfterSeconds: KEPT_SECONDS,
      };
      await boss.createQueue(kind, options);
      await boss.updateQueue(kind, options);
    }
    return new PostgresJobs(database, kinds, boss);
  }

  async enqueue(
    jobs: readonly NewJob[],
    tables?: QueryExecutorProvider,
  ): Promise<readonly string[]> {
    holdToKinds(jobs, this.#kinds);
    const ids = jobs.map(({ kind, key }) => jobId(kind, key));
    const kinds = new Map<string, Map<string, NewJob>>();
    for (const [index, job] of jobs.entries()) {
      const ofKind = kinds.get(job.kind) ?? new Map<string, NewJob>();
      if (!ofKind.has(ids[index]!)) ofKind.set(ids[index]!, job);
      kinds.set(job.kind, ofKind);
    }
    for (const [kind, ofKind] of kinds) {
      const rows = [...ofKind].map(([id, job]) => bossJob(id, job));
      for (let from = 0; from < rows.length; from += CHUNK) {
        await this.#boss.insert(kind, rows.slice(from, from + CHUNK), {
          db: bossOn(tables ?? this.#tables),
        });
      }
    }
    // In the caller's transaction, for only that one knows when it is committed.
    if (tables === undefined) this.#tell();
    else await this.#database.notify(JOBS_CHANNEL, tables);
    return ids;
  }

  async claim(kinds: readonly string[], limit: number): Promise<readonly Job[]> {
    const claimed: Job[] = [];
    for (const kind of kinds) {
      if (claimed.length === limit) break;
      const batchSize = limit - claimed.length;
      const jobs = await this.#boss.fetch<object>(kind, { batchSize, includeMetadata: true });
      claimed.push(...this.#rows.claimed(jobs));
    }
    return claimed;
  }

  async heartbeat(claim: Claim, progress?: Json): Promise<boolean> {
    const held = await this.#boss.touch(claim.kind, attemptOf(claim));
    if (!isOne(held)) return false;
    if (progress === undefined) return true;
    const row = { attempt: claim.attempt, progress: JSON.stringify(progress) };
    await this.#tables
      .insertInto('job_progress')
      .values({ id: claim.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    this.#tell();
    return true;
  }

  async complete<EffectTables>(
    claim: Claim,
    result?: Json,
    effect?: (tables: Transaction<EffectTables>) => Promise<void>,
  ): Promise<boolean> {
    const output = result === undefined ? null : { result: JSON.stringify(result) };
    // pg-boss checks the claim and changes its row at once; only what the caller adds may need more.
    const isolation = effect === undefined ? 'read committed' : 'serializable';
    return this.#settled(isolation, async (tables) => {
      const db = bossOn(tables);
      const done = await this.#boss.complete(claim.kind, attemptOf(claim), output, { db });
      if (!isOne(done)) return false;
      await tables.deleteFrom('job_progress').where('id', '=', claim.id).execute();
      await effect?.(tables as unknown as Transaction<EffectTables>);
      return true;
    });
  }

  async fail(claim: Claim, why: string, isFinal = false): Promise<boolean> {
    return this.#settled('read committed', async (tables) => {
      if (isFinal) await this.#rows.lastAttempt(tables, claim);
      const db = bossOn(tables);
      return isOne(
        await this.#boss.fail(claim.kind, attemptOf(claim), { why: toldWhy(why) }, { db }),
      );
    });
  }

  async cancel(id: string): Promise<boolean> {
    const kind = await this.#rows.kindOf(id);
    if (kind === undefined) return false;
    const isCancelled = isOne(await this.#boss.cancel(kind, id));
    if (isCancelled) this.#tell();
    return isCancelled;
  }

  read(id: string): Promise<Job | undefined> {
    return this.#rows.read(id);
  }

  list(query: JobsQuery) {
    return this.#rows.list(query);
  }

  counts(): Promise<readonly JobCount[]> {
    return this.#rows.counts();
  }

  whenChanged(ms: number, signal?: AbortSignal): Promise<void> {
    return nextChange(this.#database, JOBS_CHANNEL, ms, signal);
  }

  async close(): Promise<void> {
    clearTimeout(this.#telling);
    await this.#boss.stop({ graceful: false, close: false });
  }

  get #tables(): Kysely<Tables> {
    return this.#database.tables<Tables>();
  }

  async #settled(
    isolation: 'read committed' | 'serializable',
    settle: (tables: Transaction<Tables>) => Promise<boolean>,
  ): Promise<boolean> {
    const isSettled = await this.#database.transaction<Tables, boolean>(settle, { isolation });
    if (isSettled) this.#tell();
    return isSettled;
  }

  /**
   * Soon, and once for many: transactions that notify are committed one after
   * the other (PostgreSQL 15, `PreCommit_Notify`), and could not share a sync.
   */
  #tell(): void {
    if (this.#telling !== undefined) return;
    this.#telling = setTimeout(() => {
      this.#telling = undefined;
      // Who listens also looks by himself.
      this.#database.notify(JOBS_CHANNEL).catch(() => {});
    }, TELL_MS);
  }
}

/** pg-boss's statements, where ours go. */
function bossOn(tables: QueryExecutorProvider): Db {
  return {
    executeSql: async (text, values = []) => {
      const { rows } = await (tables as Kysely<unknown>).executeQuery(
        CompiledQuery.raw(text, values),
      );
      return { rows };
    },
  };
}

/** Kept as text: `jsonb` sorts keys anew and refuses U+0000. */
function bossJob(id: string, { key, data, priority = 0, runAt }: NewJob) {
  return {
    id,
    priority,
    data: { key, json: JSON.stringify(data) },
    ...(runAt === undefined ? {} : { startAfter: new Date(runAt) }),
  };
}

function attemptOf({ id, attempt }: Claim): JobAttempt {
  return { id, retryCount: attempt - 1 };
}

function isOne(response: object): boolean {
  return (response as { affected: number }).affected === 1;
}
