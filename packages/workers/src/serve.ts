import { readSync, writeSync } from 'node:fs';
import { type Frame, frameHeader, HEADER_BYTES, READY } from './frame.ts';
import { type ChildTask, decodeTask, isFlowJob, isOutsideRules } from './task.ts';

const INPUT = 0;
const OUTPUT = 1;

/** How long to wait when a pipe that should block says that it would. */
const AGAIN_MS = 2;

/** What a child does with a frame. */
export interface Service {
  /** The reading of a module, as JSON. */
  read(task: ChildTask): Promise<string>;
  /** Takes part in the conversation about a product's data, from the job's JSON to the result. */
  follow(job: string): Promise<void>;
  /** Rules of someone else, as JSON, that native modules are tried on from now on. */
  takeRules?(json: string): void;
}

/**
 * The loop of a child process: reads frames from standard input until it ends,
 * answers each on standard output. It blocks: a child has nothing else to do,
 * and one answer is out before the next module is begun, so that the pool
 * knows which module a dead child was reading.
 */
export async function serve(service: Service): Promise<void> {
  writeFrame(READY, Buffer.alloc(0));
  for (let frame = readFrame(SCRATCH); frame !== undefined; frame = readFrame(SCRATCH)) {
    const { number, payload } = frame;
    if (isOutsideRules(payload)) service.takeRules?.(payload.toString('utf8', 1));
    else if (isFlowJob(payload)) await service.follow(payload.toString('utf8', 1));
    else writeFrame(number, Buffer.from(await service.read(decodeTask(payload))));
  }
}

/**
 * The next frame, read into place; undefined when the input has ended. Read
 * into `scratch`, it is valid until the next.
 */
export function readFrame(scratch?: Scratch): Frame | undefined {
  const header = readExactly(Buffer.allocUnsafe(HEADER_BYTES));
  if (header === undefined) return undefined;
  const size = header.readUInt32LE(0);
  const payload = readExactly(scratch?.of(size) ?? Buffer.allocUnsafeSlow(size));
  return payload === undefined ? undefined : { number: header.readUInt32LE(4), payload };
}

/** One piece of memory for one frame after another; what is larger gets its own. */
class Scratch {
  readonly #bytes = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  of(size: number): Buffer {
    return size > SCRATCH_BYTES ? Buffer.allocUnsafeSlow(size) : this.#bytes.subarray(0, size);
  }
}

/** Above the size of nearly all modules; the others are few. */
const SCRATCH_BYTES = 1 << 20;
const SCRATCH = new Scratch();

function readExactly(bytes: Buffer): Buffer | undefined {
  for (let at = 0; at < bytes.length; ) {
    const count = readSome(bytes, at);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

/** Reads into `bytes` from `at`; 0 when the input has ended. */
function readSome(bytes: Buffer, at: number): number {
  for (;;) {
    try {
      return readSync(INPUT, bytes, at, bytes.length - at, null);
    } catch (error) {
      if (codeOf(error) === 'EOF') return 0;
      if (codeOf(error) !== 'EAGAIN') throw error;
      sleep(AGAIN_MS);
    }
  }
}

export function writeFrame(number: number, payload: Buffer): void {
  writeAll(Buffer.concat([frameHeader(number, payload.length), payload]));
}

function writeAll(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(OUTPUT, bytes, written);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      sleep(AGAIN_MS);
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
