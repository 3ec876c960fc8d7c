import type { DatabaseSync } from 'node:sqlite';
import { Refused } from '@avow/bytes';

/**
 * Each step from one layout to the next, in order; `user_version` counts those
 * done. A step that was released is never changed: what is wrong with it is
 * mended by a further one.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE events (
     number INTEGER PRIMARY KEY,
     subject TEXT NOT NULL,
     version INTEGER NOT NULL,
     bytes BLOB NOT NULL,
     UNIQUE (subject, version)
   ) STRICT;
   CREATE TABLE subjects (
     kind TEXT NOT NULL,
     number INTEGER NOT NULL,
     state TEXT NOT NULL,
     target TEXT NOT NULL,
     said TEXT NOT NULL,
     fingerprint TEXT,
     updated TEXT NOT NULL,
     due INTEGER,
     PRIMARY KEY (kind, number)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX subjects_by_state ON subjects (kind, state, number);
   CREATE INDEX subjects_by_target ON subjects (kind, target, number);
   CREATE INDEX subjects_by_fingerprint ON subjects (fingerprint, kind, number);
   CREATE INDEX subjects_by_due ON subjects (due) WHERE due IS NOT NULL;
   CREATE TABLE refusals (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE artifacts (
     number INTEGER PRIMARY KEY,
     target TEXT NOT NULL,
     name TEXT NOT NULL,
     digest TEXT NOT NULL,
     file TEXT NOT NULL,
     size INTEGER NOT NULL,
     at TEXT NOT NULL,
     UNIQUE (target, digest)
   ) STRICT;
   CREATE INDEX artifacts_by_name ON artifacts (name, number);`,
];

/** Brings a database to the present layout. Refuses `docket.version` when it is of a later one. */
export function migrate(database: DatabaseSync, steps: readonly string[] = MIGRATIONS): void {
  const versionOf = (): number =>
    (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (versionOf() > steps.length) {
    throw new Refused(
      'docket.version',
      undefined,
      `the docket is of layout ${versionOf()}, this Avow knows ${steps.length}`,
    );
  }
  for (let done = versionOf(); done < steps.length; done++) {
    database.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have been first.
      if (versionOf() === done) database.exec(`${steps[done]!}; PRAGMA user_version = ${done + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
