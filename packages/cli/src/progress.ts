import { shownWithin } from './render/shown.ts';

/** Often enough to be alive, seldom enough to cost nothing. */
const EVERY_MS = 100;
/** Work that ends sooner needs no line. */
const AFTER_MS = 400;

/** One line on standard error that tells what is being done; silent unless that is a terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #isShown: boolean;
  readonly #began = performance.now();
  #drawn = 0;
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream, isWanted: boolean) {
    this.#stream = stream;
    this.#isShown = isWanted && stream.isTTY === true;
  }

  say(text: string): void {
    if (!this.#isShown) return;
    const now = performance.now();
    if (now - this.#began < AFTER_MS || now - this.#drawn < EVERY_MS) return;
    this.#drawn = now;
    this.#isDrawn = true;
    this.#stream.write(`\r\u001b[K${shownWithin(text, (this.#stream.columns || 80) - 1)}`);
  }

  /** Takes the line away, for the result or an error to be read. */
  end(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}
