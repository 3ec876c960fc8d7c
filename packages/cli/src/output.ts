import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './errors.ts';
import { PLAIN, type Terminal, terminalOf } from './render/terminal.ts';

/** Where a result goes: a file, or standard output, which gets nothing else. */
export interface Output {
  readonly terminal: Terminal;
  write(text: string): Promise<void>;
}

export function outputTo(file: string | undefined): Output {
  if (file === undefined) {
    return { terminal: terminalOf(process.stdout, process.env), write: writeStandard };
  }
  // Known before the work, not after it.
  attempt(() => accessSync(dirname(resolve(file)), constants.W_OK));
  return {
    terminal: PLAIN,
    write: async (text) => attempt(() => writeFileSync(file, text)),
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UsageError(
      `cannot write the result: ${error instanceof Error ? error.message : error}`,
      'give --output a file that can be written',
    );
  }
}

/** Resolves once the text is handed over: the process may end then. */
function writeStandard(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
