/**
 * Frames between a pool and its child processes, both ways over a pipe:
 * `u32 length of payload (little-endian) · u32 number · payload`.
 *
 * A frame to a child is a module (see `task.ts`), its number the task's. A
 * frame from a child is a reading as JSON, under the number of its task;
 * `READY` says, once, that rules and parsers are loaded.
 */
export const HEADER_BYTES = 8;

/** The number of the first frame of a child. */
export const READY = 0xffff_ffff;

/** A child is our own program reading hostile bytes: what it says is bounded too. */
export const MAX_FRAME_BYTES = 512 * 1024 * 1024;

export interface Frame {
  readonly number: number;
  readonly payload: Buffer;
}

export function frameHeader(number: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(payloadBytes, 0);
  header.writeUInt32LE(number, 4);
  return header;
}

/** Puts frames together from the pieces in which a pipe delivers them. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #size = 0;

  /** The frames that `piece` completes. Throws on a length no honest child sends. */
  push(piece: Buffer): Frame[] {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const frames: Frame[] = [];
    while (this.#size >= HEADER_BYTES) {
      const header = this.#joined(HEADER_BYTES);
      const length = header.readUInt32LE(0);
      if (length > MAX_FRAME_BYTES) throw new Error(`a frame of ${length} bytes was announced`);
      if (this.#size < HEADER_BYTES + length) break;
      const all = this.#joined(HEADER_BYTES + length);
      frames.push({
        number: all.readUInt32LE(4),
        payload: all.subarray(HEADER_BYTES, HEADER_BYTES + length),
      });
      this.#drop(HEADER_BYTES + length);
    }
    return frames;
  }

  /** At least `size` bytes in one piece; the pieces are joined only when they must be. */
  #joined(size: number): Buffer {
    if (this.#pieces[0]!.length < size) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }

  #drop(size: number): void {
    this.#pieces[0] = this.#pieces[0]!.subarray(size);
    this.#size -= size;
    if (this.#pieces[0].length === 0) this.#pieces.shift();
  }
}
