import { Refused } from '@avow/bytes';
import type { Database } from '../database/index.ts';
import type { JobKinds, JobQueue } from './queue.ts';

const KIND = /^[a-z][a-z0-9-]{0,40}$/;
const MIN_LEASE_SECONDS = 10;

/**
 * The jobs of a database: a table of SQLite, or pg-boss on PostgreSQL. Every
 * process that opens it names the same kinds. `onTrouble` hears when upkeep
 * failed; it is tried again.
 *
 * Refuses `jobs.kind` for a kind that is no name, or whose lease is too short.
 */
export async function openJobs(
  database: Database,
  kinds: JobKinds,
  onTrouble: (error: unknown) => void = () => {},
): Promise<JobQueue> {
  for (const [kind, { leaseSeconds = MIN_LEASE_SECONDS }] of Object.entries(kinds)) {
    if (!KIND.test(kind) || !(leaseSeconds >= MIN_LEASE_SECONDS)) {
      throw new Refused(
        'jobs.kind',
        undefined,
        `${JSON.stringify(kind)}, leased for ${leaseSeconds} s`,
      );
    }
  }
  if (database.dialect === 'sqlite') {
    const { SqliteJobs } = await import('./sqlite.ts');
    return SqliteJobs.open(database, kinds);
  }
  const { PostgresJobs } = await import('./postgres.ts');
  return PostgresJobs.open(database, kinds, onTrouble);
}
