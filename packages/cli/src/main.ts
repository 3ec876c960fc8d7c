import { once } from 'node:events';
import { CommanderError } from 'commander';
import { EXIT, type ExitStatus } from './exit.ts';
import { program } from './program.ts';

/** Runs the command line and sets the exit status; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  endWithReader();
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.exitCode = await statusOf(argv, interrupt.signal);
  // What was under way is of no use now, and children end with us.
  if (interrupt.signal.aborted) process.exit();
}

async function statusOf(argv: readonly string[], signal: AbortSignal): Promise<ExitStatus> {
  try {
    let status: ExitStatus = EXIT.ok;
    let isPatient = false;
    const context = {
      signal,
      end: (result: ExitStatus) => (status = result),
      endsItself: () => (isPatient = true),
    };
    const run = program(context).parseAsync([...argv]);
    const interrupted = once(signal, 'abort').then(async () => {
      if (!isPatient) return EXIT.interrupted;
      return run;
    });
    const isInterrupted = (await Promise.race([run, interrupted])) === EXIT.interrupted;
    return isInterrupted ? EXIT.interrupted : status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { tellError } = await import('./errors.ts');
    return tellError(error, process.stderr);
  }
}

/** When whoever reads our output stops (`avow … | head`), that is no error: end in silence. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
