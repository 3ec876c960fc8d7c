/**
 * What storage does a second, on SQLite and folders and, where it is installed,
 * on PostgreSQL with its syncs on. `node bench/stores.ts [SECONDS] [JOBS]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, S3Double, TEST_CREDENTIALS, TestPostgres } from '@avow/stores/contract';
import { type Database, migrate, openDatabase } from '@avow/stores/database';
import { openJobs, work } from '@avow/stores/jobs';
import { type ObjectStore, openObjects } from '@avow/stores/objects';

const seconds = Number(process.argv[2] ?? 5);
const jobs = Number(process.argv[3] ?? 5_000);
const KINDS = { count: {} };
const LANES = 8;

interface Tables {
  commits: { lane: number; number: number };
}

function say(what: string, figure: string): void {
  console.log(`${what.padEnd(60)} ${figure.padStart(12)}`);
}

/** How often `one` is done in a second, by `lanes` at once. */
async function rate(lanes: number, one: (lane: number, number: number) => Promise<unknown>) {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let done = 0;
  const lane = async (own: number) => {
    for (let number = 0; performance.now() < end; number++) {
      await one(own, number);
      done++;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, own) => lane(own)));
  return (done / ((performance.now() - begun) / 1_000)).toFixed(0);
}

async function databaseFigures(name: string, url: string): Promise<void> {
  const database = await openDatabase(url);
  const table =
    'CREATE TABLE commits (lane {integer} NOT NULL, number {integer} NOT NULL) {strict}';
  await migrate(database, 'bench', [[table]]);
  const tables = database.tables<Tables>();
  for (const lanes of [1, LANES]) {
    const commits = await rate(lanes, (lane, number) =>
      tables.insertInto('commits').values({ lane, number }).execute(),
    );
    say(`${name}: synced commits a second, ${lanes} at once`, commits);
  }
  const transactions = await rate(LANES, (lane, number) =>
    database.transaction<Tables, void>(async (own) => {
      await own.selectFrom('commits').select('number').limit(1).execute();
      await own.insertInto('commits').values({ lane, number }).execute();
    }),
  );
  say(`${name}: serializable transactions a second, ${LANES} at once`, transactions);
  const reads = await rate(LANES, (lane) =>
    tables.selectFrom('commits').selectAll().where('lane', '=', lane).limit(1).execute(),
  );
  say(`${name}: point reads a second, ${LANES} at once`, reads);
  await jobFigures(name, database);
  await database.close();
}

async function jobFigures(name: string, database: Database): Promise<void> {
  const queue = await openJobs(database, KINDS);
  const begun = performance.now();
  await queue.enqueue(
    Array.from({ length: jobs }, (_, index) => ({ kind: 'count', key: `${index}`, data: index })),
  );
  say(`${name}: jobs queued a second`, perSecond(begun));
  const stopping = new AbortController();
  const started = performance.now();
  let done = 0;
  await work(queue, {
    kinds: KINDS,
    atOnce: 20,
    signal: stopping.signal,
    onTrouble: console.error,
    handlers: {
      count: async () => {
        if (++done === jobs) stopping.abort();
        return {};
      },
    },
  });
  say(`${name}: jobs claimed, done and ended a second, one process`, perSecond(started));
  await queue.close();
}

function perSecond(begun: number): string {
  return (jobs / ((performance.now() - begun) / 1_000)).toFixed(0);
}

async function objectFigures(name: string, objects: ObjectStore): Promise<void> {
  const bytes = new Uint8Array(8_192).fill(7);
  for (const lanes of [1, LANES]) {
    const puts = await rate(lanes, (lane, number) =>
      objects.put(`put-${lanes}/${lane}/${number}`, bytes),
    );
    say(`${name}: objects of 8 KB put a second, ${lanes} at once`, puts);
  }
  const gets = await rate(LANES, (lane) => objects.get(`put-1/0/${lane}`));
  say(`${name}: objects of 8 KB read a second, ${LANES} at once`, gets);
  await objects.close();
}

const folder = mkdtempSync(join(tmpdir(), 'avow-bench-'));
await databaseFigures('SQLite', `sqlite:${join(folder, 'rows.sqlite')}`);
const found = findPostgres();
if ('folder' in found) {
  const postgres = await TestPostgres.start(found.folder, { isDurable: true });
  await databaseFigures('PostgreSQL', await postgres.newDatabase());
  await postgres.stop();
} else console.log(`PostgreSQL: ${found.reason}`);
await objectFigures('folder', await openObjects(`file:${join(folder, 'objects')}`));
const double = await S3Double.start();
await objectFigures(
  'bucket (ours, in this process)',
  await openObjects(double.url(), { credentials: TEST_CREDENTIALS }),
);
await double.stop();
rmSync(folder, { recursive: true });
