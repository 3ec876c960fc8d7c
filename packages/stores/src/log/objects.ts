import { Refused } from '@avow/bytes';
import {
  type Batch,
  journalFrame,
  type LogStore,
  readJournalFrames,
  type TileFile,
} from '@avow/log';
import { namesUnder, type ObjectStore } from '../objects/index.ts';
import { Lease } from './lease.ts';
import { type Journalled, journalName, journalOf } from './object-journal.ts';

/** Objects written at once; a bucket answers in tens of milliseconds. */
const WRITES_AT_ONCE = 8;

/**
 * A log in an object store, below a prefix: `public/` for readers, `state/` for
 * its writer, as in a folder. Each acknowledged batch is an object of its own.
 *
 * Of two writers that both think the log is theirs (one was stopped for longer
 * than its lease) the later one counts: after a batch is written the earlier one
 * asks whether it still has the log, and if not, acknowledges nothing; and what
 * it had acknowledged the later one has read.
 *
 * Refuses `log.locked` while another writer has it.
 */
export async function openLogObjects(
  objects: ObjectStore,
  prefix: string,
  clock: () => number = Date.now,
): Promise<LogStore> {
  const lease = await Lease.take(objects, `${prefix}/state/lock`, clock);
  return new LogObjects(objects, prefix, lease);
}

class LogObjects implements LogStore {
  readonly #objects: ObjectStore;
  readonly #prefix: string;
  readonly #lease: Lease;
  /** Batches that are in the journal, in order. */
  #journal: Journalled[] = [];

  constructor(objects: ObjectStore, prefix: string, lease: Lease) {
    this.#objects = objects;
    this.#prefix = prefix;
    this.#lease = lease;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#objects.get(this.#public(path));
  }

  async journal(batch: Batch): Promise<void> {
    await this.#lease.begin(batch.first);
    const one = {
      first: batch.first,
      end: batch.first + BigInt(batch.entries.length),
      epoch: this.#lease.epoch,
    };
    const isNew = await this.#objects.put(this.#state(journalName(one)), journalFrame(batch));
    if (!isNew) throw new Refused('log.locked', undefined, `${journalName(one)} is there already`);
    await this.#lease.hold();
    this.#journal.push({ ...one, counted: one.end });
  }

  /** Refuses `journal.corrupt` for a batch that is not whole: objects are never torn. */
  async *readJournal(from: bigint): AsyncGenerator<Batch> {
    const names: string[] = [];
    const folder = this.#state('');
    for await (const name of namesUnder(this.#objects, `${folder}journal/`)) {
      names.push(name.slice(folder.length));
    }
    const before = this.#lease.before;
    this.#journal = journalOf(
      names,
      before?.from === undefined
        ? undefined
        : {
            epoch: before.epoch,
            first: BigInt(before.from),
          },
    );
    for (const one of this.#journal) {
      if (one.end <= from) continue;
      const bytes = await this.#objects.get(this.#state(journalName(one)));
      const { batches, wholeSize } = readJournalFrames(bytes ?? new Uint8Array(0));
      if (bytes === undefined || wholeSize < bytes.length || batches.length !== 1) {
        throw new Refused('journal.corrupt', wholeSize, `${journalName(one)} is not whole`);
      }
      const { first, entries } = batches[0]!;
      // A later writer's batches stand where its own begin.
      yield { first, entries: entries.slice(0, Number(one.counted - first)) };
    }
  }

  async forgetJournal(size: bigint): Promise<void> {
    const gone = this.#journal.filter(({ end }) => end <= size);
    this.#journal = this.#journal.filter(({ end }) => end > size);
    await inTurns(gone, (one) => this.#objects.remove(this.#state(journalName(one))));
  }

  /** Tiles follow from the entries; other bytes of the same name mean that two logs are in one place. */
  async write(files: readonly TileFile[]): Promise<void> {
    await inTurns(files, async ({ path, bytes }) => {
      if (await this.#objects.put(this.#public(path), bytes)) return;
      const present = await this.read(path);
      if (present !== undefined && Buffer.compare(present, bytes) === 0) return;
      throw new Refused('log.tile-differs', undefined, `${path} is there with other bytes`);
    });
  }

  async forgetPartials(fullPaths: readonly string[]): Promise<void> {
    await inTurns(fullPaths, async (path) => {
      for await (const name of namesUnder(this.#objects, `${this.#public(path)}.p/`)) {
        await this.#objects.remove(name);
      }
    });
  }

  readSigned(): Promise<Uint8Array | undefined> {
    return this.#objects.get(this.#state('signed'));
  }

  keepSigned(note: Uint8Array): Promise<void> {
    return this.#place(this.#state('signed'), note);
  }

  readPublished(): Promise<Uint8Array | undefined> {
    return this.read('checkpoint');
  }

  publish(note: Uint8Array): Promise<void> {
    return this.#place(this.#public('checkpoint'), note);
  }

  close(): Promise<void> {
    return this.#lease.release();
  }

  /** Writes over what is there as long as the log is ours; an earlier writer may be about to place its last. */
  async #place(name: string, note: Uint8Array): Promise<void> {
    for (let isPlaced = false; !isPlaced; ) {
      await this.#lease.hold();
      const present = await this.#objects.get(name);
      isPlaced = await this.#objects.replace(name, present, note).catch((error) => {
        // The other is an earlier writer's last; ours is written over it.
        if (error instanceof Refused && error.code === 'objects.lost') return false;
        throw error;
      });
    }
  }

  #public(path: string): string {
    return `${this.#prefix}/public/${path}`;
  }

  #state(path: string): string {
    return `${this.#prefix}/state/${path}`;
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  const workers = Array.from({ length: Math.min(WRITES_AT_ONCE, items.length) }, worker);
  const ended = await Promise.allSettled(workers);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
