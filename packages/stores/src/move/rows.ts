import { Refused } from '@avow/bytes';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Database, type DialectName, SearchIndex } from '../database/index.ts';
import { adoptJobs, type JobKinds, openJobs, storedJobs } from '../jobs/index.ts';
import { countersOf, setCounters } from './counters.ts';
import { RowSum } from './sum.ts';
import { type Row, rowsOf, shapesOf, type TableShape } from './tables.ts';

/** What was copied of one table; `jobs` is one of them. */
export interface CopiedTable {
  readonly name: string;
  readonly rows: number;
  /** Of the rows in any order; the same on both sides. */
  readonly digest: string;
}

export interface CopyOptions {
  /** Makes the tables of every concern, as a server's start does. */
  readonly prepare: (database: Database) => Promise<void>;
  readonly kinds: JobKinds;
}

/**
 * Copies every row from one database to an empty one of either engine, as of
 * one moment, in one transaction; reads back what it wrote and compares. Jobs
 * that were running wait again.
 *
 * Refuses `move.tables` when the two have not the same tables (another version
 * made one of them), `move.not-empty`, and `move.differs` when what was read
 * back is not what was written: then nothing was.
 */
export async function copyRows(
  from: Database,
  to: Database,
  { prepare, kinds }: CopyOptions,
): Promise<readonly CopiedTable[]> {
  await prepare(to);
  await (await openJobs(to, kinds)).close();
  return from.transaction<unknown, readonly CopiedTable[]>(
    (source) =>
      to.transaction<unknown, readonly CopiedTable[]>(
        (target) => copy(source, from.dialect, target, to.dialect),
        // One writer in an empty database.
        { isolation: 'read committed' },
      ),
    { isReadOnly: true },
  );
}

async function copy(
  source: Transaction<unknown>,
  fromDialect: DialectName,
  target: Transaction<unknown>,
  toDialect: DialectName,
): Promise<readonly CopiedTable[]> {
  const shapes = await shapesOf(source, fromDialect);
  holdAlike(shapes, await shapesOf(target, toDialect));
  const copied: CopiedTable[] = [];
  for (const shape of shapes) {
    await refuseRows(target, shape.name);
    const written = new RowSum();
    for await (const rows of rowsOf(source, fromDialect, shape)) {
      for (const row of rows) written.add(row, shape.columns);
      await insert(target, toDialect, shape, rows);
    }
    const read = new RowSum();
    for await (const rows of rowsOf(target, toDialect, shape)) {
      for (const row of rows) read.add(row, shape.columns);
    }
    copied.push(held(shape.name, written, read));
  }
  await setCounters(target, toDialect, await countersOf(source, fromDialect));
  return [...copied, await copyJobs(source, fromDialect, target, toDialect)];
}

function held(name: string, written: RowSum, read: RowSum): CopiedTable {
  if (written.rows !== read.rows || written.digest !== read.digest) {
    throw new Refused(
      'move.differs',
      undefined,
      `${name}: ${written.rows} rows were written, ${read.rows} read back, not all the same`,
    );
  }
  return { name, rows: written.rows, digest: written.digest };
}

function holdAlike(source: readonly TableShape[], target: readonly TableShape[]): void {
  const told = (shapes: readonly TableShape[]) =>
    new Set(shapes.map(({ name, columns }) => `${name} (${columns.join(', ')})`));
  const [here, there] = [told(source), told(target)];
  const lacking = [...here].filter((one) => !there.has(one));
  const more = [...there].filter((one) => !here.has(one));
  if (lacking.length + more.length === 0) return;
  throw new Refused(
    'move.tables',
    undefined,
    `only in the source: ${lacking.join('; ') || 'none'}. Only in the target: ${more.join('; ') || 'none'}`,
  );
}

async function refuseRows(target: Kysely<unknown>, name: string): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(target);
  if (rows.length > 0) throw new Refused('move.not-empty', undefined, `${name} has rows already`);
}

/** SQLite takes 32,766 values in one statement, PostgreSQL 65,535. */
const MAX_VALUES = 30_000;

async function insert(
  target: Kysely<unknown>,
  dialect: DialectName,
  { name, columns, isSearch }: TableShape,
  rows: readonly Row[],
): Promise<void> {
  if (isSearch) {
    const texts = rows.map(({ key, words }) => ({ key: key as string, text: words as string }));
    await new SearchIndex(name, dialect).put(target, texts);
    return;
  }
  const most = Math.floor(MAX_VALUES / columns.length);
  for (let from = 0; from < rows.length; from += most) {
    await (target as Kysely<Record<string, Row>>)
      .insertInto(name)
      .values(rows.slice(from, from + most) as never)
      .execute();
  }
}

const JOB_COLUMNS = [
  'id',
  'kind',
  'key',
  'data',
  'priority',
  'state',
  'attempt',
  'runAt',
  'created',
  'ended',
  'result',
  'why',
];

async function copyJobs(
  source: Kysely<unknown>,
  fromDialect: DialectName,
  target: Kysely<unknown>,
  toDialect: DialectName,
): Promise<CopiedTable> {
  await refuseRows(target, toDialect === 'sqlite' ? 'jobs' : 'pgboss.job');
  const [written, read] = [new RowSum(), new RowSum()];
  for await (const jobs of storedJobs(source, fromDialect)) {
    const waiting = jobs.map((job) =>
      job.state === 'running' ? { ...job, state: 'waiting' as const } : job,
    );
    for (const job of waiting) written.add({ ...job }, JOB_COLUMNS);
    await adoptJobs(target, toDialect, waiting);
  }
  for await (const jobs of storedJobs(target, toDialect)) {
    for (const job of jobs) read.add({ ...job }, JOB_COLUMNS);
  }
  return held('jobs', written, read);
}
