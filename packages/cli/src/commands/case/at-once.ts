import { dirname, join } from 'node:path';
import { utf8Bytes, utf8Text } from '@avow/bytes';
import { DISK, type Disk } from '@avow/stores';

/** Where files lie before they are put in place, and from the moment on when they will be, whatever happens. */
const PREPARED = '.publishing-';
const DECIDED = '.published';
/** The paths of the files, which lie beside it under their numbers. */
const PATHS = 'paths.json';

/**
 * Files of a folder that are put there together or not at all. All are written
 * and synced beside it first: a full disk fails there and changes nothing. One
 * rename then decides; whoever is killed after it is finished by the next one.
 * They come into place in the order given.
 */
export class AtOnce {
  readonly #folder: string;
  readonly #prepared: string;
  readonly #disk: Disk;

  private constructor(folder: string, prepared: string, disk: Disk) {
    this.#folder = folder;
    this.#prepared = prepared;
    this.#disk = disk;
  }

  /** Finishes what an earlier one decided, removes what it only prepared, and prepares. */
  static async prepare(
    folder: string,
    files: ReadonlyMap<string, string>,
    disk: Disk = DISK,
  ): Promise<AtOnce> {
    await makeFolder(disk, folder);
    await finish(folder, disk);
    for (const name of await disk.list(folder)) {
      if (name.startsWith(PREPARED) && !isAtWork(name)) await disk.remove(join(folder, name));
    }
    const prepared = join(folder, `${PREPARED}${process.pid}`);
    await disk.remove(prepared);
    try {
      await lay(folder, prepared, files, disk);
    } catch (error) {
      await disk.remove(prepared).catch(() => {});
      throw error;
    }
    return new AtOnce(folder, prepared, disk);
  }

  /** Puts them in place. Once it has begun to, it is finished by this call or by the next `prepare`. */
  async commit(): Promise<void> {
    // Another that is putting its files in place is finished first.
    await finish(this.#folder, this.#disk);
    await this.#disk.rename(this.#prepared, join(this.#folder, DECIDED));
    await this.#disk.syncFolder(this.#folder);
    await finish(this.#folder, this.#disk);
  }

  async discard(): Promise<void> {
    await this.#disk.remove(this.#prepared);
  }
}

/** Everything that may need room on the disk. */
async function lay(
  folder: string,
  prepared: string,
  files: ReadonlyMap<string, string>,
  disk: Disk,
): Promise<void> {
  await disk.makeFolder(prepared);
  const paths = [...files.keys()];
  for (const [number, text] of [...files.values()].entries()) {
    await disk.write(join(prepared, `${number}`), utf8Bytes(text));
  }
  for (const path of new Set(paths.map((one) => dirname(join(folder, one))))) {
    await makeFolder(disk, path);
  }
  await disk.write(join(prepared, PATHS), utf8Bytes(JSON.stringify(paths)));
  await disk.syncFolder(prepared);
}

/** Whether the process that prepared it is still there. */
function isAtWork(name: string): boolean {
  const id = Number(name.slice(PREPARED.length));
  if (!(id > 0) || id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function finish(folder: string, disk: Disk): Promise<void> {
  const at = join(folder, DECIDED);
  const text = await disk.read(join(at, PATHS));
  if (text !== undefined) {
    const paths = JSON.parse(utf8Text(text)!) as readonly string[];
    const left = new Set(await disk.list(at));
    for (const [number, path] of paths.entries()) {
      if (left.has(`${number}`)) await disk.rename(join(at, `${number}`), join(folder, path));
    }
    for (const each of new Set(paths.map((path) => dirname(join(folder, path))))) {
      await disk.syncFolder(each);
    }
  }
  await disk.remove(at);
}

async function makeFolder(disk: Disk, path: string): Promise<void> {
  try {
    await disk.makeFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(disk, dirname(path));
    await disk.makeFolder(path);
  }
}
