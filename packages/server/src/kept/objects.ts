import { readFile } from 'node:fs/promises';
import { type Digest, Refused } from '@avow/bytes';
import type { KeptStore } from '@avow/docket';

/** Bytes by their digest: artifacts, members, result documents, evidence. */
export interface ObjectPort extends KeptStore {
  /** A file's bytes. Refuses `object.digest` when they are not what they are called. */
  keepFile(path: string, digest: Digest): Promise<void>;
}

export function objectsOver(kept: KeptStore): ObjectPort {
  return {
    keep: (bytes) => kept.keep(bytes),
    read: (digest) => kept.read(digest),
    keepFile: async (path, digest) => {
      const found = await kept.keep(await readFile(path));
      if (found !== digest) {
        throw new Refused('object.digest', undefined, `${digest} has the bytes of ${found}`);
      }
    },
  };
}
