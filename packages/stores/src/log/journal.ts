import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { type Batch, journalFrame, readJournalFrames } from '@avow/log';
import type { Disk, GrowingFile } from './disk.ts';

/** A segment is closed above this size; it goes as soon as all of it is in signed tiles. */
const SEGMENT_SIZE = 16 << 20;
/** Digits of 2^64, so that names sort as numbers do. */
const NAME_DIGITS = 20;

/** The journal: segments of frames, each named after the number of its first entry. */
export class Journal {
  readonly #disk: Disk;
  readonly #folder: string;
  #open: { readonly file: GrowingFile; size: number } | undefined;
  /** First numbers of the segments that are there, in order. */
  #segments: bigint[] = [];

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  async append(batch: Batch): Promise<void> {
    const frame = journalFrame(batch);
    if (this.#open === undefined || this.#open.size >= SEGMENT_SIZE) await this.#begin(batch.first);
    const open = this.#open!;
    await open.file.append(frame);
    await open.file.sync();
    open.size += frame.length;
  }

  /**
   * Reads every batch, and cuts what a crash tore off the last segment.
   *
   * Refuses `journal.corrupt` when a segment before the last ends in a torn
   * frame: segments are closed only after a sync.
   */
  async *read(): AsyncGenerator<Batch> {
    const names = (await this.#disk.list(this.#folder)).filter((name) => /^\d{20}$/.test(name));
    this.#segments = names.map(BigInt);
    for (const [index, name] of names.entries()) {
      const path = join(this.#folder, name);
      const bytes = (await this.#disk.read(path)) ?? new Uint8Array(0);
      const { batches, wholeSize } = readJournalFrames(bytes);
      if (wholeSize < bytes.length) {
        if (index < names.length - 1) {
          throw new Refused('journal.corrupt', wholeSize, `segment ${name} is torn, but not last`);
        }
        await this.#disk.truncate(path, wholeSize);
      }
      yield* batches;
    }
  }

  /** Removes the segments whose entries are all before `size`. */
  async forget(size: bigint): Promise<void> {
    while (this.#segments.length > 1 && this.#segments[1]! <= size) {
      await this.#disk.remove(this.#path(this.#segments[0]!));
      this.#segments.shift();
    }
  }

  async close(): Promise<void> {
    await this.#open?.file.close();
    this.#open = undefined;
  }

  /** Each opening begins a segment: an old one's end is never written behind. */
  async #begin(first: bigint): Promise<void> {
    await this.close();
    const path = this.#path(first);
    const file = await this.#disk.openGrowing(path);
    // Kept first, so that it is closed though the sync fails.
    this.#open = { file, size: 0 };
    await this.#disk.syncFolder(this.#folder);
    if (this.#segments.at(-1) !== first) this.#segments.push(first);
  }

  #path(first: bigint): string {
    return join(this.#folder, first.toString().padStart(NAME_DIGITS, '0'));
  }
}
