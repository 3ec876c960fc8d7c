import { availableParallelism } from 'node:os';
import type { Why } from '@avow/bytes';
import type { FlowJob, FlowResult, ReadingTask } from '@avow/examine';
import { isNativeTask } from '@avow/examine/product';
import { DEFAULT_LIMITS, NATIVE_FACTOR, type WorkerLimits } from './limits.ts';
import { Queue } from './queue.ts';
import { type Death, type Job, Worker, type WorkerEvents } from './worker.ts';

/** What became of one module: the JSON of its reading, or why there is none. */
export type Outcome = { readonly reading: Buffer } | { readonly why: Why };

/**
 * What one child may have before it: enough that it never waits for us, little
 * enough that a crash costs little and the last modules spread evenly.
 */
const WINDOW_BYTES = 512_000;
const WINDOW_MODULES = 64;

/**
 * What may wait for children: enough that large modules are seen early, little
 * enough that a product of any size fits in memory.
 */
const WAITING_BYTES = 6_000_000;
const WAITING_MODULES = 4_096;

/**
 * Below this a second child costs more (about 150 ms of CPU to start) than it
 * saves.
 */
const BYTES_FOR_A_CHILD = 300_000;

/**
 * A child keeps the memory that its largest module took, some 15 bytes for
 * each of the script's. So one child, the eldest, reads the largest, and the
 * others only such as keep the sum of their largest below this.
 */
const LARGEST_BYTES = 16_000_000;

/** Any child reads these: they cost little more than the child itself. */
const SMALL_BYTES = 1_000_000;

/**
 * A product of more than this takes so much memory to follow that idle
 * children are ended first, though others must be started for the next.
 */
const BYTES_THAT_CROWD = 40_000_000;

/** A product whose data waits to be followed. */
interface Following {
  readonly job: FlowJob;
  readonly json: string;
  readonly limitMs: number;
  resolve(result: FlowResult | undefined): void;
}

/**
 * Child processes that read modules, and that may die of one without harm to
 * the others. They stay from product to product, because their code is
 * compiled while it runs: the first second of each is the slowest.
 */
export class Pool {
  readonly #program: URL;
  readonly #limits: WorkerLimits;
  readonly #first: Uint8Array | undefined;
  readonly #workers: Worker[] = [];
  readonly #queue = new Queue();
  readonly #followings: Following[] = [];
  readonly #answers = new Map<number, PromiseWithResolvers<Outcome>>();
  #failure: Error | undefined;
  #roomMade = Promise.withResolvers<void>();
  #given = 0;
  #bytesGiven = 0;
  #isClosing = false;

  /** @param first A payload that every child is given before any module. */
  constructor(program: URL, limits: Partial<WorkerLimits> = {}, first?: Uint8Array) {
    this.#program = program;
    this.#first = first;
    this.#limits = { workers: availableParallelism(), ...DEFAULT_LIMITS, ...limits };
  }

  /**
   * What becomes of `task`. Of those that wait, the largest are begun first, so
   * that none is left over at the end. Rejects only where a child cannot start
   * at all.
   */
  read(task: ReadingTask): Promise<Outcome> {
    const { length } = task.bytes;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (length > this.#mostBytes(task)) return Promise.resolve({ why: this.#tooLarge(task) });
    const number = this.#given++;
    const answer = Promise.withResolvers<Outcome>();
    this.#answers.set(number, answer);
    this.#bytesGiven += length;
    this.#queue.add({ number, task, parser: 'fast' });
    const wanted = Math.min(
      this.#limits.workers,
      1 + Math.floor(this.#bytesGiven / BYTES_FOR_A_CHILD),
    );
    while (this.#workers.length < wanted) this.#start();
    for (const worker of this.#workers) this.#feed(worker);
    return answer.promise;
  }

  /** Resolves when another module may be given without filling the memory. */
  async room(): Promise<void> {
    while (this.#isFull() && this.#failure === undefined) await this.#roomMade.promise;
  }

  /**
   * Follows a product's data in the eldest child, whose code for parsing is
   * compiled. Undefined when that child ended before it gave a result.
   */
  follow(job: FlowJob, json: string, limitMs: number): Promise<FlowResult | undefined> {
    return new Promise((resolve) => {
      this.#followings.push({ job, json, limitMs, resolve });
      this.#followNext();
    });
  }

  close(): void {
    this.#isClosing = true;
    this.#end();
  }

  #end(): void {
    for (const worker of this.#workers.splice(0)) worker.end();
    this.#bytesGiven = 0;
  }

  #isFull(): boolean {
    return this.#queue.bytes > WAITING_BYTES || this.#queue.length > WAITING_MODULES;
  }

  #start(): Worker {
    const events: WorkerEvents = {
      done: (job, reading) => {
        this.#answer(job, { reading });
        this.#followNext();
        this.#feed(worker);
      },
      died: (death) => this.#bury(worker, death),
      failed: (error) => {
        if (!this.#isClosing) this.#fail(error);
      },
    };
    const worker: Worker = new Worker(this.#program, this.#limits, events, this.#first);
    this.#workers.push(worker);
    return worker;
  }

  /** Begins to follow what waits, once the eldest has nothing else to do. */
  #followNext(): void {
    const next = this.#followings[0];
    const eldest = this.#workers[0] ?? this.#start();
    if (next === undefined || !eldest.isIdle) return;
    this.#followings.shift();
    this.#makeRoom(next.job);
    void eldest.follow(next.job, next.json, next.limitMs).then((result) => {
      next.resolve(result);
      this.#followNext();
      this.#feed(eldest);
    });
  }

  #makeRoom({ tasks }: FlowJob): void {
    let bytes = 0;
    for (const task of tasks.values()) bytes += task.bytes.length;
    if (bytes < BYTES_THAT_CROWD) return;
    for (const worker of this.#workers.slice(1).filter(({ isIdle }) => isIdle)) {
      this.#workers.splice(this.#workers.indexOf(worker), 1);
      worker.end();
    }
  }

  #answer({ number }: Job, outcome: Outcome): void {
    this.#answers.get(number)!.resolve(outcome);
    this.#answers.delete(number);
  }

  /** Nothing that waits will be read. */
  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#answers.values()) reject(error);
    this.#answers.clear();
    this.#roomMade.resolve();
  }

  /** Fills the worker's window. A retry goes alone: its end must not be blamed on another. */
  #feed(worker: Worker): void {
    if (worker.isFollowing || worker.pending[0]?.parser === 'pure') return;
    if (worker === this.#workers[0] && this.#followings.length > 0) return;
    let bytes = worker.pending.reduce((sum, job) => sum + job.task.bytes.length, 0);
    while (
      worker.pending.length < 2 ||
      (worker.pending.length < WINDOW_MODULES && bytes < WINDOW_BYTES)
    ) {
      const job = this.#queue.next(this.#largestFor(worker));
      if (job === undefined || (job.parser === 'pure' && worker.pending.length > 0)) break;
      this.#queue.take(job);
      worker.give(job);
      if (job.parser === 'pure') break;
      bytes += job.task.bytes.length;
    }
    if (this.#isFull()) return;
    this.#roomMade.resolve();
    this.#roomMade = Promise.withResolvers();
  }

  /** Bytes of the largest module that `worker` may be given. */
  #largestFor(worker: Worker): number {
    const [eldest] = this.#workers;
    if (worker === eldest) return Number.POSITIVE_INFINITY;
    const share = (LARGEST_BYTES - eldest!.largest) / (this.#workers.length - 1);
    return Math.max(SMALL_BYTES, share);
  }

  /** The module that was being read is tried once more, then given up; the others go on. */
  #bury(worker: Worker, death: Death): void {
    this.#workers.splice(this.#workers.indexOf(worker), 1);
    const [blamed, ...innocent] = death.lost;
    for (const job of innocent) this.#queue.add(job);
    if (blamed !== undefined && blamed.parser === 'fast') {
      this.#queue.retry({ ...blamed, parser: 'pure' });
    }
    if (this.#queue.length > 0 && !this.#isClosing) this.#feed(this.#start());
    if (blamed?.parser === 'pure') {
      this.#answer(blamed, { why: { code: death.cause, message: death.found } });
    }
  }

  #mostBytes(task: ReadingTask): number {
    const { maxModuleBytes } = this.#limits;
    return isNativeTask(task) ? maxModuleBytes * NATIVE_FACTOR : maxModuleBytes;
  }

  #tooLarge(task: ReadingTask): Why {
    return {
      code: 'worker.too-large',
      message: `${task.bytes.length} bytes; at most ${this.#mostBytes(task)} are read of one module`,
    };
  }
}
