import { writeFileSync } from 'node:fs';
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
  return {
    terminal: PLAIN,
    write: async (text) => {
      try {
        writeFileSync(file, text);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new UsageError(
          `cannot write the result: ${why}`,
          'give --output a file that can be written',
        );
      }
    },
  };
}

/** Resolves once the text is handed over: the process may end then. */
function writeStandard(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
