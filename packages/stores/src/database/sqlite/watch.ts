/** How often the file is looked at: reading its version takes some microseconds. */
const LOOK_MS = 25;

/** Tells of commits, of this process and of others. */
export class Watch {
  readonly #version: () => number;
  readonly #wakes = new Set<() => void>();
  #seen = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(version: () => number) {
    this.#version = version;
  }

  listen(wake: () => void): () => void {
    const own = () => wake();
    this.#wakes.add(own);
    if (this.#timer === undefined) {
      this.#seen = this.#version();
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      // Listening alone keeps no process alive.
      this.#timer.unref();
    }
    return () => {
      this.#wakes.delete(own);
      if (this.#wakes.size === 0) this.stop();
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const version = this.#version();
    if (version === this.#seen) return;
    this.#seen = version;
    for (const wake of this.#wakes) wake();
  }
}
