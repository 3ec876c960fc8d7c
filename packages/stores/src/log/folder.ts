import { dirname, join } from 'node:path';
import type { Batch, LogStore, TileFile } from '@avow/log';
import { DISK, type Disk, makeFolders } from './disk.ts';
import { Journal } from './journal.ts';
import { lockFile } from './lock.ts';

/** What readers may see: `checkpoint`, `tile/…`. A web server can serve it as it is. */
export const PUBLIC_FOLDER = 'public';
const STATE_FOLDER = 'state';
/** Files written at once: as many as Node has threads for them. */
const WRITES_AT_ONCE = 4;

/**
 * A log in a local folder: `public/` for readers, `state/` for its writer.
 *
 * A file appears whole: written under a temporary name, synced, renamed, its
 * folder synced. Acknowledgement is one append to the journal and one sync.
 *
 * Refuses `log.locked` while another writer has the folder.
 */
export async function openLogFolder(folder: string, disk: Disk = DISK): Promise<LogStore> {
  await makeFolders(disk, join(folder, STATE_FOLDER, 'journal'));
  await makeFolders(disk, join(folder, PUBLIC_FOLDER));
  const lock = lockFile(join(folder, STATE_FOLDER, 'lock'));
  return new LogFolder(folder, disk, lock);
}

class LogFolder implements LogStore {
  readonly #disk: Disk;
  readonly #public: string;
  readonly #state: string;
  readonly #lock: { release(): void };
  readonly #journal: Journal;
  readonly #knownFolders = new Set<string>();
  /** Temporary names that no write uses now, and how many there are in all. */
  readonly #freeNames: string[] = [];
  #names = 0;

  constructor(folder: string, disk: Disk, lock: { release(): void }) {
    this.#disk = disk;
    this.#public = join(folder, PUBLIC_FOLDER);
    this.#state = join(folder, STATE_FOLDER);
    this.#lock = lock;
    this.#journal = new Journal(disk, join(this.#state, 'journal'));
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#disk.read(join(this.#public, path));
  }

  journal(batch: Batch): Promise<void> {
    return this.#journal.append(batch);
  }

  async *readJournal(from: bigint): AsyncGenerator<Batch> {
    for await (const batch of this.#journal.read()) {
      if (batch.first + BigInt(batch.entries.length) > from) yield batch;
    }
  }

  forgetJournal(size: bigint): Promise<void> {
    return this.#journal.forget(size);
  }

  async write(files: readonly TileFile[]): Promise<void> {
    const targets = files.map(({ path, bytes }) => ({ path: join(this.#public, path), bytes }));
    const folders = [...new Set(targets.map(({ path }) => dirname(path)))];
    for (const folder of folders) await this.#makeFolder(folder);
    await inTurns(targets, async ({ path, bytes }) => this.#place(path, bytes));
    await inTurns(folders, (folder) => this.#disk.syncFolder(folder));
  }

  async forgetPartials(fullPaths: readonly string[]): Promise<void> {
    await inTurns(fullPaths, async (path) => {
      const folder = `${join(this.#public, path)}.p`;
      this.#knownFolders.delete(folder);
      await this.#disk.remove(folder);
    });
  }

  readSigned(): Promise<Uint8Array | undefined> {
    return this.#disk.read(join(this.#state, 'signed'));
  }

  async keepSigned(note: Uint8Array): Promise<void> {
    await this.#place(join(this.#state, 'signed'), note);
    await this.#disk.syncFolder(this.#state);
  }

  readPublished(): Promise<Uint8Array | undefined> {
    return this.read('checkpoint');
  }

  async publish(note: Uint8Array): Promise<void> {
    await this.#place(join(this.#public, 'checkpoint'), note);
    await this.#disk.syncFolder(this.#public);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    this.#lock.release();
  }

  /**
   * Temporary names lie in `state`: on the same file system, and never served.
   * A name is one write's until its rename: a checkpoint whose sync is slow
   * would else be placed with the bytes of a tile.
   */
  async #place(path: string, bytes: Uint8Array): Promise<void> {
    const name = this.#freeNames.pop() ?? `new-${this.#names++}`;
    const temporary = join(this.#state, name);
    try {
      await this.#disk.write(temporary, bytes);
      await this.#disk.rename(temporary, path);
    } finally {
      this.#freeNames.push(name);
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#knownFolders.has(folder)) return;
    await makeFolders(this.#disk, folder);
    if (this.#knownFolders.size >= MAX_KNOWN_FOLDERS) this.#knownFolders.clear();
    this.#knownFolders.add(folder);
  }
}

/** Folders known to be there: every log has a handful open at a time. */
const MAX_KNOWN_FOLDERS = 1024;

/**
 * Works on a few items at once. After a failure no item is begun, and it is
 * told once none is under way: nothing is written behind the next writer's lock.
 */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  let hasFailed = false;
  const worker = async () => {
    try {
      for (const item of left) {
        if (hasFailed) return;
        await work(item);
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const workers = Array.from({ length: Math.min(WRITES_AT_ONCE, items.length) }, worker);
  const ended = await Promise.allSettled(workers);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
