import { availableParallelism } from 'node:os';
import type { Why } from '@avow/bytes';
import type { ReadingTask } from '@avow/examine';
import { DEFAULT_LIMITS, type WorkerLimits } from './limits.ts';
import { type Death, type Job, Worker } from './worker.ts';

/** What became of one module: the JSON of its reading, or why there is none. */
export type Outcome = { readonly reading: Buffer } | { readonly why: Why };

/**
 * What one child may have before it: enough that it never waits for us, little
 * enough that a crash costs little and the last modules spread evenly.
 */
const WINDOW_BYTES = 512_000;
const WINDOW_MODULES = 64;

/**
 * Below this a second child costs more (about 150 ms of CPU to start) than it
 * saves.
 */
const BYTES_FOR_A_CHILD = 300_000;

/** Child processes that read modules, and that may die of one without harm to the others. */
export class Pool {
  readonly #program: URL;
  readonly #limits: WorkerLimits;
  readonly #workers: Worker[] = [];
  #queue: Job[] = [];
  #report: (number: number, outcome: Outcome) => void = () => {};
  #fail: (error: Error) => void = () => {};
  #closing = false;

  constructor(program: URL, limits: Partial<WorkerLimits> = {}) {
    this.#program = program;
    this.#limits = { workers: availableParallelism(), ...DEFAULT_LIMITS, ...limits };
  }

  /** Starts one child before there is work for it, to load while a product is opened. */
  warm(): void {
    if (this.#workers.length === 0) this.#start();
  }

  /**
   * Reads all of `tasks`; `report` is called once for each, in the order in
   * which they are done. The largest are begun first, so that none is left
   * over at the end. Rejects only where a child cannot start at all.
   */
  async run(
    tasks: readonly ReadingTask[],
    report: (number: number, outcome: Outcome) => void,
  ): Promise<void> {
    if (tasks.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      let left = tasks.length;
      this.#fail = reject;
      this.#report = (number, outcome) => {
        report(number, outcome);
        left -= 1;
        if (left === 0) resolve();
      };
      this.#begin(tasks);
    });
  }

  #begin(tasks: readonly ReadingTask[]): void {
    const fitting: Job[] = [];
    for (const [number, task] of tasks.entries()) {
      if (task.bytes.length <= this.#limits.maxModuleBytes) {
        fitting.push({ number, task, parser: 'fast' });
      } else {
        this.#report(number, { why: this.#tooLarge(task) });
      }
    }
    this.#queue = fitting.sort((a, b) => a.task.bytes.length - b.task.bytes.length);
    const bytes = fitting.reduce((sum, job) => sum + job.task.bytes.length, 0);
    const wanted = Math.min(this.#limits.workers, 1 + Math.floor(bytes / BYTES_FOR_A_CHILD));
    while (this.#workers.length < wanted && fitting.length > 0) this.#start();
    for (const worker of this.#workers) this.#feed(worker);
  }

  close(): void {
    this.#closing = true;
    for (const worker of this.#workers.splice(0)) worker.end();
  }

  #start(): Worker {
    const worker: Worker = new Worker(this.#program, this.#limits, {
      done: (job, reading) => {
        this.#report(job.number, { reading });
        this.#feed(worker);
      },
      died: (death) => this.#bury(worker, death),
      failed: (error) => {
        if (!this.#closing) this.#fail(error);
      },
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Fills the worker's window. A retry goes alone: its end must not be blamed on another. */
  #feed(worker: Worker): void {
    if (worker.pending[0]?.parser === 'pure') return;
    let bytes = worker.pending.reduce((sum, job) => sum + job.task.bytes.length, 0);
    while (
      worker.pending.length < 2 ||
      (worker.pending.length < WINDOW_MODULES && bytes < WINDOW_BYTES)
    ) {
      const job = this.#queue.at(-1);
      if (job === undefined) return;
      if (job.parser === 'pure' && worker.pending.length > 0) return;
      this.#queue.pop();
      worker.give(job);
      if (job.parser === 'pure') return;
      bytes += job.task.bytes.length;
    }
  }

  /** The module that was being read is tried once more, then given up; the others go on. */
  #bury(worker: Worker, death: Death): void {
    this.#workers.splice(this.#workers.indexOf(worker), 1);
    const [blamed, ...innocent] = death.lost;
    this.#queue.push(...innocent.reverse());
    if (blamed !== undefined && blamed.parser === 'fast') {
      this.#queue.push({ ...blamed, parser: 'pure' });
    }
    if (this.#queue.length > 0 && !this.#closing) this.#feed(this.#start());
    if (blamed?.parser === 'pure') {
      this.#report(blamed.number, { why: { code: death.cause, message: death.found } });
    }
  }

  #tooLarge(task: ReadingTask): Why {
    return {
      code: 'worker.too-large',
      message: `${task.bytes.length} bytes; at most ${this.#limits.maxModuleBytes} are read of one module`,
    };
  }
}
