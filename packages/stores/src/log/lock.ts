import { DatabaseSync } from 'node:sqlite';
import { Refused } from '@avow/bytes';

/**
 * One writer a folder, by a lock that the system drops when its process dies.
 *
 * Node has no flock; SQLite's exclusive transaction holds one on any system,
 * and its file never has content.
 *
 * Refuses `log.locked` while another process, or another store here, has it.
 */
export function lockFile(path: string): { release(): void } {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Refused('log.locked', undefined, `another writer has ${path}`);
  }
  return { release: () => database.close() };
}

const SQLITE_BUSY = 5;
