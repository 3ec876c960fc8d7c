import type { Digest } from '@avow/bytes';
import type { KeptStore } from '@avow/docket';
import { digestName, KeptObjects, type ObjectStore } from '@avow/stores/objects';

/** Bytes by their digest: artifacts, members, result documents, evidence. */
export interface ObjectPort extends KeptStore {
  /** A file's bytes. Refuses `object.digest` when they are not what they are called. */
  keepFile(path: string, digest: Digest): Promise<void>;
  /** Bytes from `from` to before `to`, as far as there are; undefined when it is not there. */
  readRange(digest: Digest, from: number, to: number): Promise<Uint8Array | undefined>;
}

export function objectsOver(store: ObjectStore): ObjectPort {
  const kept = new KeptObjects(store);
  return {
    keep: (bytes) => kept.keep(bytes),
    read: (digest) => kept.read(digest),
    keepFile: (path, digest) => kept.keepFile(path, digest),
    readRange: (digest, from, to) => store.get(digestName(digest), { from, to }),
  };
}
