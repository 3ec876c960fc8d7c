import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Database, type DatabaseOptions, openDatabase } from '../database/database.ts';
import { findPostgres, TestPostgres } from './postgres.ts';

/** One test's empty database, and the folder beside it; both are gone after the test. */
export interface TestPlace {
  readonly url: string;
  readonly folder: string;
  /** Opened again and again it is the same database, as for several processes. */
  open(options?: DatabaseOptions): Promise<Database>;
}

export type DatabaseTest = (title: string, work: (place: TestPlace) => Promise<void>) => void;

/** Set where PostgreSQL must be there: its absence is a failure then. */
const IS_REQUIRED = process.env['AVOW_REQUIRE_POSTGRES'] === '1';

/** Runs tests on SQLite, and on PostgreSQL where it is installed. */
export function onEachDatabase(name: string, tests: (test: DatabaseTest) => void): void {
  onSqlite(name, tests);
  onPostgres(name, tests);
}

export function onSqlite(name: string, tests: (test: DatabaseTest) => void): void {
  describe(`${name} on SQLite`, () => {
    tests((title, work) => {
      test(title, () =>
        inPlace((folder) => ({ url: `sqlite:${join(folder, 'rows.sqlite')}` }), work),
      );
    });
  });
}

/** Skipped, with the reason, where PostgreSQL is not installed. */
export function onPostgres(
  name: string,
  tests: (test: DatabaseTest, server: () => TestPostgres) => void,
): void {
  const found = findPostgres();
  if ('reason' in found && IS_REQUIRED) throw new Error(found.reason);
  const skip = 'reason' in found ? found.reason : false;
  describe(`${name} on PostgreSQL`, { skip }, () => {
    let postgres: TestPostgres;
    before(async () => {
      if ('folder' in found) postgres = await TestPostgres.start(found.folder);
    });
    after(() => postgres?.stop());
    const run: DatabaseTest = (title, work) => {
      test(title, () => inPlace(async () => ({ url: await postgres.newDatabase() }), work));
    };
    tests(run, () => postgres);
  });
}

async function inPlace(
  make: (folder: string) => Pick<TestPlace, 'url'> | Promise<Pick<TestPlace, 'url'>>,
  work: (place: TestPlace) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-database-'));
  const opened: Database[] = [];
  try {
    const place = await make(folder);
    const open = async (options?: DatabaseOptions): Promise<Database> => {
      const database = await openDatabase(place.url, options);
      opened.push(database);
      return database;
    };
    await work({ ...place, folder, open });
  } finally {
    for (const database of opened) await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
