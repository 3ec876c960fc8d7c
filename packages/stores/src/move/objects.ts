import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Digest, digestOf, Refused } from '@avow/bytes';
import {
  type Content,
  digestName,
  digestOfFile,
  namesUnder,
  type ObjectStore,
} from '../objects/index.ts';

export interface CopiedObjects {
  readonly objects: number;
  readonly bytes: number;
}

/** Objects copied at once. */
const AT_ONCE = 8;

/**
 * Copies every object under a prefix. What is there already is compared, so it
 * can be done again after it broke off, and a second backup copies what is new.
 * An object that is removed while it runs is not copied, nor is one for which
 * `nameThere` gives nothing.
 *
 * Refuses `move.differs` for an object that is not what its name says, at the
 * source or the target, and for one that is at the target with other bytes.
 */
export async function copyObjects(
  from: ObjectStore,
  to: ObjectStore,
  prefix = '',
  nameThere: (name: string) => string | undefined = (name) => name,
): Promise<CopiedObjects> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-copy-'));
  const names = namesUnder(from, prefix);
  let objects = 0;
  let bytes = 0;
  const worker = async (lane: number) => {
    for await (const name of names) {
      const there = nameThere(name);
      if (there === undefined) continue;
      const size = await copyObject(from, to, [name, there], join(folder, `${lane}`));
      if (size === undefined) continue;
      objects++;
      bytes += size;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => worker(lane)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { objects, bytes };
}

async function copyObject(
  from: ObjectStore,
  to: ObjectStore,
  [name, there]: readonly [name: string, there: string],
  file: string,
): Promise<number | undefined> {
  const size = await from.size(name);
  if (size === undefined) return undefined;
  const content = size <= MAX_IN_MEMORY ? await from.get(name) : await toFile(from, name, file);
  if (content === undefined) return undefined;
  const digest = await digestOfContent(content);
  holdToName(name, digest);
  if (await to.put(there, content)) return size;
  const present = await to.stream(there);
  if (present === undefined || (await digestOfPieces(present)) !== digest) {
    throw new Refused('move.differs', undefined, `${there} is at the target with other bytes`);
  }
  return size;
}

/** Larger objects go by way of a file. */
const MAX_IN_MEMORY = 4 << 20;

async function toFile(from: ObjectStore, name: string, file: string): Promise<Content | undefined> {
  const pieces = await from.stream(name);
  if (pieces === undefined) return undefined;
  await pipeline(pieces, createWriteStream(file));
  return { file };
}

async function digestOfContent(content: Content): Promise<Digest> {
  return content instanceof Uint8Array ? digestOf(content) : digestOfFile(content.file);
}

async function digestOfPieces(pieces: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}

function holdToName(name: string, digest: Digest): void {
  if (!name.startsWith('sha256/') || name === digestName(digest)) return;
  throw new Refused('move.differs', undefined, `${name} has the bytes of ${digest}`);
}

/** Removes what the other has no more: erased evidence must not live on in a backup. */
export async function removeOthers(from: ObjectStore, as: ObjectStore): Promise<void> {
  for await (const name of namesUnder(from, '')) {
    if ((await as.size(name)) === undefined) await from.remove(name);
  }
}
