import { Refused } from '@avow/bytes';
import { EXIT, type ExitStatus } from './exit.ts';
import { shown } from './render/shown.ts';
import { styled, terminalOf } from './render/terminal.ts';

/** The command line asks for what there is not: told with what to do next. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

/** Says on `stream` what went wrong, where, why, and what to do next; gives the exit status. */
export function tellError(error: unknown, stream: NodeJS.WriteStream): ExitStatus {
  const terminal = terminalOf(stream, process.env);
  const tell = (what: string, ...more: string[]) =>
    stream.write(
      `${styled(terminal, 'red', 'avow:')} ${[what, ...more.map((line) => `  ${line}`)].join('\n')}\n`,
    );
  if (error instanceof UsageError) {
    tell(shownLines(error.message), `Next: ${error.next}`);
    return EXIT.usage;
  }
  if (isRefusal(error)) {
    const at = error.at === undefined ? '' : ` at 0x${error.at.toString(16)}`;
    tell(
      shownLines(error.constructor === Refused ? error.found : error.message),
      `Refused as ${shown(error.code)}${at}.`,
      `Next: avow code ${shown(error.code)}`,
    );
    return EXIT.refused;
  }
  tell(
    'a fault of Avow itself; the product is not to blame.',
    ...String(error instanceof Error ? error.stack : error)
      .split('\n')
      .map(shown),
    'Next: report it with the command and the lines above (see SECURITY.md if the product may be hostile).',
  );
  return EXIT.fault;
}

/** Packages that list many faults at once have refusals of their own, of the same name. */
function isRefusal(error: unknown): error is Refused {
  return error instanceof Error && error.name === 'Refused' && 'code' in error;
}

/** What another program said may have lines; they stay lines. */
function shownLines(text: string): string {
  return text.split('\n').map(shown).join('\n  ');
}
