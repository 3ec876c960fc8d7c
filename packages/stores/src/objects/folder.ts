import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refused } from '@avow/bytes';
import { DISK, makeFolders } from '../log/disk.ts';
import { FolderLock } from './folder-lock.ts';
import {
  type ByteRange,
  type Content,
  type ListQuery,
  type ObjectStore,
  objectName,
  PIECE,
} from './store.ts';

/** No name begins with a dot, so nothing of ours meets an object. */
const NEW = '.new';
const LOCK = '.lock';

/**
 * Objects as files of a folder. An object is written under another name,
 * synced, linked to its own (which fails when that is taken) and its folder
 * synced, so it appears whole or not at all.
 */
export async function openObjectFolder(folder: string): Promise<ObjectStore> {
  await told(() => makeFolders(DISK, join(folder, NEW)));
  await removeLeft(join(folder, NEW));
  return new ObjectFolder(folder);
}

class ObjectFolder implements ObjectStore {
  readonly #folder: string;
  readonly #lock: FolderLock;
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#lock = new FolderLock(join(folder, LOCK));
  }

  put(name: string, content: Content): Promise<boolean> {
    const path = this.#path(name);
    return told(async () => {
      // What is there needs no writing; the link decides all the same.
      if ((await sizeOf(path)) !== undefined) return false;
      return this.#written(content, async (written) => {
        await this.#makeFolder(dirname(path));
        try {
          await link(written, path);
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        }
        await DISK.syncFolder(dirname(path));
        return true;
      });
    });
  }

  async replace(name: string, old: Uint8Array | undefined, next: Uint8Array): Promise<boolean> {
    if (old === undefined) return this.put(name, next);
    const path = this.#path(name);
    return told(() =>
      this.#lock.hold(async () => {
        const present = await DISK.read(path);
        if (present === undefined || Buffer.compare(present, old) !== 0) return false;
        return this.#written(next, async (written) => {
          await rename(written, path);
          await DISK.syncFolder(dirname(path));
          return true;
        });
      }),
    );
  }

  async get(name: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    const path = this.#path(name);
    if (range === undefined) return DISK.read(path);
    return orAbsent(async () => {
      const file = await open(path);
      try {
        const end = Math.min(range.to, (await file.stat()).size);
        const bytes = new Uint8Array(Math.max(0, end - range.from));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, range.from);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
  }

  async stream(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = this.#path(name);
    if ((await sizeOf(path)) === undefined) return undefined;
    return createReadStream(path, { highWaterMark: PIECE });
  }

  size(name: string): Promise<number | undefined> {
    return sizeOf(this.#path(name));
  }

  async list({ prefix, after = '', limit }: ListQuery): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of this.#walk('', prefix, after)) {
      names.push(name);
      if (names.length === limit) break;
    }
    return names;
  }

  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    await rm(path, { force: true });
    await orAbsent(() => DISK.syncFolder(dirname(path)));
  }

  async close(): Promise<void> {
    this.#lock.close();
  }

  #path(name: string): string {
    return join(this.#folder, objectName(name));
  }

  /** Names below `base` in the order of their bytes; folders that cannot have any are not read. */
  async *#walk(base: string, prefix: string, after: string): AsyncGenerator<string> {
    const entries = await readdir(join(this.#folder, base), { withFileTypes: true }).catch(
      (error) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      },
    );
    const found = entries
      .filter(({ name }) => !name.startsWith('.'))
      // A folder's names go on with `/`, which is where it stands among its neighbours.
      .map((entry) => ({ entry, name: `${base}${entry.name}${entry.isDirectory() ? '/' : ''}` }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const { entry, name } of found) {
      if (!entry.isDirectory()) {
        if (name.startsWith(prefix) && name > after) yield name;
        continue;
      }
      const mayHavePrefix = name.startsWith(prefix) || prefix.startsWith(name);
      const mayBeAfter = name > after || after.startsWith(name);
      if (mayHavePrefix && mayBeAfter) yield* this.#walk(name, prefix, after);
    }
  }

  /** Calls `use` with a synced file of the content, which is gone afterwards. */
  async #written<T>(content: Content, use: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, NEW, randomUUID());
    try {
      if (content instanceof Uint8Array) await DISK.write(path, content);
      else {
        await copyFile(content.file, path, constants.COPYFILE_FICLONE);
        const file = await open(path, 'r+');
        await file.sync().finally(() => file.close());
      }
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#known.has(folder)) return;
    await makeFolders(DISK, folder);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(folder);
  }
}

/** A write that a killed process left; one that is under way is younger. */
const LEFT_MS = 86_400_000;

async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await orAbsent(() => stat(path));
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_MS)
      await rm(path, { force: true });
  }
}

/** Folders known to be there; by digest there are 256. */
const MAX_KNOWN = 4_096;

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await orAbsent(() => stat(path));
  return found?.isFile() ? found.size : undefined;
}

async function orAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
    throw new Refused('storage.full', undefined, 'there is no room for the object');
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}
