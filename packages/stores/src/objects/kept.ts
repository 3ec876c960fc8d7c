import { type Digest, digestOf, Refused } from '@avow/bytes';
import type { KeptStore } from '@avow/docket';
import { digestOfFile } from './file-digest.ts';
import type { ObjectStore } from './store.ts';

/** Bytes by their digest in any object store: artifacts, evidence, results. */
export class KeptObjects implements KeptStore {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async keep(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.#objects.put(digestName(digest), bytes);
    return digest;
  }

  /** Refuses `object.digest` when the file is not what it is called. */
  async keepFile(file: string, digest: Digest): Promise<void> {
    const found = await digestOfFile(file);
    if (found !== digest) {
      throw new Refused('object.digest', undefined, `${digest} has the bytes of ${found}`);
    }
    await this.#objects.put(digestName(digest), { file });
  }

  /** Bytes that are not what they are called are not there. */
  async read(digest: Digest): Promise<Uint8Array | undefined> {
    if (!IS_DIGEST.test(digest)) return undefined;
    const bytes = await this.#objects.get(digestName(digest));
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined;
  }

  /** For what may be large. Whoever needs to be sure hashes it. */
  async stream(digest: Digest): Promise<AsyncIterable<Uint8Array> | undefined> {
    return IS_DIGEST.test(digest) ? this.#objects.stream(digestName(digest)) : undefined;
  }
}

const IS_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** `sha256/ab/cd…`: 256 folders, for file systems that slow down with many files in one. */
export function digestName(digest: Digest): string {
  const hex = digest.slice('sha256:'.length);
  return `sha256/${hex.slice(0, 2)}/${hex.slice(2)}`;
}
