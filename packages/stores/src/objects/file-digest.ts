import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '@avow/bytes';

/** SHA-256 of a file, in pieces. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}
