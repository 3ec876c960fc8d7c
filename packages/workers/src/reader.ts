import { availableParallelism } from 'node:os';
import { type Digest, digestOf } from '@avow/bytes';
import type { ModuleReading, ReadingTask } from '@avow/examine';
import { DEFAULT_LIMITS, type WorkerLimits } from './limits.ts';
import { Pool } from './pool.ts';
import { CHILD_PROGRAM } from './start.ts';
import { encodeOutsideRules } from './task.ts';
import { unreadFor } from './unread.ts';

/** Languages that rules of someone else are tried on. */
const NATIVE_KINDS: ReadonlySet<ReadingTask['language']> = new Set(['elf', 'pe', 'macho', 'wasm']);

/** Keeps readings, as JSON, under keys that name all they depend on. May forget at any time. */
export interface ReadingStore {
  read(keys: Iterable<string>): Map<string, Uint8Array>;
  write(readings: Iterable<readonly [key: string, reading: Uint8Array]>): void;
}

export interface ReaderOptions {
  /** Digests of what decides a reading besides the module. */
  readonly engine: Digest;
  readonly rules: Digest;
  /** Rules of someone else, for native modules: their digest, and their JSON for the children. */
  readonly outside?: { readonly digest: Digest; readonly json: string };
  readonly store?: ReadingStore;
  readonly limits?: Partial<WorkerLimits>;
  /** Told after each module how many are done of how many. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Readings of modules: from the store where it has them, else from child
 * processes. The same bytes come out either way, because what is kept is the
 * JSON that a child wrote.
 */
export class ModuleReader {
  readonly #options: ReaderOptions;
  /** The children, for who has other work for them: `FlowFollower`. */
  readonly pool: Pool;

  constructor(options: ReaderOptions) {
    this.#options = options;
    const limits = { ...DEFAULT_LIMITS, workers: availableParallelism(), ...options.limits };
    const { outside } = options;
    this.pool = new Pool(CHILD_PROGRAM, limits, outside && encodeOutsideRules(outside.json));
  }

  /**
   * The readings of `tasks`, in their order. The same module, asked for twice,
   * is read once. Takes no task while many wait.
   */
  async read(tasks: AsyncIterable<ReadingTask>): Promise<ModuleReading[]> {
    const readings: Promise<ModuleReading>[] = [];
    const known = new Map<string, Promise<ModuleReading>>();
    const progress = { done: 0, all: 0 };
    const fresh = new Batch(this.#options.store);
    for await (const task of tasks) {
      const key = this.#keyOf(task);
      let reading = known.get(key);
      if (reading === undefined) {
        progress.all += 1;
        reading = this.#readingOf(task, key, fresh).finally(() => this.#tell(progress));
        reading.catch(() => {}); // Met below, with the others.
        known.set(key, reading);
      }
      readings.push(reading);
      await this.pool.room();
    }
    const all = await Promise.all(readings);
    fresh.write();
    return all;
  }

  close(): void {
    this.pool.close();
  }

  #tell(progress: { done: number; readonly all: number }): void {
    progress.done += 1;
    this.#options.onProgress?.(progress.done, progress.all);
  }

  async #readingOf(task: ReadingTask, key: string, fresh: Batch): Promise<ModuleReading> {
    const kept = this.#options.store?.read([key]).get(key);
    if (kept !== undefined) return parsed(kept);
    const outcome = await this.pool.read(task);
    // What a child could not say itself depends on the machine, so it is never kept.
    if ('why' in outcome) return unreadFor(outcome.why);
    fresh.add(key, outcome.reading);
    return parsed(outcome.reading);
  }

  /** All that a reading depends on. */
  #keyOf({ digest, language, goal, withLinks = false, given }: ReadingTask): string {
    const { engine, rules, outside } = this.#options;
    const parts: string[] = [engine, rules, digest, language, goal];
    if (withLinks) parts.push('links');
    if (given !== undefined) parts.push(JSON.stringify(given));
    if (outside !== undefined && NATIVE_KINDS.has(language)) parts.push(outside.digest);
    return digestOf(parts.join('\n')).slice('sha256:'.length);
  }
}

/** Bytes of readings written at once: one transaction a reading would cost more than the reading. */
const BATCH_BYTES = 4_000_000;

/** Readings on their way to the store. */
class Batch {
  readonly #store: ReadingStore | undefined;
  #readings: [key: string, reading: Uint8Array][] = [];
  #bytes = 0;

  constructor(store: ReadingStore | undefined) {
    this.#store = store;
  }

  add(key: string, reading: Uint8Array): void {
    if (this.#store === undefined) return;
    this.#readings.push([key, reading]);
    this.#bytes += reading.length;
    if (this.#bytes > BATCH_BYTES) this.write();
  }

  write(): void {
    if (this.#readings.length > 0) this.#store?.write(this.#readings);
    this.#readings = [];
    this.#bytes = 0;
  }
}

function parsed(bytes: Uint8Array): ModuleReading {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
}
