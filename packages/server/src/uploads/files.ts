import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@avow/bytes';

/** Where an append came to. */
export interface Appended {
  readonly at: number;
  /** More came than was said; it is not kept. */
  readonly isOver: boolean;
}

/** Parts of uploads as files, named by ids of ours: what people name is never a path. */
export class UploadFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<UploadFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new UploadFiles(folder);
  }

  pathOf(id: string): string {
    return join(this.#folder, `${id}.part`);
  }

  /**
   * Writes what comes at `at`, at most `most` bytes, and syncs. A connection
   * that breaks leaves what came: the next request goes on there. What another
   * request wrote beyond `at` and nobody was told of is overwritten.
   */
  async append(
    id: string,
    at: number,
    body: ReadableStream<Uint8Array> | null,
    most: number,
  ): Promise<Appended> {
    const file = await open(this.pathOf(id), at === 0 ? 'w' : 'r+', 0o600);
    let [end, isOver] = [at, false];
    try {
      for await (const part of partsOf(body)) {
        const room = at + most - end;
        isOver = part.length > room;
        const kept = part.subarray(0, room);
        await file.write(kept, 0, kept.length, end);
        end += kept.length;
        if (isOver) break;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return { at: end, isOver };
  }

  async digest(id: string): Promise<Digest> {
    const hash = createHash('sha256');
    for await (const part of createReadStream(this.pathOf(id))) hash.update(part as Buffer);
    return `sha256:${hash.digest('hex')}`;
  }

  async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
  }

  /**
   * Removes parts that nothing was added to since `before`, in milliseconds since
   * 1970: the server that has them does it, for who removes the row may be another.
   */
  async removeOlder(before: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (name.endsWith('.part') && mtimeMs < before) await rm(path, { force: true });
    }
  }
}

/** A body as far as it came. */
async function* partsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
