import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Digest, Refused } from '@avow/bytes';

/** Bytes read from a file at once while it is digested. */
const PIECE_BYTES = 1024 * 1024;

/** Size and SHA-256 of a file, which is not held in memory. Refuses `product.unreadable`. */
export function digestFile(path: string): { readonly size: number; readonly digest: Digest } {
  return attempt(path, () => {
    const file = openSync(path, 'r');
    try {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, Math.max(fstatSync(file).size, 1)));
      const hash = createHash('sha256');
      let size = 0;
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
        hash.update(piece.subarray(0, read));
        size += read;
      }
      return { size, digest: `sha256:${hash.digest('hex')}` };
    } finally {
      closeSync(file);
    }
  });
}

/**
 * The whole of a file.
 *
 * Refuses `product.unreadable`, and `product.too-large` above `maxBytes`,
 * before anything of it is read.
 */
export function readWholeFile(path: string, maxBytes: number): Uint8Array {
  return attempt(path, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > maxBytes) {
        throw new Refused('product.too-large', undefined, `${path}: ${size} of ${maxBytes} bytes`);
      }
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        const read = readSync(file, bytes, filled, Math.min(size - filled, 2 ** 30), filled);
        if (read === 0) return bytes.subarray(0, filled);
        filled += read;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  });
}

/** Runs `read`; what the operating system refuses becomes `product.unreadable`, `product.missing`. */
export function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    if ('code' in error && error.code === 'ENOENT') {
      throw new Refused('product.missing', undefined, `${path} is not there`);
    }
    throw new Refused('product.unreadable', undefined, error.message);
  }
}
