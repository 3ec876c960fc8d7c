import { execFile } from 'node:child_process';

/** How a program that we ran ended. */
export interface Ended {
  /** Undefined where the program is not there. */
  readonly status: number | undefined;
  readonly output: string;
  readonly errors: string;
}

/** Bytes of a program's output; npm lists a package of a million files in some 100 MB. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs a program of the user's, without a shell, and waits for its end. */
export function runCommand(
  program: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const options = {
    cwd: folder,
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, output, errors) => {
      if (signal?.aborted) reject(signal.reason);
      else if (error === null) resolve({ status: 0, output, errors });
      else if (error.code === 'ENOENT') resolve({ status: undefined, output, errors });
      else resolve({ status: Number(error.code) || 1, output, errors });
    });
  });
}
