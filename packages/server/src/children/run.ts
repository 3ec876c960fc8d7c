import { type ChildProcess, fork } from 'node:child_process';
import { memoryOf } from './memory.ts';

/** What a child says while it works and at its end. */
export type News =
  | { readonly says: string }
  | { readonly done: unknown }
  /** What it was given cannot be read: nobody is to try again. */
  | { readonly refused: { readonly code: string; readonly message: string } };

export interface RunLimits {
  readonly seconds: number;
  /** Bytes, the child's own children included. */
  readonly memory: number;
}

/** How a child ended. */
export type RunEnd =
  | { readonly state: 'done'; readonly result: unknown }
  | { readonly state: 'refused'; readonly code: string; readonly message: string }
  /** It took too long or too much, or was told to end. */
  | { readonly state: 'stopped'; readonly why: string }
  | { readonly state: 'died'; readonly why: string };

/** Memory is looked at so often. */
const LOOK_MS = 500;
/** Of what a child writes on standard error, the end. */
const MAX_ERRORS = 4_000;

/** A program of ours that is run as a child, beside the module that asks for it. */
export function programBeside(url: string, name: string): URL {
  return new URL(`./${name}.${url.endsWith('.ts') ? 'ts' : 'js'}`, url);
}

/**
 * Runs a program with one task, in a process that may die; whatever comes of
 * it, none of its processes is left.
 */
export async function runChild(
  program: URL,
  task: object,
  limits: RunLimits,
  signal: AbortSignal,
  tell: (says: string) => void,
): Promise<RunEnd> {
  const child = startChild(program, limits);
  let stopped: string | undefined;
  const stop = (why: string): void => {
    stopped ??= why;
    stopChild(child);
  };
  const late = setTimeout(
    () => stop(`it took longer than ${limits.seconds} s`),
    limits.seconds * 1000,
  );
  const look = setInterval(() => {
    const used = memoryOf(child.pid);
    if (used > limits.memory) stop(`it took more than ${limits.memory} bytes of memory`);
  }, LOOK_MS);
  const aborted = () => stop('it was told to end');
  signal.addEventListener('abort', aborted, { once: true });
  if (signal.aborted) aborted();
  try {
    const end = await endOf(child, task, tell);
    return stopped === undefined ? end : { state: 'stopped', why: stopped };
  } finally {
    clearTimeout(late);
    clearInterval(look);
    signal.removeEventListener('abort', aborted);
    stopChild(child);
  }
}

/** Starts a program of ours that may die. */
export function startChild(program: URL, limits: RunLimits): ChildProcess {
  return fork(program, {
    // A group of its own, so that its children end with it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${Math.floor(limits.memory / 1024 ** 2)}`],
    env: environment(),
  });
}

/** What finding programs and fetching need: no key and no address of a database. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return Object.fromEntries(kept);
}

const KEPT =
  /^(?:PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_.*)$/i;

function endOf(child: ChildProcess, task: object, tell: (says: string) => void): Promise<RunEnd> {
  return new Promise((resolve) => {
    let errors = '';
    let end: RunEnd | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = `${errors}${text}`.slice(-MAX_ERRORS);
    });
    child.on('message', (news: News) => {
      if ('says' in news) tell(news.says);
      else if ('done' in news) end = { state: 'done', result: news.done };
      else end = { state: 'refused', ...news.refused };
    });
    child.once('error', (error) => resolve({ state: 'died', why: error.message }));
    child.once('exit', (code, signal) => {
      resolve(end ?? { state: 'died', why: `${signal ?? code}: ${errors.trim()}` });
    });
    child.send(task);
  });
}

/** Ends a child and all that it started. */
export function stopChild({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
