import type { ChildProcess } from 'node:child_process';
import { memoryOf } from './memory.ts';
import { type RunEnd, type RunLimits, startChild, stopChild } from './run.ts';

export interface StandingLimits extends RunLimits {
  /** A child that was asked nothing for so many seconds ends. */
  readonly idle: number;
}

interface Asked {
  readonly task: object;
  readonly done: (end: RunEnd) => void;
}

/** Memory is looked at so often while a child works. */
const LOOK_MS = 250;

/**
 * Children that stay and answer one task after another, each within the limits
 * of `runChild`: for answers that take less time than starting a process does.
 * One that takes too long or too much is ended, and another is started for the
 * next task.
 */
export class StandingChildren {
  readonly #program: URL;
  readonly #limits: StandingLimits;
  readonly #children: StandingChild[];
  readonly #waiting: Asked[] = [];

  constructor(program: URL, limits: StandingLimits, count: number) {
    this.#program = program;
    this.#limits = limits;
    this.#children = Array.from({ length: count }, () => new StandingChild());
  }

  ask(task: object): Promise<RunEnd> {
    return new Promise((done) => {
      this.#waiting.push({ task, done });
      this.#next();
    });
  }

  /** Ends every child; what was asked of them ends with it. */
  close(): void {
    for (const child of this.#children) child.end();
  }

  #next(): void {
    // One that runs already is asked before one that has to be started.
    const free = this.#children.filter((one) => !one.isBusy);
    const child = free.find((one) => one.isRunning) ?? free[0];
    const asked = child === undefined ? undefined : this.#waiting.shift();
    if (child === undefined || asked === undefined) return;
    void child.run(this.#program, asked.task, this.#limits).then((end) => {
      asked.done(end);
      this.#next();
    });
  }
}

class StandingChild {
  isBusy = false;
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  async run(program: URL, task: object, limits: StandingLimits): Promise<RunEnd> {
    this.isBusy = true;
    clearTimeout(this.#idle);
    this.#child ??= this.#start(program, limits);
    const child = this.#child;
    let stopped: string | undefined;
    const stop = (why: string): void => {
      stopped ??= why;
      this.end();
    };
    const late = setTimeout(
      () => stop(`it took longer than ${limits.seconds} s`),
      limits.seconds * 1000,
    );
    const look = setInterval(() => {
      if (memoryOf(child.pid) > limits.memory)
        stop(`it took more than ${limits.memory} bytes of memory`);
    }, LOOK_MS);
    child.ref();
    child.channel?.ref();
    try {
      const end = await answerOf(child, task);
      if (end.state === 'died') this.end();
      return stopped === undefined ? end : { state: 'stopped', why: stopped };
    } finally {
      clearTimeout(late);
      clearInterval(look);
      // One that waits keeps nobody from ending.
      child.unref();
      child.channel?.unref();
      this.isBusy = false;
      this.#idle = setTimeout(() => this.end(), limits.idle * 1000).unref();
    }
  }

  #start(program: URL, limits: RunLimits): ChildProcess {
    const child = startChild(program, limits);
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    // What it writes there is a fault of ours: `answerOf` tells the end of it.
    child.stderr?.setEncoding('utf8').resume();
    (child.stderr as unknown as { unref?: () => void } | null)?.unref?.();
    return child;
  }

  end(): void {
    clearTimeout(this.#idle);
    if (this.#child !== undefined) stopChild(this.#child);
    this.#child = undefined;
  }
}

/** Of what a child writes on standard error, the end. */
const MAX_ERRORS = 4_000;

function answerOf(child: ChildProcess, task: object): Promise<RunEnd> {
  return new Promise((resolve) => {
    let errors = '';
    const hear = (text: string): void => {
      errors = `${errors}${text}`.slice(-MAX_ERRORS);
    };
    const finish = (end: RunEnd): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      child.stderr?.off('data', hear);
      resolve(end);
    };
    const onMessage = (news: { done?: unknown; refused?: { code: string; message: string } }) =>
      finish(
        news.refused === undefined
          ? { state: 'done', result: news.done }
          : { state: 'refused', ...news.refused },
      );
    const onExit = (code: number | null, signal: string | null) =>
      finish({ state: 'died', why: `${signal ?? code}: ${errors.trim()}` });
    const onError = (error: Error) => finish({ state: 'died', why: error.message });
    child.once('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onError);
    child.stderr?.on('data', hear);
    child.send(task, (error) => {
      if (error !== null) finish({ state: 'died', why: error.message });
    });
  });
}
