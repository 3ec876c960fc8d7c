import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, type Copied, type Kept, restore } from '@avow/stores/move';
import { COPY } from './places.ts';

/** Where the files lie that are neither rows nor objects. */
export interface OwnFiles {
  /** Seals what is in the rows: without it a backup's webhooks cannot sign. */
  readonly secret: string;
  /** Parts of uploads that are under way. */
  readonly uploads: string;
}

const SECRET = 'secret';
const UPLOADS = 'uploads';
/** As `uploads/files.ts` names them. */
const PART = /^[A-Za-z0-9_-]{22}\.part$/;

/**
 * Writes a backup into a folder, or brings an earlier one there up to date: rows
 * and objects as `@avow/stores/move` has them, the service's secret, and parts
 * of uploads. The service may run.
 */
export async function backupTo(
  from: Kept,
  files: OwnFiles,
  folder: string,
  at: Date,
): Promise<Copied> {
  await mkdir(join(folder, UPLOADS), { recursive: true, mode: 0o700 });
  if (existsSync(files.secret)) await place(files.secret, join(folder, SECRET));
  const parts = await partsIn(files.uploads);
  for (const part of parts) await place(join(files.uploads, part), join(folder, UPLOADS, part));
  for (const part of await partsIn(join(folder, UPLOADS))) {
    if (!parts.includes(part)) await rm(join(folder, UPLOADS, part), { force: true });
  }
  // Last, for it ends with the file that says that the backup is whole.
  return backup(from, folder, at, COPY);
}

/**
 * Restores a backup's folder into an empty place. The secret comes with it: in
 * an empty place none has sealed anything yet. Refuses as `restore` does.
 */
export async function restoreFrom(folder: string, to: Kept, files: OwnFiles): Promise<Copied> {
  const copied = await restore(folder, to, COPY);
  if (existsSync(join(folder, SECRET))) await place(join(folder, SECRET), files.secret);
  await mkdir(files.uploads, { recursive: true, mode: 0o700 });
  for (const part of await partsIn(join(folder, UPLOADS))) {
    await place(join(folder, UPLOADS, part), join(files.uploads, part));
  }
  return copied;
}

/** Copies a file so that it is there whole or not at all. One that is gone meanwhile is left out. */
async function place(from: string, to: string): Promise<void> {
  const fresh = `${to}.new`;
  try {
    await copyFile(from, fresh);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rename(fresh, to);
}

async function partsIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => PART.test(name));
}
