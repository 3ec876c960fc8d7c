import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refused } from '@avow/bytes';
import tar from 'tar-stream';

/**
 * What a backup consists of, and nothing else: an archive may come from
 * anywhere, and a name in it becomes a path.
 */
const NAME =
  /^(?:backup\.json|rows\.sqlite|secret|uploads\/[A-Za-z0-9_-]{22}\.part|objects\/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}\/){0,8}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127})$/;

/** Packs a backup's folder into one file (ustar with pax sizes), its owner's alone, there whole or not at all. */
export async function pack(folder: string, file: string): Promise<void> {
  const fresh = `${file}.new`;
  const archive = tar.pack();
  const written = pipeline(archive, createWriteStream(fresh, { mode: 0o600, flush: true }));
  const filled = fill(archive, folder).catch((error) => archive.destroy(error as Error));
  await Promise.all([written, filled]);
  await rename(fresh, file);
  const parent = await open(dirname(file), 'r');
  await parent.sync().finally(() => parent.close());
}

async function fill(archive: tar.Pack, folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .filter((path) => NAME.test(path))
    .sort();
  for (const path of paths) {
    const { size } = await stat(join(folder, path));
    const entry = archive.entry({ name: path, size, mode: 0o600 });
    await pipeline(createReadStream(join(folder, path)), entry);
  }
  archive.finalize();
}

/** Unpacks such a file into an empty folder. Refuses `move.backup` for anything that no backup has. */
export async function unpack(file: string, folder: string): Promise<void> {
  const archive = tar.extract();
  const read = pipeline(createReadStream(file), archive);
  try {
    for await (const entry of archive) {
      const { name, type } = entry.header;
      if (type !== 'file' || !NAME.test(name)) {
        throw new Refused('move.backup', undefined, `${JSON.stringify(name)} is in no backup`);
      }
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await pipeline(entry, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    }
    await read;
  } catch (error) {
    archive.destroy();
    await read.catch(() => {});
    if (error instanceof Refused || (error as NodeJS.ErrnoException).code !== undefined)
      throw error;
    throw new Refused('move.backup', undefined, `${file}: ${(error as Error).message}`);
  }
}

/** Works in a folder beside `path`, gone afterwards: the same disk has room for it or not. */
export async function besides<T>(path: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = `${path}.unpacked`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
