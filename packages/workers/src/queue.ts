import type { Job } from './worker.ts';

/** Modules that wait for a child: retries first, then the largest. */
export class Queue {
  /** In order of size, the largest last. */
  readonly #jobs: Job[] = [];
  readonly #retries: Job[] = [];
  /** Of all that wait. */
  bytes = 0;

  get length(): number {
    return this.#jobs.length + this.#retries.length;
  }

  add(job: Job): void {
    const size = job.task.bytes.length;
    let low = 0;
    for (let high = this.#jobs.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.#jobs[middle]!.task.bytes.length < size) low = middle + 1;
      else high = middle;
    }
    this.#jobs.splice(low, 0, job);
    this.bytes += size;
  }

  retry(job: Job): void {
    this.#retries.push(job);
    this.bytes += job.task.bytes.length;
  }

  next(): Job | undefined {
    return this.#retries[0] ?? this.#jobs.at(-1);
  }

  /** Takes out what `next` gives. */
  take(): void {
    const job = this.#retries.shift() ?? this.#jobs.pop();
    this.bytes -= job?.task.bytes.length ?? 0;
  }
}
