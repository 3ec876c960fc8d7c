import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { type Database, openDatabase } from '../database/index.ts';
import { DISK } from '../log/disk.ts';
import { type ObjectStore, openObjects } from '../objects/index.ts';
import { type CopiedObjects, copyObjects, removeOthers } from './objects.ts';
import { type CopiedTable, type CopyOptions, copyRows } from './rows.ts';

/** Where a server keeps what it keeps. */
export interface Kept {
  readonly database: Database;
  readonly objects: ObjectStore;
}

/** What a copy was made of; it can be compared with another. */
export interface Copied {
  readonly tables: readonly CopiedTable[];
  readonly objects: CopiedObjects;
}

const MANIFEST = 'backup.json';
const ROWS = 'rows.sqlite';
const OBJECTS = 'objects';

/** `schema` names the layout of the folder. */
interface Manifest extends Copied {
  readonly schema: 'avow.backup/1';
  /** RFC 3339, when it was begun. */
  readonly at: string;
}

/**
 * Copies from one place to another, empty one: rows of one moment, then the
 * objects, of which none that a row names is missing, for objects are written
 * first. The source may be used meanwhile for a backup; for a move it must not,
 * or what it takes on goes nowhere.
 *
 * Refuses what `copyRows` and `copyObjects` do.
 */
export async function moveTo(from: Kept, to: Kept, options: CopyOptions): Promise<Copied> {
  const tables = await copyRows(from.database, to.database, options);
  return { tables, objects: await copyObjects(from.objects, to.objects) };
}

/**
 * Writes a backup into a folder: `rows.sqlite` whatever the engine, so it can be
 * restored into either, `objects/`, and `backup.json` last. Into the folder of an
 * earlier backup only new objects are written; the rows are replaced at the end.
 */
export async function backup(
  from: Kept,
  folder: string,
  at: Date,
  options: CopyOptions,
): Promise<Copied> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `new-${ROWS}`);
  await removeRows(fresh);
  const rows = await openDatabase(`sqlite:${fresh}`);
  const objects = await openObjects(`file:${join(folder, OBJECTS)}`);
  let copied: Copied;
  try {
    await removeOthers(objects, from.objects);
    copied = await moveTo(from, { database: rows, objects }, options);
  } finally {
    // The last to close a file in WAL mode brings all into the file itself.
    await rows.close();
    await objects.close();
  }
  const manifest: Manifest = { schema: 'avow.backup/1', at: at.toISOString(), ...copied };
  const text = join(folder, `new-${MANIFEST}`);
  await writeFile(text, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  await rename(fresh, join(folder, ROWS));
  await rename(text, join(folder, MANIFEST));
  await DISK.syncFolder(folder);
  return copied;
}

/**
 * Restores a backup into an empty database and object store, and holds what is
 * there then against what the backup says of itself. The folder has to be
 * writable, for SQLite keeps its locks there; its files stay as they are.
 *
 * Refuses `move.backup` for a folder that is no whole backup, `move.not-empty`,
 * `move.tables` for a backup of another version, `move.differs`.
 */
export async function restore(folder: string, to: Kept, options: CopyOptions): Promise<Copied> {
  const manifest = await manifestOf(folder);
  const rows = await openDatabase(`sqlite:${join(folder, ROWS)}`);
  const objects = await openObjects(`file:${join(folder, OBJECTS)}`);
  try {
    const copied = await moveTo({ database: rows, objects }, to, options);
    holdTo(manifest, copied);
    return copied;
  } finally {
    await rows.close();
    await objects.close();
  }
}

async function manifestOf(folder: string): Promise<Manifest> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest;
    if (manifest.schema === 'avow.backup/1') return manifest;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  throw new Refused('move.backup', undefined, `${folder} has no ${MANIFEST} that Avow wrote whole`);
}

function holdTo(manifest: Manifest, copied: Copied): void {
  const told = ({ tables, objects }: Copied) => [
    ...tables.map(({ name, rows, digest }) => `${name}: ${rows} rows, ${digest}`),
    `objects: ${objects.objects}, ${objects.bytes} bytes`,
  ];
  const [expected, found] = [told(manifest), told(copied)];
  const wrong = expected.filter((line, index) => line !== found[index]);
  if (wrong.length === 0 && expected.length === found.length) return;
  throw new Refused('move.differs', undefined, `not restored as it was: ${wrong.join('; ')}`);
}

async function removeRows(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true });
}
