import type { ChildProcess } from 'node:child_process';
import type { FlowJob, FlowResult, ReadingTask } from '@avow/examine';
import { Conversation } from './flows/conversation.ts';
import { type Frame, FrameReader, frameHeader, READY } from './frame.ts';
import { timeFor, type WorkerLimits } from './limits.ts';
import { childFor } from './start.ts';
import { encodeFlowJob, encodeTaskHead, type ParserChoice } from './task.ts';

/** A module on its way, with its number in the pool. */
export interface Job {
  readonly number: number;
  readonly task: ReadingTask;
  readonly parser: ParserChoice;
}

/** How a child ended while it had work: the first of `lost` was being read. */
export interface Death {
  readonly cause: 'worker.crashed' | 'worker.timeout' | 'worker.memory';
  /** For people: the signal or status, or the limit. */
  readonly found: string;
  readonly lost: readonly Job[];
}

export interface WorkerEvents {
  /** A reading, as the JSON the child wrote. */
  done(job: Job, reading: Buffer): void;
  died(death: Death): void;
  /** The child ended before it could read anything: our fault, not a module's. */
  failed(error: Error): void;
}

const HEAP_EXHAUSTED = /heap out of memory|Allocation failed|Array buffer allocation failed/;
const STDERR_KEPT = 4_000;

/** One disposable child process; it reads the modules it is given in their order. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #limits: WorkerLimits;
  readonly #events: WorkerEvents;
  readonly #queue: Job[] = [];
  #conversation: Conversation | undefined;
  #largest = 0;
  #ready = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #timedOut = false;
  #stderr = '';

  /** @param first A payload that the child is given before any module. */
  constructor(program: URL, limits: WorkerLimits, events: WorkerEvents, first?: Uint8Array) {
    this.#limits = limits;
    this.#events = events;
    this.#child = childFor(program, limits.heapMiB);
    const frames = new FrameReader();
    this.#child.stdout!.on('data', (piece: Buffer) => {
      for (const frame of frames.push(piece)) this.#receive(frame);
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.#child.stdin!.on('error', () => {}); // A dead child is told by its exit.
    this.#child.on('error', (error) => this.#events.failed(error));
    this.#child.on('close', (code, signal) => this.#close(code, signal));
    if (first !== undefined) this.#send(0, first);
  }

  /** Modules given and not yet answered. */
  get pending(): readonly Job[] {
    return this.#queue;
  }

  /** Bytes of the largest module that it was given. */
  get largest(): number {
    return this.#largest;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#conversation === undefined;
  }

  get isFollowing(): boolean {
    return this.#conversation !== undefined;
  }

  give(job: Job): void {
    this.#largest = Math.max(this.#largest, job.task.bytes.length);
    this.#send(job.number, encodeTaskHead(job.task, job.parser), job.task.bytes);
    this.#queue.push(job);
    if (this.#queue.length === 1) this.#watch();
  }

  /**
   * Follows a product's data; only an idle child may be asked. Undefined when
   * it ended before it gave a result, or was ended after `limitMs`.
   */
  follow(job: FlowJob, json: string, limitMs: number): Promise<FlowResult | undefined> {
    this.#conversation = new Conversation(job, (payload) => this.#send(0, payload));
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    this.#send(0, encodeFlowJob(json));
    return this.#conversation.result;
  }

  #send(number: number, ...pieces: readonly Uint8Array[]): void {
    const input = this.#child.stdin!;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    input.cork();
    input.write(frameHeader(number, length));
    for (const piece of pieces) input.write(piece);
    process.nextTick(() => input.uncork());
  }

  /** No more modules; the child ends by itself. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#child.stdin!.end();
    // One that is still starting has nothing to finish, and would be waited for.
    if (!this.#ready && this.isIdle) this.#child.kill('SIGKILL');
  }

  #receive(frame: Frame): void {
    const { number, payload } = frame;
    if (number === READY) {
      this.#ready = true;
      if (this.#conversation === undefined) this.#watch();
      return;
    }
    if (this.#conversation !== undefined) {
      if (!this.#conversation.receive(frame)) return;
      this.#conversation = undefined;
      clearTimeout(this.#timer);
      return;
    }
    const job = this.#queue.shift();
    if (job?.number !== number) {
      this.#child.kill('SIGKILL');
      throw new Error(`a child answered for module ${number} out of order`);
    }
    this.#watch();
    this.#events.done(job, payload);
  }

  /** Starts the clock of the module that is now being read. */
  #watch(): void {
    clearTimeout(this.#timer);
    const job = this.#queue[0];
    if (job === undefined || !this.#ready) return;
    this.#timer = setTimeout(
      () => {
        this.#timedOut = true;
        this.#child.kill('SIGKILL');
      },
      timeFor(job.task.bytes.length, this.#limits),
    );
  }

  #close(code: number | null, signal: NodeJS.Signals | null): void {
    clearTimeout(this.#timer);
    this.#conversation?.end();
    if (this.#ended && this.#queue.length === 0) return;
    const status = signal === null ? `exit status ${code}` : signal;
    if (!this.#ready) {
      this.#events.failed(new Error(`a child process did not start (${status})\n${this.#stderr}`));
      return;
    }
    this.#events.died({ ...this.#cause(status), lost: this.#queue.splice(0) });
  }

  #cause(status: string): Pick<Death, 'cause' | 'found'> {
    if (this.#timedOut) {
      const bytes = this.#queue[0]?.task.bytes.length ?? 0;
      const limit = timeFor(bytes, this.#limits);
      return { cause: 'worker.timeout', found: `not read within ${limit / 1000} s` };
    }
    if (HEAP_EXHAUSTED.test(this.#stderr)) {
      return {
        cause: 'worker.memory',
        found: `needs more than ${this.#limits.heapMiB} MiB of heap`,
      };
    }
    return { cause: 'worker.crashed', found: `ended the process that read it (${status})` };
  }
}
