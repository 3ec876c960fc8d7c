import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Digest, digestOf } from '@avow/bytes';
import { containing, type FlowJob, type FlowResult } from '@avow/examine/product';
import { type Frame, FrameReader, frameHeader, READY } from '../frame.ts';
import type { ReadingStore } from '../reader.ts';
import { environment } from '../worker.ts';
import { Ask, sentJob } from './protocol.ts';

export interface FollowerOptions {
  readonly engine: Digest;
  readonly rules: Digest;
  readonly store?: ReadingStore;
  /** Wall time for one product in milliseconds. Above it: `flow.unfinished`, nothing is called clean. */
  readonly productMs?: number;
  /** V8 heap of the child, in MiB. */
  readonly heapMiB?: number;
}

/**
 * Steps are bounded by count, which is the same on every machine; this bounds
 * what counts cannot. The largest of the bench packages takes a twentieth.
 */
export const FLOW_PRODUCT_MS = 120_000;

/** Trees of the modules that data reaches are held together. */
export const FLOW_HEAP_MIB = 1_024;

/**
 * Below this the data is followed right here: a child costs about 150 ms of
 * CPU to start. Only parsers in JavaScript read it then, which throw where
 * the native one dies.
 */
const BYTES_FOR_A_CHILD = 300_000;

/** Follows data between the modules of a product, in a child process that may die of it. */
export class FlowFollower {
  readonly #options: FollowerOptions;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The same job gives the same result, kept under a digest of all that it depends on. */
  async follow(job: FlowJob): Promise<FlowResult> {
    const text = JSON.stringify(sentJob(job));
    const { engine, rules, store } = this.#options;
    const key = digestOf(['flows', engine, rules, text].join('\n')).slice('sha256:'.length);
    const kept = store?.read([key]).get(key);
    if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString());
    const result = isSmall(job) ? await here(job) : await this.#inChild(job, text);
    // What the machine's limits stopped may be known on another day.
    if (result !== undefined) {
      store?.write([[key, Buffer.from(JSON.stringify(result))]]);
      return result;
    }
    const unfinished = job.modules.map(({ path }) => ({ path, reason: 'stopped' as const }));
    return { flows: [], unfinished };
  }

  /** Undefined when the child ended before it gave a result. */
  async #inChild(job: FlowJob, text: string): Promise<FlowResult | undefined> {
    const { productMs = FLOW_PRODUCT_MS, heapMiB = FLOW_HEAP_MIB } = this.#options;
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${heapMiB}`, '--disable-warning=ExperimentalWarning', childProgram()],
      { stdio: ['pipe', 'pipe', 'ignore'], env: environment(), windowsHide: true },
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), productMs);
    try {
      return await converse(child, job, text);
    } finally {
      clearTimeout(timer);
      child.kill('SIGKILL');
    }
  }
}

function childProgram(): string {
  const file = import.meta.url.endsWith('.ts') ? './child.ts' : './child.js';
  return fileURLToPath(new URL(file, import.meta.url));
}

function isSmall({ tasks }: FlowJob): boolean {
  let bytes = 0;
  for (const task of tasks.values()) bytes += task.bytes.length;
  return bytes < BYTES_FOR_A_CHILD;
}

async function here(job: FlowJob): Promise<FlowResult> {
  const { followData, inputOf, parseTask } = await import('@avow/examine/flow');
  return followData(inputOf(job, (task) => parseTask(task)));
}

/** Sends the job, answers what the child asks, gives its result; undefined when it ends without one. */
function converse(
  child: ChildProcess,
  job: FlowJob,
  text: string,
): Promise<FlowResult | undefined> {
  const find = containing(job.tasks);
  const frames = new FrameReader();
  const send = (bytes: Uint8Array): void => {
    child.stdin!.write(frameHeader(0, bytes.length));
    child.stdin!.write(bytes);
  };
  return new Promise((resolve, reject) => {
    const receive = ({ number, payload }: Frame): void => {
      switch (number) {
        case READY:
          send(Buffer.from(text));
          break;
        case Ask.bytes:
          send(job.tasks.get(payload.toString())!.bytes);
          break;
        case Ask.containing:
          send(Buffer.from(JSON.stringify(find(payload.toString()))));
          break;
        case Ask.result:
          resolve(JSON.parse(payload.toString()));
          break;
        default:
          reject(new Error(`the child that follows data said ${number}`));
      }
    };
    child.stdout!.on('data', (piece: Buffer) => {
      for (const frame of frames.push(piece)) receive(frame);
    });
    child.stdin!.on('error', () => {}); // A dead child is told by its exit.
    child.on('error', reject);
    child.on('close', () => resolve(undefined));
  });
}
