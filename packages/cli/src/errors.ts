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
  if (isOfFiles(error)) {
    const [, why = error.message] = /^\w+: (.*?), /.exec(error.message) ?? [];
    tell(`${shown(error.path)}: ${shown(why)}`, `Next: ${FILE_NEXT[error.code]}`);
    return EXIT.usage;
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

/** What the system refuses of files that the user named or that are kept for them; nothing else is expected. */
const FILE_NEXT: Readonly<Record<string, string>> = {
  ENOENT: 'name a file that is there, or make it',
  ENOTDIR: 'name a path whose folders are folders',
  EISDIR: 'name a file, not a folder',
  EACCES: 'name another file, or have yourself allowed to use it',
  EPERM: 'name another file, or have yourself allowed to use it',
  EROFS: 'name a file where writing is possible',
  ENOSPC: 'make room on the disk, and run it again',
};

function isOfFiles(
  error: unknown,
): error is Error & { readonly code: string; readonly path: string } {
  if (!(error instanceof Error)) return false;
  const { code, path, syscall = '' } = error as NodeJS.ErrnoException;
  if (syscall.startsWith('spawn')) return false;
  return typeof path === 'string' && code !== undefined && Object.hasOwn(FILE_NEXT, code);
}

/** Packages that list many faults at once have refusals of their own, of the same name. */
function isRefusal(error: unknown): error is Refused {
  return error instanceof Error && error.name === 'Refused' && 'code' in error;
}

/** What another program said may have lines; they stay lines. */
function shownLines(text: string): string {
  return text.split('\n').map(shown).join('\n  ');
}
