import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { HEAP_MIB } from './limits.ts';

/**
 * How a child collects its garbage (docs/decisions/0053): a young generation
 * that is as large from the start as it may become, and small, because trees
 * are typed arrays and little else is young.
 */
const COLLECTOR = ['--min-semi-space-size=4', '--max-semi-space-size=4'];

/**
 * No code is compiled by the last and slowest of V8's compilers: what it takes
 * to compile, a child of ordinary life does not win back.
 */
const COMPILER = ['--max-opt=2'];

/**
 * glibc gives large blocks back to the system when they are freed, which it
 * else stops to do after the first (mallopt(3), M_MMAP_THRESHOLD).
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '1' };

/** The program of a child. */
export const CHILD_PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './child.ts' : './child.js',
  import.meta.url,
);

let early: ChildProcess | undefined;

/**
 * Starts a child before it is known what it will read, while the rest of the
 * command is loaded and the product opened: on a small product a third of all
 * the time. Whoever needs no child lets it end with this process.
 */
export function startEarly(): void {
  if (availableParallelism() < 2) return;
  early = start(CHILD_PROGRAM, HEAP_MIB);
  early.on('error', () => {}); // Told when another cannot start either.
  for (const handle of [early, ...early.stdio]) (handle as Partial<ChildProcess>).unref?.();
}

/** The child that was started early, where it is as it is wanted; else a new one. */
export function childFor(program: URL, heapMiB: number): ChildProcess {
  const child = early;
  early = undefined;
  const isFit = program.href === CHILD_PROGRAM.href && heapMiB === HEAP_MIB;
  if (child === undefined || !isFit || !isAlive(child)) return start(program, heapMiB);
  for (const handle of [child, ...child.stdio]) (handle as Partial<ChildProcess>).ref?.();
  return child;
}

function isAlive({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function start(program: URL, heapMiB: number): ChildProcess {
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMiB}`,
      ...COLLECTOR,
      ...COMPILER,
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(program),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: environment(), windowsHide: true },
  );
}

/** Children find our compiled code where we found it, and hold on to little memory. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  const cache = folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
  return { ...process.env, ...ALLOCATOR, ...cache };
}
