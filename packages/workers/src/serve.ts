import { readSync, writeSync } from 'node:fs';
import { FrameReader, frameHeader, READY } from './frame.ts';
import { type ChildTask, decodeTask } from './task.ts';

const INPUT = 0;
const OUTPUT = 1;
const PIECE_BYTES = 1 << 16;

/** How long to wait when a pipe that should block says that it would. */
const AGAIN_MS = 2;

/**
 * The loop of a child process: reads tasks from standard input until it ends,
 * answers each on standard output. It blocks: a child has nothing else to do,
 * and one answer is out before the next module is begun, so that the pool
 * knows which module a dead child was reading.
 */
export async function serveTasks(read: (task: ChildTask) => Promise<string>): Promise<void> {
  writeFrame(READY, Buffer.alloc(0));
  const frames = new FrameReader();
  for (;;) {
    const piece = readPiece();
    if (piece.length === 0) return;
    for (const { number, payload } of frames.push(piece)) {
      writeFrame(number, Buffer.from(await read(decodeTask(payload))));
    }
  }
}

export function readPiece(): Buffer {
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (;;) {
    try {
      return piece.subarray(0, readSync(INPUT, piece, 0, PIECE_BYTES, null));
    } catch (error) {
      if (codeOf(error) === 'EOF') return piece.subarray(0, 0);
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
