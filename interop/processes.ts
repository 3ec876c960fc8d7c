import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end, or kills it after `seconds`. */
export async function run(program: string, args: readonly string[], seconds = 120): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = gather(child);
  const deadline = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(deadline);
  return { status, output: output() };
}

export interface Running {
  output(): string;
  stop(): Promise<void>;
}

/** Starts a server and waits until its output matches, or a URL answers. */
export async function start(
  program: string,
  args: readonly string[],
  isUp: RegExp | string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Running & { readonly match: RegExpExecArray | undefined }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const output = gather(child);
  const running = { output, stop: () => stop(child) };
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${output()}`);
    const match = typeof isUp === 'string' ? undefined : (isUp.exec(output()) ?? undefined);
    if (match !== undefined || (typeof isUp === 'string' && (await answers(isUp)))) {
      return { ...running, match };
    }
    await pause(100);
  }
  await stop(child);
  throw new Error(`${program} did not come up: ${output()}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(deadline);
}

function gather(child: ChildProcess): () => string {
  let text = '';
  const take = (data: Buffer) => {
    text = (text + data).slice(-100_000);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return () => text;
}
