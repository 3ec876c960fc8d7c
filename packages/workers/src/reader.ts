import { availableParallelism } from 'node:os';
import { type Digest, digestOf } from '@avow/bytes';
import type { ModuleReading, ReadingTask } from '@avow/examine';
import { DEFAULT_LIMITS, type WorkerLimits } from './limits.ts';
import { type Outcome, Pool } from './pool.ts';
import { unreadFor } from './unread.ts';

/** Keeps readings, as JSON, under keys that name all they depend on. May forget at any time. */
export interface ReadingStore {
  read(keys: Iterable<string>): Map<string, Uint8Array>;
  write(readings: Iterable<readonly [key: string, reading: Uint8Array]>): void;
}

export interface ReaderOptions {
  /** Digests of what decides a reading besides the module. */
  readonly engine: Digest;
  readonly rules: Digest;
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
  readonly #pool: Pool;

  constructor(options: ReaderOptions) {
    this.#options = options;
    const program = new URL(
      import.meta.url.endsWith('.ts') ? './child.ts' : './child.js',
      import.meta.url,
    );
    this.#pool = new Pool(program, {
      ...DEFAULT_LIMITS,
      workers: availableParallelism(),
      ...options.limits,
    });
  }

  /** Starts a child early, to load while the product is being opened. */
  warm(): void {
    this.#pool.warm();
  }

  /** The readings of `tasks`, in their order. The same module, asked for twice, is read once. */
  async read(tasks: readonly ReadingTask[]): Promise<ModuleReading[]> {
    const keys = tasks.map((task) => this.#keyOf(task));
    const wanted = new Map(keys.map((key, index) => [key, tasks[index]!]));
    const readings = new Map<string, ModuleReading>();
    for (const [key, bytes] of this.#options.store?.read(wanted.keys()) ?? []) {
      readings.set(key, parsed(bytes));
    }
    const missing = [...wanted].filter(([key]) => !readings.has(key));
    await this.#readMissing(missing, readings, wanted.size);
    return keys.map((key) => readings.get(key)!);
  }

  close(): void {
    this.#pool.close();
  }

  async #readMissing(
    missing: readonly (readonly [key: string, task: ReadingTask])[],
    readings: Map<string, ModuleReading>,
    all: number,
  ): Promise<void> {
    const fresh: [key: string, reading: Uint8Array][] = [];
    await this.#pool.run(
      missing.map(([, task]) => task),
      (index, outcome) => {
        const key = missing[index]![0];
        readings.set(key, readingOf(outcome));
        if ('reading' in outcome) fresh.push([key, outcome.reading]);
        this.#options.onProgress?.(readings.size, all);
      },
    );
    if (fresh.length > 0) this.#options.store?.write(fresh);
  }

  /** All that a reading depends on. */
  #keyOf({ digest, language, goal }: ReadingTask): string {
    const { engine, rules } = this.#options;
    return digestOf([engine, rules, digest, language, goal].join('\n')).slice('sha256:'.length);
  }
}

function readingOf(outcome: Outcome): ModuleReading {
  // What a child could not say itself depends on the machine, so it is never kept.
  return 'reading' in outcome ? parsed(outcome.reading) : unreadFor(outcome.why);
}

function parsed(bytes: Uint8Array): ModuleReading {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
}
