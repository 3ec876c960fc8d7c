import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, run, start } from './processes.ts';

const AVOW = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'avow.js');

export function avow(args: readonly string[], seconds?: number) {
  return run(process.execPath, [AVOW, ...args], seconds);
}

/** Starts a command of avow that serves; gives where. */
export async function serve(args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = await start(process.execPath, [AVOW, ...args], /at (http:\S+)\n/);
  return { ...running, url: running.match![1]! };
}

/** A folder for one run, and what has to be stopped at its end. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'avow-interop-'));
  readonly #running: Running[] = [];

  path(name: string): string {
    return join(this.folder, name);
  }

  keep<R extends Running>(running: R): R {
    this.#running.push(running);
    return running;
  }

  async clear(): Promise<void> {
    for (const running of this.#running.splice(0).reverse()) await running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Makes a log whose checkpoints need what `policy` says beside its own line. */
export async function makeLog(
  bench: Bench,
  name: string,
  policy?: string,
): Promise<{ readonly folder: string; readonly origin: string; readonly key: string }> {
  const folder = bench.path(name);
  const origin = `log.example/${name}`;
  const policyArgs = policy === undefined ? [] : ['--policy', policy];
  const { status, output } = await avow(['log', 'init', folder, '--origin', origin, ...policyArgs]);
  if (status !== 0) throw new Error(output);
  return { folder, origin, key: readFileSync(join(folder, 'log.pub'), 'utf8').trim() };
}

/** Appends entries one after another; gives the number of the last. */
export async function append(url: string, entries: readonly string[]): Promise<bigint> {
  let last = -1n;
  for (const entry of entries) {
    const response = await fetch(`${url}add`, { method: 'POST', body: entry });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST /add: ${response.status} ${text}`);
    last = BigInt(text.trim());
  }
  return last;
}

/** The published checkpoint, once it has at least `size` entries. */
export async function checkpointOf(url: string, size: bigint): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(`${url}checkpoint`);
    const text = await response.text();
    if (response.ok && BigInt(text.split('\n')[1]!) >= size) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no checkpoint of ${size} entries within 10 s`);
}
