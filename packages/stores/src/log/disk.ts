import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that only grows, but for what a crash tore. */
export interface GrowingFile {
  /** All of the bytes, at the end. Not durable before `sync`. */
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The disk, one system call a method, so that a test can fail or stop at any.
 * Paths are absolute. Nothing is durable but by `sync` and `syncFolder`.
 */
export interface Disk {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** Makes one folder; true when it was not there. */
  makeFolder(path: string): Promise<boolean>;
  /** Writes a new or emptied file and syncs it. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** Cuts a file; durable once it returns. */
  truncate(path: string, size: number): Promise<void>;
  /** Removes a file, or a folder with all in it; nothing when it is not there. */
  remove(path: string): Promise<void>;
  openGrowing(path: string): Promise<GrowingFile>;
}

export const DISK: Disk = {
  read: async (path) => {
    const bytes = await orAbsent(readFile(path), undefined);
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
  list: async (path) => (await orAbsent(readdir(path), [])).sort(),
  makeFolder: async (path) => {
    try {
      await mkdir(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  },
  write: (path, bytes) =>
    withFile(path, 'w', async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    }),
  rename,
  syncFolder: (path) => withFile(path, 'r', (folder) => folder.sync()),
  truncate: (path, size) =>
    withFile(path, 'r+', async (file) => {
      await file.truncate(size);
      await file.sync();
    }),
  remove: (path) => rm(path, { recursive: true, force: true }),
  openGrowing: async (path) => {
    const file = await open(path, 'a');
    return {
      append: (bytes) => file.appendFile(bytes),
      sync: () => file.datasync(),
      close: () => file.close(),
    };
  },
};

/** Makes a folder and those above it, each durable in its parent before the next. */
export async function makeFolders(disk: Disk, path: string): Promise<void> {
  let isNew: boolean;
  try {
    isNew = await disk.makeFolder(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await makeFolders(disk, dirname(path));
    isNew = await disk.makeFolder(path);
  }
  if (isNew) await disk.syncFolder(dirname(path));
}

async function withFile<T>(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function orAbsent<T, A>(reading: Promise<T>, absent: A): Promise<T | A> {
  try {
    return await reading;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return absent;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
