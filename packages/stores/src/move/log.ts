import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import type { LogStore } from '@avow/log';
import { openLogFolder, PUBLIC_FOLDER } from '../log/folder.ts';
import { openLogObjects } from '../log/objects.ts';
import { type ObjectStore, openObjects } from '../objects/index.ts';
import { type CopiedObjects, copyObjects } from './objects.ts';

/**
 * Moves a log from its folder into an object store, below a prefix: public files,
 * what is journalled but in no tile yet, and the checkpoints last. Its writer
 * must have let go of it, and writes to the new place only from then on: a log
 * that goes on in two places is a fork, and witnesses will tell.
 *
 * Refuses `log.locked`, `move.not-empty` when a log was begun there, and
 * `move.differs`.
 */
export async function moveLog(
  folder: string,
  objects: ObjectStore,
  prefix: string,
): Promise<CopiedObjects> {
  const from = await openLogFolder(folder);
  try {
    const to = await openLogObjects(objects, prefix);
    try {
      if ((await to.readSigned()) !== undefined) {
        throw new Refused('move.not-empty', undefined, `a log was begun at ${prefix}`);
      }
      const copied = await copyPublic(folder, objects, prefix);
      await copyState(from, to);
      return copied;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** The tiles; the checkpoint is published once all that it promises is there. */
async function copyPublic(
  folder: string,
  objects: ObjectStore,
  prefix: string,
): Promise<CopiedObjects> {
  const files = await openObjects(`file:${join(folder, PUBLIC_FOLDER)}`);
  try {
    return await copyObjects(files, objects, '', (name) =>
      name === 'checkpoint' ? undefined : `${prefix}/public/${name}`,
    );
  } finally {
    await files.close();
  }
}

async function copyState(from: LogStore, to: LogStore): Promise<void> {
  for await (const batch of from.readJournal(0n)) await to.journal(batch);
  const [signed, published] = [await from.readSigned(), await from.readPublished()];
  if (signed !== undefined) await to.keepSigned(signed);
  if (published !== undefined) await to.publish(published);
}
