import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { openDatabase } from '@avow/stores/database';
import {
  type CopiedObjects,
  type CopiedTable,
  copyObjects,
  copyRows,
  type Kept,
} from '@avow/stores/move';
import { COPY } from './places.ts';

/** What was moved; absent: it stays where it is. */
export interface Moved {
  readonly tables?: readonly CopiedTable[];
  readonly objects?: CopiedObjects;
}

/**
 * Moves a service's rows, its objects or both to another, empty place. What was
 * written is read back and held against what was read; then the source is read
 * again: what it took on meanwhile would be lost.
 *
 * Refuses `move.busy` when the source changed while it was copied, and what
 * `copyRows` and `copyObjects` do. The source stays as it is.
 */
export async function moveKept(from: Kept, to: Partial<Kept>): Promise<Moved> {
  const tables =
    to.database === undefined ? undefined : await copyRows(from.database, to.database, COPY);
  const objects =
    to.objects === undefined ? undefined : await copyObjects(from.objects, to.objects);
  if (tables !== undefined) await holdStill(from, tables);
  return {
    ...(tables === undefined ? {} : { tables }),
    ...(objects === undefined ? {} : { objects }),
  };
}

async function holdStill(from: Kept, copied: readonly CopiedTable[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-move-'));
  const again = await openDatabase(`sqlite:${join(folder, 'rows.sqlite')}`);
  try {
    const now = new Map(
      (await copyRows(from.database, again, COPY)).map(({ name, digest }) => [name, digest]),
    );
    const changed = copied.filter(({ name, digest }) => now.get(name) !== digest);
    if (changed.length === 0) return;
    throw new Refused(
      'move.busy',
      undefined,
      `the service still runs: ${changed.map(({ name }) => name).join(', ')} changed meanwhile`,
    );
  } finally {
    await again.close();
    await rm(folder, { recursive: true, force: true });
  }
}
