import { hash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * Beyond this the readings unused for longest are dropped. The readings of the
 * ten packages of the bench (180 MB of script) take a tenth of it.
 */
export const MAX_CACHE_BYTES = 256_000_000;

/** What is left after dropping, so that it is not done at every run. */
const KEPT_SHARE = 0.75;

/** The layout of the file; another layout is another file. */
const FILE_NAME = 'readings-1.sqlite';

/** How long a run waits for another's write before it goes on without. */
const BUSY_MS = 2_000;

const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS readings (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    day INTEGER NOT NULL,
    reading BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS readings_by_day ON readings (day);
`;

export interface CacheInfo {
  readonly path: string;
  readonly readings: number;
  /** Bytes that it takes on disk. */
  readonly bytes: number;
  readonly maxBytes: number;
}

interface Row {
  readonly digest: Uint8Array;
  readonly reading: Uint8Array;
}

/**
 * Readings of modules under keys that name all they depend on (see
 * `@avow/workers`), in one SQLite file: thousands of small readings a product
 * would be as many files. A cache is a convenience: what cannot be opened,
 * read or written is as if it were not there, and a damaged reading or file is
 * dropped and made anew. Other processes may use it at the same time. Commits
 * are not synced, for a reading lost to a power cut is merely made again.
 */
export class ReadingCache {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #day: number;
  #database: DatabaseSync;
  #find: StatementSync;

  /** `day` counts days, from any start: it orders readings by their last use. Throws when `folder` cannot be written. */
  constructor(folder: string, day: number, maxBytes: number = MAX_CACHE_BYTES) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, FILE_NAME);
    this.#maxBytes = maxBytes;
    this.#day = day;
    [this.#database, this.#find] = this.#open();
  }

  /** The readings that are kept, by key (lower-case hex). */
  read(keys: Iterable<string>): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    this.#attempt(() => {
      for (const key of keys) {
        const row = this.#find.get(Buffer.from(key, 'hex')) as Row | undefined;
        if (row !== undefined && checkOf(row.reading).equals(row.digest)) {
          found.set(key, row.reading);
        }
      }
      this.#markUsed(found.keys());
    });
    return found;
  }

  write(readings: Iterable<readonly [key: string, reading: Uint8Array]>): void {
    this.#attempt(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      const insert = this.#database.prepare(
        'INSERT OR REPLACE INTO readings (key, digest, day, reading) VALUES (?, ?, ?, ?)',
      );
      for (const [key, reading] of readings) {
        insert.run(Buffer.from(key, 'hex'), checkOf(reading), this.#day, reading);
      }
      this.#database.exec('COMMIT');
      this.#evict();
    });
  }

  info(): CacheInfo {
    const { readings } = this.#database
      .prepare('SELECT count(*) AS readings FROM readings')
      .get() as { readings: number };
    return { path: this.path, readings, bytes: this.#bytes(), maxBytes: this.#maxBytes };
  }

  clear(): void {
    this.#database.exec(
      'DELETE FROM readings; PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)',
    );
  }

  close(): void {
    this.#database.close();
  }

  #open(): [DatabaseSync, StatementSync] {
    try {
      return openFile(this.path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#remove();
      return openFile(this.path);
    }
  }

  /** A damaged file is begun anew; any other trouble leaves things as they are. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (!isSqlite(error)) throw error;
      if (!isDamage(error)) return;
      this.#database.close();
      this.#remove();
      [this.#database, this.#find] = openFile(this.path);
    }
  }

  #remove(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.path + suffix, { force: true });
  }

  #markUsed(keys: Iterable<string>): void {
    const stale = this.#database.prepare('SELECT 1 FROM readings WHERE day < ? LIMIT 1');
    if (stale.get(this.#day) === undefined) return;
    const mark = this.#database.prepare('UPDATE readings SET day = ? WHERE key = ? AND day < ?');
    this.#database.exec('BEGIN IMMEDIATE');
    for (const key of keys) mark.run(this.#day, Buffer.from(key, 'hex'), this.#day);
    this.#database.exec('COMMIT');
  }

  #evict(): void {
    const bytes = this.#bytes();
    if (bytes <= this.#maxBytes) return;
    const surplus = bytes - this.#maxBytes * KEPT_SHARE;
    const drop = this.#database.prepare('DELETE FROM readings WHERE id = ?');
    const oldest = this.#database.prepare(
      'SELECT id, length(reading) AS size FROM readings ORDER BY day, id',
    );
    let dropped = 0;
    const ids: number[] = [];
    for (const { id, size } of oldest.iterate() as Iterable<{ id: number; size: number }>) {
      if (dropped >= surplus) break;
      ids.push(id);
      dropped += size;
    }
    this.#database.exec('BEGIN IMMEDIATE');
    for (const id of ids) drop.run(id);
    this.#database.exec('COMMIT; PRAGMA incremental_vacuum');
  }

  #bytes(): number {
    const value = (name: string) =>
      Object.values(this.#database.prepare(`PRAGMA ${name}`).get()!)[0] as number;
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }
}

function openFile(path: string): [DatabaseSync, StatementSync] {
  const database = new DatabaseSync(path);
  try {
    database.exec(SCHEMA);
    return [database, database.prepare('SELECT digest, reading FROM readings WHERE key = ?')];
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Enough of a digest to notice damage; nobody but the user can write here. */
function checkOf(reading: Uint8Array): Buffer {
  return hash('sha256', reading, 'buffer').subarray(0, 8);
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isSqlite(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error;
}

function isDamage(error: unknown): boolean {
  return isSqlite(error) && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(error.errcode & 0xff);
}
