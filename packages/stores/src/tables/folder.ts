import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Tables of node, 126 MB, take 54 MB: forty such. */
export const MAX_TABLE_BYTES = 2_000_000_000;

/** What is left after dropping, so that it is not done at every file. */
const KEPT_SHARE = 0.75;

/** A file that is being made is not taken for one that was left. */
const LEFT_MS = 3_600_000;

/** Files of tables in one folder: what is lost is made again. Above its limit, those unused for longest go first. */
export class TableFolder {
  readonly #folder: string;
  readonly #maxBytes: number;

  private constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  static async open(folder: string, maxBytes: number = MAX_TABLE_BYTES): Promise<TableFolder> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new TableFolder(folder, maxBytes);
  }

  /** Where the tables of a name are; names are ours. */
  path(name: string): string {
    return join(this.#folder, `${name}.tables`);
  }

  /** A file for what tables are made of, beside them; whoever makes it removes it. */
  source(name: string): string {
    return join(this.#folder, `${name}.source`);
  }

  /** Whether the tables are there; they count as used now. */
  async has(name: string, now: number): Promise<boolean> {
    try {
      await utimes(this.path(name), now / 1000, now / 1000);
      return true;
    } catch {
      return false;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true });
  }

  /** Drops what was unused for longest where there is too much, and what was left half made. */
  async trim(now: number): Promise<void> {
    const files: { path: string; bytes: number; used: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      const isLeft = !name.endsWith('.tables') && now - found.mtimeMs > LEFT_MS;
      if (isLeft) await rm(path, { force: true });
      else files.push({ path, bytes: found.size, used: found.mtimeMs });
    }
    let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    if (bytes <= this.#maxBytes) return;
    for (const one of files.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.#maxBytes * KEPT_SHARE) return;
      if (!one.path.endsWith('.tables')) continue;
      await rm(one.path, { force: true });
      bytes -= one.bytes;
    }
  }
}
