import { styled, type Terminal } from './terminal.ts';

/** Lines of text output, put together from the top. */
export class Page {
  readonly terminal: Terminal;
  readonly #lines: string[] = [];

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** A line that can be skipped. */
  dim(text: string): void {
    this.line(styled(this.terminal, 'dim', text));
  }

  /** An empty line, unless there is one or nothing is above. */
  blank(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  heading(text: string): void {
    this.blank();
    this.line(styled(this.terminal, 'bold', text));
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
