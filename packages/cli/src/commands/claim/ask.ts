import { createInterface, type Interface } from 'node:readline/promises';

/** Asks a person at a terminal; whoever ends the input has answered nothing. */
export class Asking {
  readonly #terminal: Interface;
  readonly #ended: Promise<undefined>;

  constructor() {
    this.#terminal = createInterface({ input: process.stdin, output: process.stderr });
    this.#ended = new Promise((resolve) => {
      this.#terminal.once('close', () => resolve(undefined));
    });
  }

  /** What was typed; undefined once the input has ended. */
  async ask(question: string): Promise<string | undefined> {
    const typed = this.#terminal.question(`${question}\n> `).catch(() => undefined);
    return (await Promise.race([typed, this.#ended]))?.trim();
  }

  async isYes(question: string): Promise<boolean> {
    return /^y(?:es)?$/i.test((await this.ask(`${question} [y/N]`)) ?? '');
  }

  close(): void {
    this.#terminal.close();
  }
}

/** What a claim is made of, asked one by one; each may stay empty. */
export const QUESTIONS = [
  {
    asks: 'Which product and version? (pkg:npm/name@1.2.3; empty if you gave the file)',
    label: 'Product: ',
  },
  { asks: 'Where in it? (a locator, a stack frame, file and line, a signature id)', label: '' },
  { asks: 'What is there? (net.http, or cred.ssh-pgp -> net.http)', label: 'Feature: ' },
  { asks: 'What did you see?', label: '' },
] as const;
