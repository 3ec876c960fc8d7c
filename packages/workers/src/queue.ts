import type { Job } from './worker.ts';

/** Modules that wait for a child: retries first, then the largest that is not above a limit. */
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
    this.#jobs.splice(this.#above(size), 0, job);
    this.bytes += size;
  }

  retry(job: Job): void {
    this.#retries.push(job);
    this.bytes += job.task.bytes.length;
  }

  next(maxBytes: number): Job | undefined {
    return this.#retries[0] ?? this.#jobs[this.#above(maxBytes) - 1];
  }

  /** Takes out what `next` gave. */
  take(job: Job): void {
    const among = this.#retries[0] === job ? this.#retries : this.#jobs;
    among.splice(among === this.#retries ? 0 : among.lastIndexOf(job), 1);
    this.bytes -= job.task.bytes.length;
  }

  /** Index of the first job above a size. */
  #above(bytes: number): number {
    let low = 0;
    for (let high = this.#jobs.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.#jobs[middle]!.task.bytes.length <= bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
